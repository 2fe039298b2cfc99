/**
 * What the ingress reads of an inference request: enough to place it, no more.
 *
 * The body goes to the engine as the bytes the client sent, so parameters that we have never
 * heard of work. Checked is only what every engine needs and what the scheduler counts with.
 */
import { MeshError } from '../core/errors.ts'
import { PrefixReader, type PromptPrefix } from '../core/prompt-prefix.ts'
import { BYTES_PER_TOKEN, wideBytesOf } from '../core/token-density.ts'
import type { Endpoint } from '../node/runtime.ts'
import { isPriority, type Priority } from '../scheduler/admission/priority.ts'
import { type Fields, invalid, isObject, MODEL_LENGTH_MAX } from './fields.ts'
import { parseJson } from './json-body.ts'

export interface InferenceRequest {
  readonly model: string
  readonly isStream: boolean
  /** Text bytes divided by four, the usual size of a token; token ids count one each. */
  readonly inputTokens: number
  /** Of those, the ones of text in other scripts than ASCII. */
  readonly wideTokens: number
  readonly outputTokensMax: number | undefined
  /** How the prompt begins. `undefined`: it is no text, or nothing that is answered one by one. */
  readonly prefix: PromptPrefix | undefined
  /** Set if the body names one of ours; any other value of that field is the engine's. */
  readonly priority?: Priority
}

/** @throws MeshError ERR_INVALID_REQUEST that names the field at fault. */
export function readInferenceRequest(endpoint: Endpoint, body: Buffer): InferenceRequest {
  const fields = parseFields(body)
  const { model } = fields
  if (typeof model !== 'string' || model === '' || model.length > MODEL_LENGTH_MAX) {
    throw invalid('model', `a string of 1 to ${MODEL_LENGTH_MAX} characters`, model)
  }
  const { bytes, wideBytes, tokens, prefix } = inputSize(endpoint, fields)
  return {
    model,
    prefix,
    ...(isPriority(fields['priority']) ? { priority: fields['priority'] } : {}),
    isStream: endpoint !== 'embeddings' && optionalBoolean(fields, 'stream') === true,
    inputTokens: Math.max(1, tokens + Math.ceil(bytes / BYTES_PER_TOKEN)),
    wideTokens: wideBytes / BYTES_PER_TOKEN,
    outputTokensMax:
      endpoint === 'embeddings'
        ? undefined
        : (optionalCount(fields, 'max_completion_tokens') ?? optionalCount(fields, 'max_tokens')),
  }
}

function parseFields(body: Buffer): Fields {
  if (body.length === 0) {
    throw new MeshError('The body must be a JSON object; it is empty.', {
      code: 'ERR_INVALID_REQUEST',
    })
  }
  const value = parseJson(body)
  if (!isObject(value)) throw invalid('body', 'a JSON object', value)
  return value
}

interface InputSize extends Omit<TextSize, 'add'> {
  readonly prefix?: PromptPrefix | undefined
}

class TextSize {
  bytes = 0
  /** Of `bytes`, those of characters beyond ASCII. */
  wideBytes = 0
  /** That were sent as ids. */
  tokens = 0

  add(text: string): void {
    const bytes = Buffer.byteLength(text)
    this.bytes += bytes
    this.wideBytes += wideBytesOf(text, bytes)
  }
}

function inputSize(endpoint: Endpoint, fields: Fields): InputSize {
  switch (endpoint) {
    case 'chat/completions':
      return chatSize(fields)
    case 'completions':
      return { ...promptSize('prompt', fields['prompt']), prefix: textPrefix(fields['prompt']) }
    case 'embeddings':
      return promptSize('input', fields['input'])
  }
}

/** Tools stand before the messages, as chat templates have it. */
function chatSize({ messages, tools }: Fields): InputSize {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid('messages', 'an array of at least one message', messages)
  }
  const prefix = new PrefixReader()
  // Engines write the tools into the prompt.
  const toolsText = tools === undefined ? '' : JSON.stringify(tools)
  prefix.add(toolsText)
  const size = new TextSize()
  size.add(toolsText)
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) throw invalid(`messages[${index}]`, 'an object', message)
    const { role, content } = message
    if (typeof role !== 'string') throw invalid(`messages[${index}].role`, 'a string', role)
    prefix.add(`\n${role}\n`)
    for (const text of contentTexts(content)) {
      size.add(text)
      prefix.add(text)
    }
    if (role === 'user') prefix.endRoot()
  }
  return { ...size, prefix: prefix.end() }
}

/** Text only: an image's bytes say nothing about its tokens. */
function contentTexts(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content]
  if (!Array.isArray(content)) return []
  return content.flatMap(part =>
    isObject(part) && typeof part['text'] === 'string' ? [part['text']] : [],
  )
}

/** Several prompts in one request have several beginnings. */
function textPrefix(prompt: unknown): PromptPrefix | undefined {
  if (typeof prompt !== 'string') return undefined
  const prefix = new PrefixReader()
  prefix.add(prompt)
  return prefix.end()
}

/** `prompt` and `input`: a text, token ids, or a list of either. */
function promptSize(param: string, value: unknown): InputSize {
  const size = new TextSize()
  if (typeof value === 'string' && (value !== '' || param === 'prompt')) {
    size.add(value)
    return size
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid(param, 'a text, or a non-empty array of texts or token ids', value)
  }
  for (const [index, item] of value.entries()) {
    if (typeof item === 'string') size.add(item)
    else if (typeof item === 'number') size.tokens += 1
    else if (Array.isArray(item)) size.tokens += item.length
    else throw invalid(`${param}[${index}]`, 'a text or token ids', item)
  }
  return size
}

function optionalBoolean(fields: Fields, param: string): boolean | undefined {
  const value = fields[param]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw invalid(param, 'a boolean', value)
  return value
}

function optionalCount(fields: Fields, param: string): number | undefined {
  const value = fields[param]
  if (value === undefined || value === null) return undefined
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw invalid(param, 'an integer of at least 1', value)
  }
  return value as number
}
