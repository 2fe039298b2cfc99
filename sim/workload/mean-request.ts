/**
 * What the mean request of each class is: what a load is worth, before it is there.
 *
 * From the formulas of the distributions where these say it. Where a bound cuts them off or turns
 * build on one another, from conversations drawn with a seed of their own.
 */
import type { RequestClass, WorkloadScenario } from '../scenario/workload.ts'
import { createConversationSource, isUnconnected } from './conversations.ts'
import { meanOf, secondMomentOf } from './distribution-sampler.ts'
import { createStreams } from './streams.ts'
import type { TraceRow } from './trace.ts'
import { languageClassesOf, throwNoClass } from './trace-workload.ts'

export interface MeanRequest {
  readonly class: RequestClass
  /** Of all requests. */
  readonly ratio: number
  /** The whole prompt. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** Prompt and answer so far, in the mean over all tokens that are made. */
  readonly contextTokens: number
  readonly units: number
  /** Turns of one conversation. */
  readonly turns: number
}

/** The mean of 100,000 requests whose deviation is twice their mean is off by less than 2 %. */
const SAMPLES = 100_000
const SAMPLE_SEED = 0

export function meanRequestsOf(workload: WorkloadScenario): readonly MeanRequest[] {
  const total = workload.classes.reduce((sum, { share }) => sum + share, 0)
  return workload.classes.map(requestClass => {
    const ratio = requestClass.share / total
    return { class: requestClass, ratio, ...sizesOf(workload, requestClass) }
  })
}

/** @throws MeshError ERR_CONFIG if the trace has a model that no class has. */
export function meanRequestsOfTrace(
  { classes }: WorkloadScenario,
  trace: readonly TraceRow[],
): readonly MeanRequest[] {
  const sums = new Map<string, SizeSums>()
  const classOf = languageClassesOf(classes)
  for (const { model, inputTokens, outputTokens } of trace) {
    const { outputTokensMax = outputTokens } = classOf.get(model) ?? throwNoClass(model)
    const sum = sums.get(model) ?? new SizeSums()
    sums.set(model, sum)
    sum.add({ inputTokens, outputTokens: Math.min(outputTokens, outputTokensMax) })
  }
  return Array.from(sums, ([model, sum]) => ({
    class: classOf.get(model) as RequestClass,
    ratio: sum.count / trace.length,
    ...sum.means,
    units: 0,
    turns: 1,
  }))
}

type Sizes = Omit<MeanRequest, 'class' | 'ratio'>

function sizesOf(workload: WorkloadScenario, requestClass: RequestClass): Sizes {
  const { kind, inputTokens, outputTokens, units, outputTokensMax } = requestClass
  if (kind !== 'llm') {
    const noTokens = { inputTokens: 0, outputTokens: 0, contextTokens: 0 }
    return { ...noTokens, units: meanOf(units), turns: 1 }
  }
  if (!isUnconnected(workload) || outputTokensMax !== undefined) {
    return sampledSizes(workload, requestClass)
  }
  const input = Math.max(1, meanOf(inputTokens))
  const output = Math.max(1, meanOf(outputTokens))
  const contextTokens = input + secondMomentOf(outputTokens) / (2 * output)
  return { inputTokens: input, outputTokens: output, contextTokens, units: 0, turns: 1 }
}

function sampledSizes(workload: WorkloadScenario, requestClass: RequestClass): Sizes {
  const ofClass = { ...workload, classes: [requestClass] }
  const source = createConversationSource(ofClass, [1], createStreams(SAMPLE_SEED))
  const sums = new SizeSums()
  let conversationCount = 0
  while (sums.count < SAMPLES) {
    conversationCount += 1
    for (const turn of source.next().turns) sums.add(turn)
  }
  return { ...sums.means, units: 0, turns: sums.count / conversationCount }
}

/** Adds up requests of language models. */
class SizeSums {
  count = 0
  #inputTokens = 0
  #outputTokens = 0
  /** Over all tokens that are made. */
  #contextTokens = 0

  add({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): void {
    this.count += 1
    this.#inputTokens += inputTokens
    this.#outputTokens += outputTokens
    this.#contextTokens += outputTokens * (inputTokens + outputTokens / 2)
  }

  get means(): Pick<Sizes, 'inputTokens' | 'outputTokens' | 'contextTokens'> {
    return {
      inputTokens: this.#inputTokens / this.count,
      outputTokens: this.#outputTokens / this.count,
      contextTokens: this.#contextTokens / this.#outputTokens,
    }
  }
}
