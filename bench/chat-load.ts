/**
 * Peers that serve chats, asked one streamed request after the other.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child-process.ts'

export const MODEL = 'demo'

export const READY_MAX_MS = 60_000

const ANSWER_MAX_MS = 120_000

export const urlOf = ({ ready }: Child) => String(ready['http'])

/** Until the peer knows so many who serve the model. */
export async function whenServedBy(url: string, count: number): Promise<void> {
  const deadline = AbortSignal.timeout(READY_MAX_MS)
  for (;;) {
    const response = await fetch(`${url}/mesh/v1/models`, { signal: deadline })
    const { models } = (await response.json()) as { models: { peers: string[] }[] }
    if (models[0]?.peers.length === count) return
    await sleep(20, undefined, { signal: deadline })
  }
}

/** Different, so that no cache helps. */
export const promptOf = (number: number) => `${number}: ${'Tell me about geese. '.repeat(12)}`

export async function ask(url: string, tokenCount: number, prompt = promptOf(0)) {
  const startMs = performance.now()
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ model: MODEL, stream: true, max_tokens: tokenCount },
      messages: [{ role: 'user', content: prompt }],
    }),
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
  })
  if (!response.ok || response.body === null) {
    throw new Error(`${response.status} ${(await response.text()).slice(0, 200)}`)
  }
  let firstMs = 0
  let count = 0
  for await (const chunk of response.body) {
    if (count === 0) firstMs = performance.now()
    count += Buffer.from(chunk).toString().split('"content"').length - 1
  }
  const peer = response.headers.get('x-skein-peer') ?? ''
  return { startMs, firstMs, endMs: performance.now(), tokenCount: count, peer }
}
