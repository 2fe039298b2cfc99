/**
 * From the bytes of a text to its tokens, for whoever has no tokenizer at hand.
 *
 * A token is taken for four bytes of UTF-8, whatever the model. How many tokens its own tokenizer
 * makes of a byte differs between models by factors, and within one between scripts: English fills a
 * token with four bytes, and a tokenizer that knows no Chinese makes a token of each byte. So a
 * model's density has a number for either kind of text.
 */

/** Bytes of English text per token, about; the scheduler needs a magnitude, not a count. */
export const BYTES_PER_TOKEN = 4

/** As the model's own tokenizer counts it. */
export interface TokenDensity {
  /** Of text in ASCII: most of what is written in English, and code. */
  readonly asciiTokensPerByte: number
  /** Of text in other scripts. */
  readonly wideTokensPerByte: number
}

/** No tokenizer fills its tokens with more than twenty bytes on average. */
const TOKENS_PER_BYTE_MIN = 0.05

/** One token for each byte is the most there is, and a few that begin and end the text. */
const TOKENS_PER_BYTE_MAX = 1.25

/** `undefined`: nobody knows, or it is none that a tokenizer could have. */
export function plausibleDensity(told: TokenDensity | undefined): TokenDensity | undefined {
  if (told === undefined) return undefined
  return isPlausible(told.asciiTokensPerByte) && isPlausible(told.wideTokensPerByte)
    ? told
    : undefined
}

/**
 * How many bytes of a text stand for characters beyond ASCII, without a look at any of them. Exact
 * for text in one script, whose characters take two bytes for one unit of UTF-16, or four for two;
 * where three stand for one, what is mixed with ASCII is counted up to a third too high.
 *
 * @param bytes Of the text in UTF-8.
 */
export function wideBytesOf(text: string, bytes: number): number {
  return Math.min(bytes, 2 * (bytes - text.length))
}

function isPlausible(tokensPerByte: number): boolean {
  return tokensPerByte >= TOKENS_PER_BYTE_MIN && tokensPerByte <= TOKENS_PER_BYTE_MAX
}
