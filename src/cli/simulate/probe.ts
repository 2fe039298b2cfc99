/**
 * Small requests of our own, to measure how fast engines are: prompts of several lengths, first one at
 * a time, then several at once. No two prompts begin alike, so that no cache helps.
 */
import type { Client } from '../client.ts'

export interface ProbePlan {
  readonly model: string
  readonly count: number
  /** Of the model; 0: not known. */
  readonly contextTokens: number
}

/** Requests at once, one part of the probes after the other. */
const CONCURRENCIES = [1, 2, 4] as const

/** Of a prompt, about. */
const PROMPT_TOKENS = [16, 64, 160, 320] as const

const ANSWER_TOKENS = 24

/** Of the context, so that a short one is not overrun. */
const CONTEXT_SHARE_RATIO = 0.5

/** A number and the space before it. */
const TOKENS_PER_WORD = 3

/**
 * @param draw A number in [0, 1), by chance.
 * @throws MeshError if the mesh refuses one.
 */
export async function probe(
  client: Pick<Client, 'stream'>,
  { model, count, contextTokens }: ProbePlan,
  draw: () => number,
): Promise<void> {
  const longest = contextTokens > 0 ? contextTokens * CONTEXT_SHARE_RATIO : Number.POSITIVE_INFINITY
  const lengths = PROMPT_TOKENS.filter(each => each + ANSWER_TOKENS <= longest)
  let sent = 0
  const next = async (until: number) => {
    while (sent < until) {
      const tokens = lengths[sent % lengths.length] ?? PROMPT_TOKENS[0]
      sent += 1
      await ask(client, model, promptOf(tokens, draw))
    }
  }
  for (const [part, concurrency] of CONCURRENCIES.entries()) {
    const until = Math.round(((part + 1) * count) / CONCURRENCIES.length)
    await Promise.all(Array.from({ length: concurrency }, () => next(until)))
  }
}

function promptOf(tokens: number, draw: () => number): string {
  const words = Math.max(1, Math.round(tokens / TOKENS_PER_WORD))
  return Array.from({ length: words }, () => Math.floor(100 + 900 * draw())).join(' ')
}

async function ask(client: Pick<Client, 'stream'>, model: string, content: string): Promise<void> {
  const answer = await client.stream('/v1/chat/completions', {
    ...{ model, stream: true, stream_options: { include_usage: true } },
    max_tokens: ANSWER_TOKENS,
    messages: [{ role: 'user', content }],
  })
  await answer.arrayBuffer()
}
