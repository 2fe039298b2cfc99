/**
 * The memory of a language engine: what sequences hold for themselves, blocks that they share, and
 * blocks that are kept for later and given up when the room is needed.
 */
import { BLOCK_TOKENS } from '../workload/request.ts'
import type { EngineJob } from './engine.ts'
import { PrefixCache } from './prefix-cache.ts'
import type { Sequence } from './sequence.ts'

export class KvMemory {
  readonly capacityTokens: number
  /** `undefined`: prompts that begin alike are read each for itself. */
  readonly #prefixes: PrefixCache | undefined
  #privateTokens = 0

  constructor(capacityTokens: number, hasPrefixCache: boolean) {
    this.capacityTokens = capacityTokens
    this.#prefixes = hasPrefixCache ? new PrefixCache() : undefined
  }

  /** By sequences. Blocks that several hold count once. */
  get usedTokens(): number {
    const heldBlocks = this.#prefixes?.heldCount ?? 0
    return this.#privateTokens + heldBlocks * BLOCK_TOKENS
  }

  /** What it needs beside what others hold. */
  neededTokens({ job, contextTokens, inputTokens }: Sequence): number {
    const prefixes = this.#prefixes
    if (prefixes === undefined) return contextTokens
    const count = sharedBlockCount(job, inputTokens)
    const sharedTokens = count * BLOCK_TOKENS
    return contextTokens - sharedTokens + prefixes.unheldCount(job.blocks, count) * BLOCK_TOKENS
  }

  /** Takes what its whole context needs, and says what of it need not be read. */
  hold(sequence: Sequence): void {
    const { job, contextTokens, inputTokens } = sequence
    const prefixes = this.#prefixes
    const count = prefixes === undefined ? 0 : sharedBlockCount(job, inputTokens)
    const foundTokens = BLOCK_TOKENS * (prefixes?.leadingCount(job.blocks, count) ?? 0)
    prefixes?.hold(job.blocks, count)
    sequence.blockCount = count
    sequence.privateTokens = contextTokens - count * BLOCK_TOKENS
    this.#privateTokens += sequence.privateTokens
    // Something is always read, for else there would be nothing to make the next token from.
    sequence.cachedTokens = Math.min(foundTokens, contextTokens - 1)
    sequence.readTokens = sequence.cachedTokens
  }

  /** Sequences have so many more tokens, each for itself. */
  grow(tokens: number): void {
    this.#privateTokens += tokens
  }

  /** @param grownTokens By so many it has grown since it was held. */
  release(sequence: Sequence, grownTokens: number): void {
    this.#privateTokens -= sequence.privateTokens + grownTokens
    const readCount = Math.floor(sequence.readTokens / BLOCK_TOKENS)
    this.#prefixes?.release(sequence.job.blocks, sequence.blockCount, readCount)
  }

  /** Gives up what is kept until so many more tokens have room, or nothing is kept. */
  makeRoom(tokens: number): void {
    const prefixes = this.#prefixes
    if (prefixes === undefined || prefixes.keptCount === 0) return
    const keptTokens = prefixes.keptCount * BLOCK_TOKENS
    const lackingTokens = this.usedTokens + tokens + keptTokens - this.capacityTokens
    if (lackingTokens > 0) prefixes.evict(Math.ceil(lackingTokens / BLOCK_TOKENS))
  }

  clear(): void {
    this.#privateTokens = 0
    this.#prefixes?.clear()
  }
}

/** Only whole blocks are shared. */
function sharedBlockCount({ blocks }: EngineJob, inputTokens: number): number {
  return Math.min(blocks.length, Math.floor(inputTokens / BLOCK_TOKENS))
}
