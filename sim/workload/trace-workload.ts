/**
 * Requests of a trace, again: faster or slower to have the rate that is asked for, laid over itself as often
 * as is asked for, and from its beginning again when it ends.
 *
 *     trace      |a b  c d|              each copy begins elsewhere in it, by chance, so that
 *     copy 0        |c d a b  c d …      runs with other seeds are other runs
 *     copy 1      |b  c d a …
 */
import { assert } from '../../src/core/assert.ts'
import { MeshError } from '../../src/core/errors.ts'
import { EventQueue } from '../event-queue.ts'
import type { ArrivalsScenario, RequestClass, WorkloadScenario } from '../scenario/workload.ts'
import type { SimRequest, Workload } from './request.ts'
import { createSenders, type Sender } from './senders.ts'
import { createStreams, type Streams } from './streams.ts'
import type { TraceRow } from './trace.ts'
import { TraceContent } from './trace-content.ts'

export interface TraceInit {
  readonly scenario: WorkloadScenario
  readonly durationMs: number
  readonly seed: number
  readonly ingressCount: number
  readonly requestsPerSecond: number
  readonly trace: readonly TraceRow[]
}

export function createTraceWorkload(init: TraceInit): Workload {
  return new TraceWorkload(init)
}

type TraceArrivals = Extract<ArrivalsScenario, { type: 'trace' }>

/** Of all copies together, in the time of the trace. */
export function traceRequestsPerSecond(trace: readonly TraceRow[], copies: number): number {
  return (1_000 * copies * trace.length) / spanMsOf(trace)
}

/** From the first row to where the first would come again: a mean gap behind the last. */
function spanMsOf(trace: readonly TraceRow[]): number {
  const lastMs = trace.at(-1)?.atMs ?? 0
  return lastMs === 0 ? 1_000 : lastMs + lastMs / (trace.length - 1)
}

/** One pass through the trace after the other. */
interface Copy {
  readonly index: number
  /** Where in the trace it begins. */
  readonly offsetMs: number
  row: number
  /** How often it has come to the end. */
  rounds: number
}

class TraceWorkload implements Workload {
  readonly #init: TraceInit
  readonly #arrivals: TraceArrivals
  readonly #streams: Streams
  readonly #nextSender: () => Sender
  readonly #classes: ReadonlyMap<string, RequestClass>
  readonly #content: TraceContent
  readonly #spanMs: number
  /** Milliseconds of the run for one of the trace. */
  readonly #stretch: number
  readonly #copies = new EventQueue()
  #due: Copy | undefined
  #count = 0

  constructor(init: TraceInit) {
    const { scenario, seed, trace, requestsPerSecond } = init
    const { arrivals } = scenario
    assert(arrivals.type === 'trace' && trace.length > 0, 'there is a trace to replay')
    this.#init = init
    this.#arrivals = arrivals
    this.#streams = createStreams(seed)
    this.#nextSender = createSenders(scenario, this.#streams)
    this.#classes = languageClassesOf(scenario.classes)
    this.#content = new TraceContent(trace)
    this.#spanMs = spanMsOf(trace)
    this.#stretch = traceRequestsPerSecond(trace, arrivals.copies) / requestsPerSecond
    for (let index = 0; index < arrivals.copies; index += 1) this.#plan(this.#copyOf(index))
  }

  next(): SimRequest | undefined {
    const first = this.#copies.firstAtMs
    if (first === undefined || first >= this.#init.durationMs) return undefined
    this.#copies.take()?.run()
    const copy = this.#due as Copy
    const request = this.#requestOf(copy, first)
    copy.row += 1
    if (copy.row === this.#init.trace.length) {
      copy.row = 0
      copy.rounds += 1
    }
    this.#plan(copy)
    return request
  }

  #copyOf(index: number): Copy {
    const drawnMs = this.#streams.traceOffsets.next() * this.#spanMs
    const isFirst = index === 0 && this.#arrivals.begin === 'first'
    const offsetMs = isFirst ? 0 : drawnMs
    const { trace } = this.#init
    const found = trace.findIndex(({ atMs }) => atMs >= offsetMs)
    // Behind the last row, the first of the next round is next.
    return found === -1
      ? { index, offsetMs, row: 0, rounds: 1 }
      : { index, offsetMs, row: found, rounds: 0 }
  }

  #plan(copy: Copy): void {
    const { atMs } = this.#init.trace[copy.row] as TraceRow
    const inTraceMs = copy.rounds * this.#spanMs + atMs - copy.offsetMs
    this.#copies.add(inTraceMs * this.#stretch, () => {
      this.#due = copy
    })
  }

  #requestOf(copy: Copy, atMs: number): SimRequest {
    const { scenario, ingressCount, trace } = this.#init
    const row = trace[copy.row] as TraceRow
    const { outputTokensMax } = this.#classes.get(row.model) ?? throwNoClass(row.model)
    // Later rounds are other conversations too.
    const round = copy.rounds * this.#arrivals.copies + copy.index
    const sender = this.#nextSender()
    const index = this.#count
    this.#count += 1
    return {
      index,
      atMs,
      kind: 'llm',
      model: row.model,
      inputTokens: row.inputTokens,
      outputTokens: Math.min(row.outputTokens, outputTokensMax ?? Number.POSITIVE_INFINITY),
      outputTokensMax,
      units: 0,
      tenant: row.tenant ?? sender.tenant,
      priority: row.priority ?? sender.priority,
      beginWithinMs: scenario.beginWithinMs,
      ingress: this.#streams.ingresses.nextIndex(ingressCount),
      blocks: this.#content.blocksOf(row, round),
      prefix: this.#content.prefixOf(row, round),
    }
  }
}

/** Model → its class. Traces are of language models. */
export function languageClassesOf(
  classes: readonly RequestClass[],
): ReadonlyMap<string, RequestClass> {
  return new Map(classes.filter(({ kind }) => kind === 'llm').map(each => [each.model, each]))
}

export function throwNoClass(model: string): never {
  throw new MeshError(
    `expected a class in workload.classes for each model of the trace, found none for ${JSON.stringify(model)}`,
    { code: 'ERR_CONFIG', details: { model }, hint: 'Add a class of kind llm with this model.' },
  )
}
