/**
 * What a client of OpenAI's text endpoints asks for, as far as a server that goes on with one text
 * can give it. What it cannot, such as tools, is refused rather than left out in silence.
 */
import { MeshError } from '../../core/errors.ts'
import type { ChatTemplate } from '../../node/engine-kind.ts'
import type { RuntimeRequest } from '../../node/runtime.ts'
import {
  type ChatBody,
  type ChatMessage,
  readChat,
  readCompletion,
} from '../embedded/read-request.ts'
import { renderChat, type TemplateMessage } from './chat-template.ts'

export interface TextRequest {
  readonly isChat: boolean
  readonly prompt: string
  /** Texts that end the answer: those of the client, which must be heeded, … */
  readonly stops: readonly string[]
  /** … and those of the template, which the model's own end of text stands in for. */
  readonly templateStops: readonly string[]
  readonly maxTokens: number | undefined
  readonly sampling: Sampling
  readonly includeUsage: boolean
}

/** By the names that vLLM and TensorRT-LLM share. What is left out, the engine decides. */
export interface Sampling {
  readonly temperature?: number | undefined
  readonly top_p?: number | undefined
  readonly top_k?: number | undefined
  readonly min_p?: number | undefined
  readonly seed?: number | undefined
  readonly presence_penalty?: number | undefined
  readonly frequency_penalty?: number | undefined
  readonly repetition_penalty?: number | undefined
}

type Fields = Pick<
  ChatBody,
  | 'temperature'
  | 'top_p'
  | 'top_k'
  | 'min_p'
  | 'seed'
  | 'presence_penalty'
  | 'frequency_penalty'
  | 'repeat_penalty'
>

/** @throws MeshError ERR_INVALID_REQUEST if it is malformed, or asks for what cannot be given. */
export function readTextRequest(
  { endpoint, body }: Pick<RuntimeRequest, 'endpoint' | 'body'>,
  template: ChatTemplate | undefined,
): TextRequest {
  return endpoint === 'completions' ? readText(body) : readConversation(body, template)
}

function readText(body: Uint8Array): TextRequest {
  const fields = readCompletion(body)
  const { prompt } = fields
  if (typeof prompt !== 'string') throw cannot('prompt', 'one text; this engine takes no tokens')
  if (fields.logprobs !== undefined) throw cannot('logprobs', 'none; this engine tells none')
  if (fields.logit_bias !== undefined) throw cannot('logit_bias', 'none; this engine takes none')
  return {
    isChat: false,
    prompt,
    stops: fields.stop ?? [],
    templateStops: [],
    maxTokens: fields.max_tokens,
    sampling: samplingOf(fields),
    includeUsage: fields.stream_options?.include_usage ?? false,
  }
}

function readConversation(body: Uint8Array, template: ChatTemplate | undefined): TextRequest {
  const fields = readChat(body)
  if (template === undefined) throw noTemplate()
  refuseExtras(fields)
  const { prompt, stops } = renderChat(template, fields.messages.map(plainMessage))
  return {
    isChat: true,
    prompt,
    stops: fields.stop ?? [],
    templateStops: stops,
    maxTokens: fields.max_completion_tokens ?? fields.max_tokens,
    sampling: samplingOf(fields),
    includeUsage: fields.stream_options?.include_usage ?? false,
  }
}

function refuseExtras({ tools, response_format, logprobs, logit_bias }: ChatBody): void {
  if (tools !== undefined && tools.length > 0) throw cannot('tools', 'none; this engine calls none')
  if (response_format !== undefined && response_format.type !== 'text') {
    throw cannot('response_format', 'text, all this engine can answer')
  }
  if (logprobs === true) throw cannot('logprobs', 'none; this engine tells none')
  if (logit_bias !== undefined) throw cannot('logit_bias', 'none; this engine takes none')
}

function plainMessage(message: ChatMessage, index: number): TemplateMessage {
  const { role, content } = message
  if (role === 'tool') throw cannot(`messages.${index}.role`, 'no tool; this engine calls none')
  const isCall = 'tool_calls' in message && (message.tool_calls?.length ?? 0) > 0
  if (isCall) throw cannot(`messages.${index}.tool_calls`, 'none; this engine calls no tools')
  return { role: role === 'developer' ? 'system' : role, content: content ?? '' }
}

function samplingOf(fields: Fields): Sampling {
  const { temperature, top_p, top_k, min_p, seed, presence_penalty, frequency_penalty } = fields
  const penalties = { presence_penalty, frequency_penalty }
  const repetition_penalty = fields.repeat_penalty
  return { temperature, top_p, top_k, min_p, seed, ...penalties, repetition_penalty }
}

function cannot(param: string, expected: string): MeshError {
  return new MeshError(`${param}: expected ${expected}`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param },
  })
}

function noTemplate(): MeshError {
  return new MeshError('expected a model that chats, found one that only goes on with a text', {
    code: 'ERR_INVALID_REQUEST',
    hint: 'Use completions, or set chatTemplate of this engine to the template of its model.',
  })
}
