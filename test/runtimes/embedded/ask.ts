/**
 * Asks a runtime as a client would, and reads what it says.
 */
import { assert } from 'vitest'
import { z } from 'zod'
import { type ErrorCode, hasCode, type MeshError } from '../../../src/core/errors.ts'
import type { Endpoint, Runtime, RuntimeAnswer, RuntimeRequest } from '../../../src/node/runtime.ts'
import { readJson } from '../../compliance/read-answer.ts'

/** Long enough for any machine; only a hang reaches it. */
export const soon = () => AbortSignal.timeout(15_000)

export function requestOf(
  runtime: Runtime,
  endpoint: Endpoint,
  body: Readonly<Record<string, unknown>>,
): RuntimeRequest {
  const model = runtime.models()[0]?.id ?? ''
  const bytes = new TextEncoder().encode(JSON.stringify({ model, ...body }))
  return { endpoint, model, isStream: body['stream'] === true, body: bytes, headers: {} }
}

export function chat(
  runtime: Runtime,
  content: string,
  fields: Readonly<Record<string, unknown>> = {},
): RuntimeRequest {
  const messages = [{ role: 'user', content }]
  return requestOf(runtime, 'chat/completions', { messages, ...fields })
}

const wholeAnswer = z.object({
  choices: z.tuple([
    z.object({
      text: z.string().optional(),
      message: z
        .object({
          content: z.string().nullable(),
          tool_calls: z
            .array(
              z.object({
                id: z.string().min(1),
                type: z.literal('function'),
                function: z.object({ name: z.string(), arguments: z.string() }),
              }),
            )
            .optional(),
        })
        .optional(),
      logprobs: z.unknown(),
      finish_reason: z.enum(['stop', 'length', 'tool_calls']),
    }),
  ]),
  usage: z.object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    prompt_tokens_details: z.object({ cached_tokens: z.int() }),
  }),
})

/** One whole answer, flattened. */
export async function answerTo(runtime: Runtime, request: RuntimeRequest) {
  const answer = await runtime.generate(request, soon())
  const { choices, usage } = wholeAnswer.parse(await readJson(answer))
  const [{ message, text, finish_reason: reason, logprobs }] = choices
  return {
    text: message?.content ?? text ?? '',
    toolCalls: message?.tool_calls ?? [],
    reason,
    logprobs,
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details.cached_tokens,
  }
}

/** The error that a request is refused with; fails if it is not, or with another. */
export async function refusal(
  pending: Promise<RuntimeAnswer>,
  code: ErrorCode,
): Promise<MeshError> {
  const error = await pending.then(
    () => undefined,
    (found: unknown) => found,
  )
  if (hasCode(error, code)) return error
  assert.fail(`expected ${code}, found ${String(error)}`)
}
