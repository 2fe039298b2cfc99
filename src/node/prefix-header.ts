/**
 * The beginning of a prompt as a header of a lane call: numbers in base 36, joined by dots.
 *
 *     <characters>.<root>.<mark>.<mark>…
 *
 * The peer that serves a request is told, so that it need not read the body.
 */
import { MARKS_MAX, type PromptPrefix } from '../core/prompt-prefix.ts'

const NUMBER = /^[0-9a-z]{1,11}$/

const HASH_MAX = 2 ** 32 - 1

export function prefixToText({ characterCount, root, marks }: PromptPrefix): string {
  return [characterCount, root, ...marks].map(number => number.toString(36)).join('.')
}

/** `undefined`: it is none. */
export function prefixFromText(text: string): PromptPrefix | undefined {
  // Longer than any there is, it is not even cut into pieces.
  if (text.length > (MARKS_MAX + 2) * 12) return undefined
  const parts = text.split('.')
  const numbers = parts.map(part => (NUMBER.test(part) ? Number.parseInt(part, 36) : Number.NaN))
  const [characterCount, root, ...marks] = numbers
  if (characterCount === undefined || root === undefined || marks.length > MARKS_MAX)
    return undefined
  if (!Number.isSafeInteger(characterCount)) return undefined
  if (![root, ...marks].every(hash => hash <= HASH_MAX)) return undefined
  return { characterCount, root, marks }
}
