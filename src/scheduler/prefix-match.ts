/**
 * How much of a prompt a peer is expected to find in its prefix cache, by what it says is there.
 */
import { type PromptPrefix, shareBefore } from '../core/prompt-prefix.ts'

/**
 * @param hotPrefixes Hashes of prefixes that the peer has in its cache. `undefined`: not known.
 * @returns a share of the prompt, 0 to 1.
 */
export function cachedRatio(
  prefix: PromptPrefix | undefined,
  hotPrefixes: readonly number[] | undefined,
): number {
  if (prefix === undefined || hotPrefixes === undefined) return 0
  for (let mark = prefix.marks.length - 1; mark >= 0; mark--) {
    if (hotPrefixes.includes(prefix.marks[mark] as number)) return shareBefore(mark, prefix)
  }
  return 0
}
