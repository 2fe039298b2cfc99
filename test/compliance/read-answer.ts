/**
 * Reads what a runtime answers, as an OpenAI client would: whole, as JSON, or as server-sent
 * events. Strict on purpose, since what passes here is what a client's parser sees.
 */
import { assert } from 'vitest'
import { z } from 'zod'
import type { RuntimeAnswer } from '../../src/node/runtime.ts'

export const usage = z.object({
  prompt_tokens: z.int().nonnegative(),
  total_tokens: z.int().nonnegative(),
})

export const chatCompletion = z.object({
  id: z.string().min(1),
  object: z.literal('chat.completion'),
  created: z.number(),
  model: z.string().min(1),
  choices: z
    .array(
      z.object({
        index: z.int(),
        message: z.object({ role: z.literal('assistant'), content: z.string() }),
        finish_reason: z.string(),
      }),
    )
    .min(1),
  usage: usage.extend({ completion_tokens: z.int().nonnegative() }),
})

export const textCompletion = z.object({
  object: z.literal('text_completion'),
  choices: z.array(z.object({ index: z.int(), text: z.string() })).min(1),
})

export const embeddingList = z.object({
  object: z.literal('list'),
  data: z
    .array(
      z.object({ object: z.literal('embedding'), index: z.int(), embedding: z.number().array() }),
    )
    .min(1),
  usage,
})

export const openaiError = z.object({ error: z.object({ message: z.string().min(1) }) })

const chatChunk = z.object({
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.object({
      index: z.int(),
      delta: z.object({ content: z.string().nullish() }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usage.nullish(),
})

export interface ChatStream {
  readonly text: string
  readonly finishReasons: readonly string[]
  /** Of every chunk that has one. */
  readonly usages: readonly z.output<typeof usage>[]
  readonly endsWithDone: boolean
}

export async function readText({ chunks }: RuntimeAnswer): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
}

export async function readJson(answer: RuntimeAnswer): Promise<unknown> {
  const text = await readText(answer)
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
  return JSON.parse(text)
}

/** The payloads of all `data:` lines, in order. Comments and other fields are passed over. */
export function eventData(text: string): string[] {
  const events = text.split(/\r?\n\r?\n/)
  assert.equal(events.at(-1), '', 'the last event is complete')
  return events.flatMap(event =>
    event
      .split(/\r?\n/)
      .filter(line => line.startsWith('data:'))
      .map(line => line.slice('data:'.length).trim()),
  )
}

export async function readChatStream(answer: RuntimeAnswer): Promise<ChatStream> {
  assert.match(answer.headers['content-type'] ?? '', /^text\/event-stream/)
  const payloads = eventData(await readText(answer))
  const chunks = payloads
    .filter(payload => payload !== '[DONE]')
    .map(payload => chatChunk.parse(JSON.parse(payload)))
  const choices = chunks.flatMap(chunk => chunk.choices)
  return {
    text: choices.map(choice => choice.delta.content ?? '').join(''),
    finishReasons: choices.flatMap(choice => choice.finish_reason ?? []),
    usages: chunks.flatMap(chunk => chunk.usage ?? []),
    endsWithDone: payloads.at(-1) === '[DONE]',
  }
}
