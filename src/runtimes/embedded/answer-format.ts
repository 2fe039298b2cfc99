/**
 * OpenAI's words for an answer: one JSON object, or server-sent events.
 *
 *     opening   the role, at once                      (chat only)
 *     piece     text, a part of a tool call, log probabilities
 *     closing   the finish reason, then the usage if asked for, then [DONE]
 */
import type { Finish, Piece, TokenFact, ToolCallPiece } from './generation.ts'

/** What every object of one answer begins with. */
export interface AnswerHead {
  readonly id: string
  /** Unix seconds. */
  readonly created: number
  readonly model: string
  readonly system_fingerprint: string
}

export interface AnswerFormat {
  opening(): readonly object[]
  piece(piece: Piece): object
  closing(finish: Finish): readonly object[]
  whole(pieces: readonly Piece[], finish: Finish): object
}

const encoder = new TextEncoder()

export function sseEvent(data: object): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(data)}\n\n`)
}

export const SSE_DONE = encoder.encode('data: [DONE]\n\n')

export function jsonBody(data: object): Uint8Array {
  return encoder.encode(JSON.stringify(data))
}

export function chatFormat(head: AnswerHead, withUsage: boolean): AnswerFormat {
  const stream = { ...head, object: 'chat.completion.chunk' }
  const choice = (delta: object, finish_reason: string | null, logprobs: object | null = null) => ({
    ...stream,
    choices: [{ index: 0, delta, logprobs, finish_reason }],
  })
  return {
    opening: () => [choice({ role: 'assistant', content: '' }, null)],
    piece: ({ text, tokens, toolCall }) =>
      toolCall === undefined
        ? choice({ content: text }, null, chatLogprobs(tokens))
        : choice({ tool_calls: [toolCallDelta(toolCall)] }, null),
    closing: finish => [
      choice({}, finish.reason),
      ...(withUsage ? [{ ...stream, choices: [], usage: usageOf(finish) }] : []),
    ],
    whole: (pieces, finish) => {
      const message = chatMessage(pieces)
      const logprobs = chatLogprobs(allTokens(pieces))
      return {
        ...head,
        object: 'chat.completion',
        choices: [{ index: 0, message, logprobs, finish_reason: finish.reason }],
        usage: usageOf(finish),
      }
    },
  }
}

export function completionFormat(head: AnswerHead, withUsage: boolean): AnswerFormat {
  const common = { ...head, object: 'text_completion' }
  const choice = ({ text, tokens }: Piece, finish_reason: string | null) => ({
    ...common,
    choices: [{ index: 0, text, logprobs: completionLogprobs(tokens), finish_reason }],
  })
  return {
    opening: () => [],
    piece: piece => choice(piece, null),
    closing: finish => [
      choice({ text: '' }, finish.reason),
      ...(withUsage ? [{ ...common, choices: [], usage: usageOf(finish) }] : []),
    ],
    whole: (pieces, finish) => {
      const text = pieces.map(piece => piece.text).join('')
      const tokens = allTokens(pieces)
      const all = tokens === undefined ? { text } : { text, tokens }
      return { ...choice(all, finish.reason), usage: usageOf(finish) }
    },
  }
}

function usageOf({ promptTokens, completionTokens, cachedTokens }: Finish): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  }
}

function toolCallDelta({ index, id, name, arguments: text }: ToolCallPiece): object {
  if (id === undefined) return { index, function: { arguments: text } }
  return { index, id, type: 'function', function: { name, arguments: text } }
}

function chatMessage(pieces: readonly Piece[]): object {
  const content = pieces.map(piece => piece.text).join('')
  const calls = new Map<number, { id: string; name: string; arguments: string }>()
  for (const { toolCall } of pieces) {
    if (toolCall === undefined) continue
    const call = calls.get(toolCall.index) ?? { id: '', name: '', arguments: '' }
    calls.set(toolCall.index, {
      id: toolCall.id ?? call.id,
      name: toolCall.name ?? call.name,
      arguments: call.arguments + toolCall.arguments,
    })
  }
  if (calls.size === 0) return { role: 'assistant', content, refusal: null }
  const tool_calls = [...calls.values()].map(({ id, ...call }) => ({
    id,
    type: 'function',
    function: call,
  }))
  return { role: 'assistant', content: content === '' ? null : content, refusal: null, tool_calls }
}

/** `undefined` if none of the pieces carries tokens, so none were asked for. */
function allTokens(pieces: readonly Piece[]): readonly TokenFact[] | undefined {
  const all = pieces.map(piece => piece.tokens).filter(tokens => tokens !== undefined)
  return all.length === 0 ? undefined : all.flat()
}

function chatLogprobs(tokens: readonly TokenFact[] | undefined): object | null {
  if (tokens === undefined) return null
  const fact = ({ text: token, logprob }: Pick<TokenFact, 'text' | 'logprob'>) => ({
    token,
    logprob,
    bytes: [...encoder.encode(token)],
  })
  const content = tokens.map(token => ({ ...fact(token), top_logprobs: token.top.map(fact) }))
  return { content, refusal: null }
}

function completionLogprobs(tokens: readonly TokenFact[] | undefined): object | null {
  if (tokens === undefined) return null
  return {
    tokens: tokens.map(token => token.text),
    token_logprobs: tokens.map(token => token.logprob),
    top_logprobs: tokens.map(token =>
      Object.fromEntries(token.top.map(({ text, logprob }) => [text, logprob])),
    ),
    text_offset: tokens.map(token => token.textOffset),
  }
}
