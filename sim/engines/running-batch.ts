/**
 * The sequences of a language engine between two steps: who joins the next one, what each reads in it,
 * who is put back, who is done after it. Time is the engine's business; here steps are counted.
 */
import type { LanguageSpeed } from '../scenario/hardware.ts'
import { AdmissionOrder } from './admission-order.ts'
import { EndHeap } from './end-heap.ts'
import type { EngineJob } from './engine.ts'
import { KvMemory } from './kv-memory.ts'
import type { Sequence } from './sequence.ts'
import { WaitingLine } from './waiting-line.ts'
import type { WorkLedger } from './work-ledger.ts'

/** Read in each step even if the batch leaves no room for it, so that nobody waits for ever. */
const PREFILL_MIN_TOKENS = 64

export class RunningBatch<Job extends EngineJob> {
  readonly waiting = new WaitingLine<Job>()
  readonly admitted = new AdmissionOrder<Job>()
  readonly memory: KvMemory
  readonly #ends = new EndHeap<Job>()
  readonly #speed: LanguageSpeed
  readonly #ledger: WorkLedger
  #readers: Sequence<Job>[] = []
  #decodingCount = 0
  /** Sum over those that decode. */
  #contextOffsets = 0
  #endSteps = 0
  #admissionCount = 0
  #step = 0

  constructor(speed: LanguageSpeed, ledger: WorkLedger) {
    this.#speed = speed
    this.#ledger = ledger
    this.memory = new KvMemory(speed.kvCacheTokens, speed.prefixCache)
  }

  /** In the step that runs; between steps at most one, that has read a part of its prompt. */
  get readers(): readonly Sequence<Job>[] {
    return this.#readers
  }

  get decodingCount(): number {
    return this.#decodingCount
  }

  /** Steps that are over, since the engine was idle. */
  get step(): number {
    return this.#step
  }

  /** Of all that take part in the next step, at its beginning. */
  get contextTokens(): number {
    let tokens = this.#contextOffsets + this.#decodingCount * this.#step
    for (const reader of this.#readers) tokens += reader.readTokens
    return tokens
  }

  /** Read in the next step. */
  get chunkTokens(): number {
    let tokens = 0
    for (const reader of this.#readers) tokens += reader.chunkTokens
    return tokens
  }

  /** Of prompts, by all that are here. */
  get unreadTokens(): number {
    let tokens = this.waiting.contextTokens
    for (const reader of this.#readers) tokens += reader.unreadTokens
    return tokens
  }

  /** Answer tokens that those that decode still make, in truth. */
  get decodingTokensLeft(): number {
    return this.#endSteps - this.#decodingCount * this.#step
  }

  /** As anybody expects, of all that are here. */
  get expectedTokensLeft(): number {
    return this.admitted.expectedTokensLeft(this.#step, this.waiting.expectedTokensLeft)
  }

  /** Until the first answer is complete. 0: nobody makes one. */
  get stepsToFirstEnd(): number {
    const { first } = this.#ends
    return first === undefined ? 0 : first.endStep - this.#step
  }

  /** Whether the next step could take another prompt. */
  get mayAdmit(): boolean {
    return this.#readers.length === 0 && this.admitted.count < this.#speed.sequencesMax
  }

  /** Of its answer, by now. */
  madeTokens(sequence: Sequence<Job>): number {
    if (sequence.state !== 'decoding') return sequence.madeTokens
    return sequence.madeOffset + this.#step
  }

  /** The next step begins. */
  compose(nowMs: number): void {
    this.#putBackLatest()
    this.memory.makeRoom(this.#decodingCount)
    const { prefillChunkTokens } = this.#speed
    const leastTokens = Math.min(PREFILL_MIN_TOKENS, prefillChunkTokens)
    let tokens = Math.max(leastTokens, prefillChunkTokens - this.#decodingCount)
    for (const reader of this.#readers) tokens -= giveChunk(reader, tokens)
    while (tokens > 0 && this.#isFirstAdmissible()) {
      const sequence = this.#admitFirst(nowMs)
      tokens -= giveChunk(sequence, tokens)
    }
    this.memory.makeRoom(this.#decodingCount)
  }

  /** How many steps from now on are alike: until somebody is done, or memory is short. */
  get alikeSteps(): number {
    const [reader] = this.#readers
    let steps = Number.POSITIVE_INFINITY
    if (reader !== undefined) {
      if (reader.chunkTokens === reader.unreadTokens) return 1
      steps = Math.floor((reader.unreadTokens - 1) / reader.chunkTokens)
    }
    if (this.#decodingCount === 0) return steps
    steps = Math.min(steps, this.stepsToFirstEnd)
    if (this.admitted.count === 1) return steps
    const roomTokens = this.memory.capacityTokens - this.memory.usedTokens
    return Math.min(steps, Math.floor(roomTokens / this.#decodingCount))
  }

  /** So many steps are over. */
  pass(steps: number): void {
    this.#step += steps
    this.memory.grow(steps * this.#decodingCount)
    for (const reader of this.#readers) reader.readTokens += steps * reader.chunkTokens
  }

  /** Those that have read their prompts, in order; they make tokens from now on. */
  takeRead(): readonly Sequence<Job>[] {
    const readers = this.#readers
    const last = readers.at(-1)
    if (last === undefined) return readers
    const isPart = last.unreadTokens > 0
    this.#readers = isPart ? [last] : []
    if (isPart) readers.pop()
    for (const reader of readers) this.#beginDecoding(reader)
    return readers
  }

  /** Those whose answers are complete. */
  takeEnded(): readonly Sequence<Job>[] {
    const ended: Sequence<Job>[] = []
    for (let first = this.#ends.first; first !== undefined; first = this.#ends.first) {
      if (first.endStep > this.#step) break
      this.#ledger.settle(first)
      this.remove(first)
      first.state = 'gone'
      ended.push(first)
    }
    return ended
  }

  /** Frees its place and memory; the caller says what becomes of it. */
  remove(sequence: Sequence<Job>): void {
    this.admitted.remove(sequence)
    const madeTokens = this.madeTokens(sequence)
    this.memory.release(sequence, madeTokens - sequence.madeTokens)
    if (sequence.state === 'decoding') {
      this.#ends.remove(sequence)
      this.#decodingCount -= 1
      this.#contextOffsets -= sequence.contextOffset
      this.#endSteps -= sequence.endStep
    } else this.#readers = this.#readers.filter(each => each !== sequence)
    sequence.madeTokens = madeTokens
  }

  clear(): void {
    this.waiting.clear()
    this.admitted.clear()
    this.#ends.clear()
    this.memory.clear()
    this.#readers = []
    this.#decodingCount = 0
    this.restart()
  }

  /** Nobody decodes: steps are counted from 0 again, so that numbers stay small. */
  restart(): void {
    this.#step = 0
    this.#contextOffsets = 0
    this.#endSteps = 0
  }

  /** It cannot be admitted again at once: without it there is less room than it had. */
  #putBackLatest(): void {
    while (this.admitted.count > 1 && !this.#hasRoom(0)) {
      const latest = this.admitted.last as Sequence<Job>
      this.#ledger.settle(latest)
      if (latest.state === 'reading') this.#ledger.wasteReading(latest)
      this.remove(latest)
      latest.state = 'waiting'
      this.waiting.pushFirst(latest)
    }
  }

  #hasRoom(tokens: number): boolean {
    return this.memory.usedTokens + this.#decodingCount + tokens <= this.memory.capacityTokens
  }

  #isFirstAdmissible(): boolean {
    const { first } = this.waiting
    if (first === undefined || this.admitted.count >= this.#speed.sequencesMax) return false
    return this.admitted.count === 0 || this.#hasRoom(this.memory.neededTokens(first))
  }

  #admitFirst(nowMs: number): Sequence<Job> {
    const sequence = this.waiting.takeFirst()
    this.memory.hold(sequence)
    sequence.state = 'reading'
    sequence.admission = this.#admissionCount
    sequence.admittedAtMs = nowMs
    sequence.admittedServiceMs = sequence.serviceMs
    this.#admissionCount += 1
    this.admitted.add(sequence)
    this.#readers.push(sequence)
    this.#ledger.open(sequence)
    return sequence
  }

  #beginDecoding(sequence: Sequence<Job>): void {
    this.#ledger.settle(sequence)
    // What it had read before it was put back.
    if (sequence.hasBegun) this.#ledger.wasteReading(sequence)
    sequence.state = 'decoding'
    sequence.madeTokens += 1
    sequence.contextOffset = sequence.contextTokens - this.#step
    sequence.endStep = this.#step + sequence.outputTokensLeft
    sequence.madeOffset = sequence.outputTokens - sequence.endStep
    this.admitted.beginDecoding(sequence)
    this.#decodingCount += 1
    this.#contextOffsets += sequence.contextOffset
    this.#endSteps += sequence.endStep
    this.#ends.push(sequence)
  }
}

function giveChunk(sequence: Sequence, tokens: number): number {
  sequence.chunkTokens = Math.min(tokens, sequence.unreadTokens)
  return sequence.chunkTokens
}
