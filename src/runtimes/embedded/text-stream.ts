/**
 * Turns tokens, one by one, into text that may be shown at once.
 *
 * Two things hold text back. A token may end in the middle of a UTF-8 character: its text waits
 * for the tokens that complete it. And text that could be the start of a stop sequence waits
 * until it is one, and is then never shown, or is not, and follows.
 *
 *     tokens --> whole characters --> nothing of a stop sequence --> text
 */

/** What a decoder puts in the place of bytes that are no character, or not yet one. */
const REPLACEMENT = '\uFFFD'

/** A character has at most four bytes, so one that takes more tokens is not going to be one. */
const HALF_CHARACTER_TOKENS_MAX = 4

/** Tokens of the text before, which some tokenizers need to place spaces. */
const CONTEXT_TOKENS = 8

/** Text of `tokens`, given the tokens before them. */
export type Detokenize<Token> = (tokens: readonly Token[], before: readonly Token[]) => string

export class CharacterJoiner<Token> {
  readonly #detokenize: Detokenize<Token>
  #before: readonly Token[] = []
  /** Tokens since the last one that ended with a character. */
  #pending: Token[] = []
  /** Characters of the pending tokens' text that are out already. */
  #shownLength = 0
  /** Tokens since anything came out. */
  #silentCount = 0

  constructor(detokenize: Detokenize<Token>) {
    this.#detokenize = detokenize
  }

  /** The characters that are complete with this token. */
  push(token: Token): string {
    this.#pending.push(token)
    const text = this.#detokenize(this.#pending, this.#before)
    if (!text.endsWith(REPLACEMENT)) return this.#release(text)

    const whole = text.replace(/\uFFFD+$/, '').slice(this.#shownLength)
    this.#shownLength += whole.length
    this.#silentCount = whole === '' ? this.#silentCount + 1 : 1
    return this.#silentCount >= HALF_CHARACTER_TOKENS_MAX ? this.#release(text) : whole
  }

  /** What is left at the end of the answer, with a replacement for a character cut in half. */
  end(): string {
    if (this.#pending.length === 0) return ''
    return this.#release(this.#detokenize(this.#pending, this.#before))
  }

  #release(text: string): string {
    const fresh = text.slice(this.#shownLength)
    this.#before = [...this.#before, ...this.#pending].slice(-CONTEXT_TOKENS)
    this.#pending = []
    this.#shownLength = 0
    this.#silentCount = 0
    return fresh
  }
}

export class StopFilter {
  readonly #stops: readonly string[]
  #held = ''
  #isStopped = false

  /** @param stops None of them empty. */
  constructor(stops: readonly string[]) {
    this.#stops = stops
  }

  /** A stop sequence was found; nothing more will come out. */
  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Whether text is held back. */
  get isHolding(): boolean {
    return this.#held !== ''
  }

  /** The text that cannot be part of a stop sequence any more. */
  push(text: string): string {
    if (this.#isStopped) return ''
    const all = this.#held + text

    const starts = this.#stops.map(stop => all.indexOf(stop)).filter(start => start >= 0)
    if (starts.length > 0) {
      this.#isStopped = true
      this.#held = ''
      return all.slice(0, Math.min(...starts))
    }

    const heldLength = Math.max(0, ...this.#stops.map(stop => overlap(all, stop)))
    this.#held = all.slice(all.length - heldLength)
    return all.slice(0, all.length - heldLength)
  }

  /** What was held and turned out not to be a stop sequence, as nothing follows. */
  end(): string {
    const held = this.#held
    this.#held = ''
    return held
  }
}

/** Length of the longest end of `text` that is a proper start of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (stop.startsWith(text.slice(text.length - length))) return length
  }
  return 0
}
