/**
 * The queue in front of one engine, for one model: who starts, who waits, who is told to go
 * elsewhere.
 *
 *     request-arrived --> starts at once | waits --> starts | displaced | too late | gives up
 *                     '-> refused: the queue is full, the memory is, or its deadline cannot be met
 *
 * An engine serves first come, first served, and whatever it was given it has. So no more is
 * released to it than it works on at once: what waits, waits here, where what is urgent overtakes,
 * tenants get their share, and who gives up costs nothing. `waiting-room.ts` has the order. How many that
 * is, it is told, or sees sooner or later if it is told too much (`learned-parallel.ts`).
 *
 * Memory is judged by the rank that a request has by now: what has aged to the top may fill the
 * cache as far as what is critical may. Whoever is next and finds no memory is passed over by what is of
 * a higher priority of its own and finds some, `PASSES_MAX` times in a row. Then the place is kept
 * free until it fits, so that what is large starts even if what is small never ends.
 *
 * A refusal is meant for the ingress, which sends the request to the next peer; if that was the
 * last, it tells the client when to come back: when the work before it will be done.
 *
 * An ingress that chose by old news says how much may be read before its request; if it is more, the
 * request is refused at once, since somebody else is better then (`bounce-limit.ts`).
 *
 * Every request that arrives is released, refused or cancelled, once.
 */
import { assert } from '../../core/assert.ts'
import { type Machine, NEVER } from '../../core/machine.ts'
import { LearnedParallel } from './learned-parallel.ts'
import { cacheVerdict, type MemoryVerdict } from './memory.ts'
import { TenantCounters, type Tokens } from './tenant-counters.ts'
import { type Waiting, WaitingRoom } from './waiting-room.ts'

export interface AdmissionRequest extends Omit<Waiting, 'atMs'> {
  /** How large the share of its tenant is, relative to others. */
  readonly weight: number
  /** Whether its answer begins before all of it is made. */
  readonly isStream: boolean
  /** When the answer must have begun. `NEVER`: whenever. */
  readonly beginByMs: number
  /** It is refused if the prompts before it take longer to read. `undefined`: whatever it takes. */
  readonly readWaitMaxMs?: number | undefined
}

/** The engine, as it is at the time of an event. */
export interface EngineState {
  /** Requests it works on at once. 0: it does not say. */
  readonly parallelMax: number
  /** Tokens that fit in one place of its batch. 0: it does not say. */
  readonly contextTokens: number
  /** Requests that wait inside it, whoever sent them. */
  readonly queuedCount: number
  /** Requests it works on, whoever sent them. */
  readonly runningCount: number
  readonly prefillTokensLeft: number
  readonly decodeTokensLeft: number
  /** 0: not measured. */
  readonly prefillTokensPerSecond: number
  /** 0: not measured. */
  readonly decodeTokensPerSecond: number
  readonly kvUsedRatio?: number | undefined
  /** How old that is. */
  readonly metricsAgeMs?: number | undefined
}

type RefusalReason = 'queue-full' | 'displaced' | 'deadline' | 'memory' | 'busier'

export type AdmissionEvent = { readonly engine: EngineState } & (
  | { readonly type: 'request-arrived'; readonly request: AdmissionRequest }
  /** One that was released has ended. */
  | { readonly type: 'request-ended'; readonly id: string; readonly used?: Tokens | undefined }
  /** One that waits is not wanted any more. */
  | { readonly type: 'request-cancelled'; readonly id: string }
  | { readonly type: 'tick' }
)

export type AdmissionEffect =
  | { readonly type: 'release'; readonly id: string }
  | {
      readonly type: 'refuse'
      readonly id: string
      readonly reason: RefusalReason
      /** Until the work before it is done. `undefined`: the engine's speed is not known. */
      readonly waitMs: number | undefined
    }

export interface AdmissionOptions {
  readonly queueLengthMax: number
  readonly ageingMs: number
  readonly memoryAcceptRatio: number
  readonly memoryRejectRatio: number
  readonly tenantsMax: number
}

/** Requests that start before one that is next and finds no memory. */
const PASSES_MAX = 16

interface Item extends AdmissionRequest {
  readonly atMs: number
}

interface Running {
  readonly item: Item
  readonly releasedAtMs: number
}

export class AdmissionQueue implements Machine<AdmissionEvent, AdmissionEffect> {
  readonly #options: AdmissionOptions
  readonly #room = new WaitingRoom<Item>()
  readonly #counters: TenantCounters
  /** Those that wait, at most `queueLengthMax`. */
  readonly #waiting = new Map<string, Item>()
  /** Those that were released and have not ended. */
  readonly #running = new Map<string, Running>()
  #lastReleasedAtMs = Number.NEGATIVE_INFINITY
  /** As many ran at once at least, and nothing waited inside the engine. */
  #measuredParallel = 1
  readonly #learned = new LearnedParallel()
  /** Started one after the other while somebody else was next. At most `PASSES_MAX`. */
  #passedCount = 0
  #wakeAtMs = NEVER

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#counters = new TenantCounters(options.tenantsMax)
  }

  /** The first deadline of those that wait, or earlier. */
  get wakeAtMs(): number {
    return this.#waiting.size === 0 ? NEVER : this.#wakeAtMs
  }

  get waitingCount(): number {
    return this.#waiting.size
  }

  get runningCount(): number {
    return this.#running.size
  }

  /** Tenants whose use is remembered. */
  get tenantCount(): number {
    return this.#counters.count
  }

  /** Of those that wait. */
  get waitingTokens(): Tokens {
    return this.#room.total()
  }

  step(event: AdmissionEvent, nowMs: number): readonly AdmissionEffect[] {
    this.#learned.observe(event.engine, nowMs)
    switch (event.type) {
      case 'request-arrived':
        return this.#arrive({ ...event.request, atMs: nowMs }, event.engine, nowMs)
      case 'request-ended':
        this.#end(event.id, event.used)
        return this.#releaseAll(event.engine, nowMs)
      case 'request-cancelled':
        this.#leave(event.id)
        return []
      case 'tick':
        return [...this.#refuseLate(event.engine, nowMs), ...this.#releaseAll(event.engine, nowMs)]
    }
  }

  #arrive(item: Item, engine: EngineState, nowMs: number): readonly AdmissionEffect[] {
    assert(!this.#waiting.has(item.id) && !this.#running.has(item.id), 'a request arrives once')
    if (this.#isBusierThan(item, engine)) return [this.#refusal(item, 'busier', engine)]
    const wouldStart = this.#waiting.size === 0 && this.#hasPlace(engine)
    const memory = wouldStart ? this.#memoryFor(item, engine, nowMs) : undefined
    if (memory === 'reject') return [this.#refusal(item, 'memory', engine)]
    if (memory === 'accept') {
      this.#beginsToWait(item)
      this.#passedCount = 0
      return [this.#start(item, nowMs), ...this.#releaseAll(engine, nowMs)]
    }
    if (!wouldStart && this.#isTooLate(item, engine, nowMs)) {
      return [this.#refusal(item, 'deadline', engine)]
    }
    const effects: AdmissionEffect[] = []
    if (!wouldStart && this.#waiting.size >= this.#options.queueLengthMax) {
      const victim = this.#room.victimOf(item)
      if (victim === undefined) return [this.#refusal(item, 'queue-full', engine)]
      this.#leave(victim.id)
      effects.push(this.#refusal(victim, 'displaced', engine))
    }
    this.#enter(item)
    return [...effects, ...this.#releaseAll(engine, nowMs)]
  }

  #enter(item: Item): void {
    this.#beginsToWait(item)
    this.#room.add(item)
    this.#waiting.set(item.id, item)
  }

  /** Be it for no time at all. */
  #beginsToWait({ tenant, beginByMs }: Item): void {
    if (!this.#room.has(tenant)) this.#counters.arrived(tenant, this.#room.tenants())
    this.#wakeAtMs = Math.min(this.#wakeAtMs, beginByMs)
  }

  #start(item: Item, nowMs: number): AdmissionEffect {
    this.#running.set(item.id, { item, releasedAtMs: nowMs })
    this.#lastReleasedAtMs = nowMs
    this.#counters.served(item)
    return { type: 'release', id: item.id }
  }

  #leave(id: string): void {
    const item = this.#waiting.get(id)
    if (item === undefined) return
    this.#waiting.delete(id)
    this.#room.remove(item)
  }

  #end(id: string, used: Tokens | undefined): void {
    const item = this.#running.get(id)?.item
    if (item === undefined) return
    this.#running.delete(id)
    if (used !== undefined) this.#counters.ended(item, used)
  }

  /** Everyone for whom there is a place and memory, in order. */
  #releaseAll(engine: EngineState, nowMs: number): AdmissionEffect[] {
    const effects: AdmissionEffect[] = []
    while (this.#hasPlace(engine) && this.#waiting.size > 0) {
      const item = this.#nextFitting(engine, nowMs)
      if (item === undefined) break
      this.#room.take(item, nowMs)
      this.#waiting.delete(item.id)
      effects.push(this.#start(item, nowMs))
    }
    return effects
  }

  /** Who starts now. What waits has been let in: it gets its memory when others have given theirs back. */
  #nextFitting(engine: EngineState, nowMs: number): Item | undefined {
    const { ageingMs } = this.#options
    const rules = { ageingMs, hadBy: (tenant: string) => this.#counters.of(tenant) }
    let next = this.#room.next(nowMs, rules)
    let isHead = true
    // Each time only what is higher is left.
    while (next !== undefined) {
      const { item, priority } = next
      if (this.#memoryFor(item, engine, nowMs, priority) === 'accept') {
        this.#passedCount = isHead ? 0 : this.#passedCount + 1
        return item
      }
      if (this.#passedCount >= PASSES_MAX) return undefined
      isHead = false
      next = this.#room.next(nowMs, { ...rules, above: item.priority })
    }
    return undefined
  }

  #refuseLate(engine: EngineState, nowMs: number): AdmissionEffect[] {
    const late = [...this.#waiting.values()].filter(({ beginByMs }) => beginByMs <= nowMs)
    for (const { id } of late) this.#leave(id)
    this.#wakeAtMs = NEVER
    for (const { beginByMs } of this.#waiting.values()) {
      this.#wakeAtMs = Math.min(this.#wakeAtMs, beginByMs)
    }
    return late.map(item => this.#refusal(item, 'deadline', engine))
  }

  /** Of an engine that does not say how many it takes, as many as it has taken without a queue. */
  #hasPlace({ parallelMax, queuedCount }: EngineState): boolean {
    const runningCount = this.#running.size
    if (parallelMax > 0) return runningCount < this.#learned.limit(parallelMax)
    if (queuedCount === 0) this.#measuredParallel = Math.max(this.#measuredParallel, runningCount)
    return queuedCount === 0 || runningCount < this.#measuredParallel
  }

  #memoryFor(
    item: Item,
    engine: EngineState,
    nowMs: number,
    priority = item.priority,
  ): MemoryVerdict {
    const { memoryAcceptRatio: acceptRatio, memoryRejectRatio: rejectRatio } = this.#options
    if (engine.kvUsedRatio === undefined) return 'accept'
    const readAtMs = nowMs - (engine.metricsAgeMs ?? 0)
    const { kvUsedRatio, contextTokens, parallelMax } = engine
    const runningCount = this.#running.size
    const unseenTokens = this.#tokensReleasedSince(readAtMs)
    const use = { kvUsedRatio, contextTokens, parallelMax, runningCount, unseenTokens }
    const tokens = item.inputTokens + item.outputTokens
    return cacheVerdict(tokens, priority, use, { acceptRatio, rejectRatio })
  }

  /** Whether more is to be read before it than its ingress thought. Not known counts as no. */
  #isBusierThan(item: Item, engine: EngineState): boolean {
    const { prefillTokensLeft, prefillTokensPerSecond } = engine
    if (item.readWaitMaxMs === undefined || prefillTokensPerSecond === 0) return false
    const waitingTokens = this.#room.workAhead(item, ({ inputTokens }) => inputTokens)
    const readMs = (1_000 * (prefillTokensLeft + waitingTokens)) / prefillTokensPerSecond
    return readMs > item.readWaitMaxMs
  }

  /** Of those that run. */
  #tokensReleasedSince(sinceMs: number): number {
    let tokens = 0
    if (this.#lastReleasedAtMs < sinceMs) return tokens
    for (const { item, releasedAtMs } of this.#running.values()) {
      if (releasedAtMs >= sinceMs) tokens += item.inputTokens + item.outputTokens
    }
    return tokens
  }

  /** Whether its answer cannot begin in time, as far as anybody knows. */
  #isTooLate(item: Item, engine: EngineState, nowMs: number): boolean {
    const waitMs = item.beginByMs === NEVER ? undefined : this.#waitMs(item, engine)
    if (waitMs === undefined) return false
    const { inputTokens, outputTokens } = item
    const headMs = workMs(engine, { inputTokens, outputTokens: item.isStream ? 0 : outputTokens })
    return nowMs + waitMs + headMs > item.beginByMs
  }

  /** Until it would start. `undefined`: the engine's speed is not known. */
  #waitMs(item: Item, engine: EngineState): number | undefined {
    const { prefillTokensPerSecond, decodeTokensPerSecond, parallelMax } = engine
    if (prefillTokensPerSecond === 0 || decodeTokensPerSecond === 0) return undefined
    const runningMs = workMs(engine, {
      inputTokens: engine.prefillTokensLeft,
      outputTokens: engine.decodeTokensLeft,
    })
    const aheadMs = this.#room.workAhead(item, tokens => workMs(engine, tokens))
    return (runningMs + aheadMs) / (this.#learned.limit(parallelMax) || this.#measuredParallel)
  }

  #refusal(item: Item, reason: RefusalReason, engine: EngineState): AdmissionEffect {
    return { type: 'refuse', id: item.id, reason, waitMs: this.#waitMs(item, engine) }
  }
}

/** In one of the engine's places. */
function workMs(
  { prefillTokensPerSecond, decodeTokensPerSecond }: EngineState,
  { inputTokens, outputTokens }: Tokens,
): number {
  const prefillMs = (1_000 * inputTokens) / prefillTokensPerSecond
  return prefillMs + (1_000 * outputTokens) / decodeTokensPerSecond
}
