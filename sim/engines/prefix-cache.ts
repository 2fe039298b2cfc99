/**
 * Which blocks of prompts an engine has read and still holds, so that prompts that begin alike are
 * read once.
 *
 *     held by running jobs ──last job gone──> kept ──oldest first, when memory is needed──> evicted
 *            ^                                  │
 *            └────────── a prompt begins with it ┘
 *
 * A job gives up its blocks from the last to the first: what is evicted first is the end of a chain
 * and never its beginning, without which the rest would be of no use.
 *
 * Source: W. Kwon et al., "Efficient Memory Management for Large Language Model Serving with
 * PagedAttention", SOSP 2023; automatic prefix caching of vLLM. We do not keep the answers' tokens.
 */

interface Block {
  readonly id: number
  /** Jobs that hold it. */
  holders: number
  /** Neighbours among the kept, oldest first. */
  older: Block | undefined
  newer: Block | undefined
}

export class PrefixCache {
  readonly #blocks = new Map<number, Block>()
  #oldest: Block | undefined
  #newest: Block | undefined
  #keptCount = 0
  #heldCount = 0

  /** Held by jobs; each counts once. */
  get heldCount(): number {
    return this.#heldCount
  }

  /** Held by nobody, and there if anybody needs them. */
  get keptCount(): number {
    return this.#keptCount
  }

  /** How many of the first `count` blocks are there without a gap. */
  leadingCount(blocks: readonly number[], count: number): number {
    let leading = 0
    while (leading < count && this.#blocks.has(blocks[leading] as number)) leading += 1
    return leading
  }

  /** How many of the first `count` blocks no job holds, so that to hold them needs memory. */
  unheldCount(blocks: readonly number[], count: number): number {
    let unheld = 0
    for (let index = 0; index < count; index += 1) {
      const block = this.#blocks.get(blocks[index] as number)
      if (block === undefined || block.holders === 0) unheld += 1
    }
    return unheld
  }

  /** A job holds the first `count` blocks now; those that are not there are there from now on. */
  hold(blocks: readonly number[], count: number): void {
    for (let index = 0; index < count; index += 1) {
      const id = blocks[index] as number
      const block = this.#blocks.get(id)
      if (block === undefined) {
        this.#blocks.set(id, { id, holders: 1, older: undefined, newer: undefined })
        this.#heldCount += 1
      } else {
        if (block.holders === 0) this.#unkeep(block)
        block.holders += 1
      }
    }
  }

  /** The job is gone. @param readCount So many of them it has read; the others are worth nothing. */
  release(blocks: readonly number[], count: number, readCount: number): void {
    for (let index = count - 1; index >= 0; index -= 1) {
      const block = this.#blocks.get(blocks[index] as number) as Block
      block.holders -= 1
      if (block.holders > 0) continue
      this.#heldCount -= 1
      if (index < readCount) this.#keep(block)
      else this.#blocks.delete(block.id)
    }
  }

  /** Gives up so many of the kept blocks, or all there are. */
  evict(count: number): void {
    for (let left = count; left > 0 && this.#oldest !== undefined; left -= 1) {
      const block = this.#oldest
      this.#unlink(block)
      this.#blocks.delete(block.id)
    }
  }

  clear(): void {
    this.#blocks.clear()
    this.#oldest = undefined
    this.#newest = undefined
    this.#keptCount = 0
    this.#heldCount = 0
  }

  #keep(block: Block): void {
    block.older = this.#newest
    block.newer = undefined
    if (this.#newest === undefined) this.#oldest = block
    else this.#newest.newer = block
    this.#newest = block
    this.#keptCount += 1
  }

  #unkeep(block: Block): void {
    this.#unlink(block)
    this.#heldCount += 1
  }

  #unlink(block: Block): void {
    const { older, newer } = block
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    this.#keptCount -= 1
  }
}
