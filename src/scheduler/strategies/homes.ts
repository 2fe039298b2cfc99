/**
 * Who has, or should have, the beginning of a prompt in its cache.
 *
 * Two keys name two peers each, on every ingress the same: the first thousand characters, which many
 * requests share (a system prompt), and the conversation, which stays the same while it grows. The
 * one that says it has more of the prompt comes first; while none has any, the one that the others
 * with the same beginning go to as well. Two, since one of them may be busy, or slow by nature.
 */
import type { PromptPrefix } from '../../core/prompt-prefix.ts'
import type { Candidates } from '../candidates.ts'
import { cachedRatio } from '../prefix-match.ts'
import type { Contender } from '../score.ts'

/** Index of the mark that is the key of the beginning: four blocks. */
const SHARED_MARK = 3

export function homesOf(
  candidates: Candidates,
  prefix: PromptPrefix | undefined,
): readonly Contender[] {
  // A prompt shorter than a block is read faster than it is looked for.
  if (prefix === undefined || prefix.marks.length === 0) return []
  const shared = prefix.marks[Math.min(SHARED_MARK, prefix.marks.length - 1)] as number
  const homes = [...candidates.homes(shared), ...candidates.homes(prefix.root)]
  const ratioOf = ({ model }: Contender) => cachedRatio(prefix, model.load.hotPrefixes)
  return [...new Set(homes)].sort((a, b) => ratioOf(b) - ratioOf(a))
}
