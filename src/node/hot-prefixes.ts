/**
 * Which beginnings of prompts the engines of this peer have read of late, by model: a sketch that
 * travels with the load, so that others send what begins alike to where it is in the cache.
 *
 * What an engine really keeps it seldom says; that the latest are there is likely. Of a prompt the
 * first marks are kept, which it shares with others (a system prompt), and the last two, by which
 * the next turn of the conversation is known. Bounded: the mark that was longest not used goes first, and
 * models share what a peer may tell, for a load that is too long does not travel with answers.
 */
import type { PromptPrefix } from '../core/prompt-prefix.ts'

/** Marks of one model that are told: about fifty conversations, and 512 bytes. */
export const HOT_PREFIXES_KEPT = 128

/** Marks of all models together: 8 KiB, a quarter of the longest load that goes with an answer. */
export const HOT_PREFIXES_KEPT_IN_ALL = 2_048

/** As many as a peer may tell of models. */
const MODELS_MAX = 256

const FIRST_MARKS = 4
const LAST_MARKS = 2

interface ModelPrefixes {
  /** Longest not used first. */
  readonly marks: Set<number>
  /** `marks`, told; made anew only when one came or went, for order alone is no news. */
  told: readonly number[] | undefined
}

export class HotPrefixes {
  /** Model id → its marks. The one that got its first mark first comes first. */
  readonly #byModel = new Map<string, ModelPrefixes>()

  /** The engine has read, or reads, a prompt that begins so. */
  served(model: string, { marks }: PromptPrefix): void {
    const known = this.#of(model)
    for (const [index, mark] of marks.entries()) {
      if (index >= FIRST_MARKS && index < marks.length - LAST_MARKS) continue
      if (known.marks.delete(mark)) known.marks.add(mark)
      else this.#add(known, mark)
    }
  }

  /** `undefined`: none. */
  of(model: string): readonly number[] | undefined {
    const known = this.#byModel.get(model)
    if (known === undefined) return undefined
    known.told ??= [...known.marks]
    return known.told
  }

  /** Its engine has it in memory no more, and with it the cache. */
  forget(model: string): void {
    this.#byModel.delete(model)
  }

  #of(model: string): ModelPrefixes {
    const known = this.#byModel.get(model)
    if (known !== undefined) return known
    if (this.#byModel.size >= MODELS_MAX) this.forget(first(this.#byModel.keys()) ?? model)
    const created = { marks: new Set<number>(), told: undefined }
    this.#byModel.set(model, created)
    for (const each of this.#byModel.values()) this.#trim(each)
    return created
  }

  #add(known: ModelPrefixes, mark: number): void {
    known.marks.add(mark)
    known.told = undefined
    this.#trim(known)
  }

  #trim(known: ModelPrefixes): void {
    const share = Math.floor(HOT_PREFIXES_KEPT_IN_ALL / this.#byModel.size)
    const kept = Math.min(HOT_PREFIXES_KEPT, share)
    for (const oldest of known.marks) {
      if (known.marks.size <= kept) return
      known.marks.delete(oldest)
      known.told = undefined
    }
  }
}

function first<Item>(items: Iterable<Item>): Item | undefined {
  for (const item of items) return item
  return undefined
}
