/**
 * What `ContinuousBatchingEngine` must do, done plainly: one event per step, everything counted anew
 * each time. Slow, and easy to read; the two must agree.
 */
import type { EngineJob, EngineListener } from '../../../sim/engines/engine.ts'
import type { Planned, Timeline } from '../../../sim/kernel/timeline.ts'
import type { LanguageSpeed } from '../../../sim/scenario/hardware.ts'
import { BLOCK_TOKENS } from '../../../sim/workload/request.ts'

interface Place<Job> {
  readonly job: Job
  /** Whole blocks of its prompt. */
  readonly blocks: readonly number[]
  hasBegun: boolean
  /** Its prompt, or about to. */
  isReading: boolean
  made: number
  /** Tokens to be read, of which so many are; then the answer grows it. */
  context: number
  read: number
  cached: number
  chunk: number
}

export class StepwiseEngine<Job extends EngineJob> {
  waiting: Place<Job>[] = []
  running: Place<Job>[] = []
  /** Block → when it was last given up. Oldest first. */
  kept = new Set<number>()
  busyMs = 0
  putBackCount = 0
  evictedCount = 0
  readonly #timeline: Timeline
  readonly #speed: LanguageSpeed
  readonly #listener: EngineListener<Job>
  #slowFactor = 1
  #members: readonly Place<Job>[] = []
  #stepEnd: { planned: Planned; startMs: number; endMs: number } | undefined

  constructor(timeline: Timeline, speed: LanguageSpeed, listener: EngineListener<Job>) {
    this.#timeline = timeline
    this.#speed = speed
    this.#listener = listener
  }

  submit(job: Job): void {
    const blocks = this.#speed.prefixCache
      ? job.blocks.slice(0, Math.floor(job.inputTokens / BLOCK_TOKENS))
      : []
    const counts = { made: 0, context: job.inputTokens, read: 0, cached: 0, chunk: 0 }
    this.waiting.push({ job, blocks, hasBegun: false, isReading: true, ...counts })
    if (this.#stepEnd === undefined) this.#beginStep()
  }

  cancel(job: Job): void {
    this.waiting = this.waiting.filter(each => each.job !== job)
    const place = this.running.find(each => each.job === job)
    if (place !== undefined) this.#release(place)
  }

  slowDown(factor: number): void {
    const ratio = factor / this.#slowFactor
    this.#slowFactor = factor
    if (this.#stepEnd === undefined) return
    const { nowMs } = this.#timeline
    const leftMs = (this.#stepEnd.endMs - nowMs) * ratio
    this.#timeline.cancel(this.#stepEnd.planned)
    this.#planStepEnd(this.#stepEnd.startMs, nowMs + leftMs)
  }

  read() {
    const all = [...this.waiting, ...this.running]
    const unread = all.map(({ isReading, context, read }) => (isReading ? context - read : 0))
    const expected = all.map(({ job, made }) => Math.max(1, job.outputTokensExpected - made))
    return {
      queuedCount: this.waiting.length,
      runningCount: this.running.length,
      prefillTokensLeft: unread.reduce((a, b) => a + b, 0),
      decodeTokensLeft: expected.reduce((a, b) => a + b, 0),
    }
  }

  get kvUsedTokens(): number {
    const shared = new Set(this.running.flatMap(({ blocks }) => blocks))
    const own = this.running.map(({ blocks, isReading, context }) => {
      // The newest token takes room only when it is read.
      return context - (isReading ? 0 : 1) - blocks.length * BLOCK_TOKENS
    })
    return own.reduce((a, b) => a + b, 0) + shared.size * BLOCK_TOKENS
  }

  #beginStep(): void {
    const { kvCacheTokens, prefillChunkTokens, sequencesMax } = this.#speed
    const hadRoom = this.#putBack()
    const decoders = this.running.filter(({ isReading }) => !isReading)
    this.#evict(decoders.length)
    const least = Math.min(64, prefillChunkTokens)
    let budget = Math.max(least, prefillChunkTokens - decoders.length)
    const readers: Place<Job>[] = []
    const read = (place: Place<Job>) => {
      place.chunk = Math.min(budget, place.context - place.read)
      budget -= place.chunk
      readers.push(place)
    }
    for (const place of this.running) if (place.isReading) read(place)
    for (;;) {
      const [first] = this.waiting
      if (first === undefined || !hadRoom || budget === 0) break
      if (this.running.length >= sequencesMax) break
      const needed = this.kvUsedTokens + decoders.length + this.#needed(first)
      if (this.running.length > 0 && needed > kvCacheTokens) break
      this.waiting.shift()
      this.#admit(first)
      read(first)
    }
    this.#evict(decoders.length)
    this.#members = [...decoders, ...readers]
    if (this.#members.length === 0) return
    const { nowMs } = this.#timeline
    this.#planStepEnd(nowMs, nowMs + this.#slowFactor * this.#stepMs())
  }

  #stepMs(): number {
    const { stepBaseMs, stepPerSequenceMs, stepPerContextTokenMs, prefillTokenMs } = this.#speed
    let ms = stepBaseMs
    for (const { isReading, context, read, chunk } of this.#members) {
      ms += stepPerSequenceMs + stepPerContextTokenMs * (isReading ? read : context)
      if (isReading) ms += prefillTokenMs * chunk
    }
    return ms
  }

  #planStepEnd(startMs: number, endMs: number): void {
    const planned = this.#timeline.at(endMs, () => this.#endStep(startMs))
    this.#stepEnd = { planned, startMs, endMs }
  }

  #endStep(startMs: number): void {
    this.busyMs += this.#timeline.nowMs - startMs
    const present = this.#members.filter(place => this.running.includes(place))
    const begun: Place<Job>[] = []
    for (const place of present) {
      if (place.isReading) {
        place.read += place.chunk
        if (place.read < place.context) continue
        place.isReading = false
        begun.push(place)
      }
      place.made += 1
      place.context += 1
    }
    const ended = present.filter(({ job, made }) => made === job.outputTokens)
    for (const place of ended) this.#release(place)
    for (const place of begun) {
      if (!place.hasBegun) this.#listener.onFirstToken(place.job, place.cached)
      place.hasBegun = true
    }
    for (const { job } of ended) this.#listener.onEnd(job)
    this.#stepEnd = undefined
    this.#beginStep()
  }

  #putBack(): boolean {
    let hadRoom = true
    for (;;) {
      const growth = this.running.filter(({ isReading }) => !isReading).length
      const latest = this.running.at(-1)
      if (latest === undefined || this.running.length === 1) return hadRoom
      if (this.kvUsedTokens + growth <= this.#speed.kvCacheTokens) return hadRoom
      hadRoom = false
      this.putBackCount += 1
      this.#release(latest)
      latest.isReading = true
      latest.read = 0
      this.waiting.unshift(latest)
    }
  }

  #isHeld(block: number): boolean {
    return this.running.some(({ blocks }) => blocks.includes(block))
  }

  #needed({ blocks, context }: Place<Job>): number {
    const held = blocks.filter(block => this.#isHeld(block)).length
    return context - held * BLOCK_TOKENS
  }

  #admit(place: Place<Job>): void {
    const { blocks } = place
    const firstMiss = blocks.findIndex(block => !(this.#isHeld(block) || this.kept.has(block)))
    const found = firstMiss === -1 ? blocks.length : firstMiss
    for (const block of blocks) this.kept.delete(block)
    place.cached = Math.min(found * BLOCK_TOKENS, place.context - 1)
    place.read = place.cached
    place.isReading = true
    this.running.push(place)
  }

  #release(place: Place<Job>): void {
    this.running = this.running.filter(each => each !== place)
    for (const [index, block] of [...place.blocks.entries()].reverse()) {
      const isRead = !place.isReading || (index + 1) * BLOCK_TOKENS <= place.read
      if (isRead && !this.#isHeld(block)) this.kept.add(block)
    }
  }

  #evict(growth: number): void {
    for (const block of this.kept) {
      const all = this.kvUsedTokens + growth + this.kept.size * BLOCK_TOKENS
      if (all <= this.#speed.kvCacheTokens) return
      this.kept.delete(block)
      this.evictedCount += 1
    }
  }
}
