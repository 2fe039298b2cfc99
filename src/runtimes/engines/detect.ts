/**
 * Which kind of engine answers here: the questions of all profiles, each asked once, all at the
 * same time; the first profile of the table that knows its answer again is the kind.
 */
import type { Ask, EngineProfile, EngineReply } from './engine-profile.ts'

/** Sent with every answer of a peer's HTTP side. */
const PEER_HEADER = 'x-skein-peer'

export interface Detected {
  /** `undefined`: none that we know. */
  readonly profile: EngineProfile | undefined
  /** It is a peer of ours, which also has an OpenAI API. */
  readonly isPeer: boolean
}

/** @throws what `ask` throws, if nothing answers at all. */
export async function detectEngine(
  profiles: readonly EngineProfile[],
  ask: Ask,
  signal: AbortSignal,
): Promise<Detected> {
  const paths = [...new Set(profiles.map(({ detect }) => detect.path))]
  const results = await Promise.allSettled(paths.map(path => ask({ method: 'GET', path }, signal)))
  const replies = new Map<string, EngineReply>()
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') replies.set(paths[index] ?? '', result.value)
  }
  const [first] = results
  if (replies.size === 0 && first?.status === 'rejected') throw first.reason
  return {
    profile: profiles.find(({ detect }) => {
      const reply = replies.get(detect.path)
      return reply !== undefined && detect.matches(reply)
    }),
    isPeer: [...replies.values()].some(({ headers }) => headers[PEER_HEADER] !== undefined),
  }
}
