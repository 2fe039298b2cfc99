/**
 * The text that an engine makes, in OpenAI's words: one JSON object, or server-sent events. Token
 * counts are there if the engine tells them, and are left out if not.
 */
import { jsonBody, SSE_DONE, sseEvent } from '../embedded/answer-format.ts'
import type { GeneratedPiece } from './generate.ts'

export interface TextAnswerHead {
  readonly id: string
  /** Unix seconds. */
  readonly created: number
  readonly model: string
}

export interface TextAnswerOptions {
  readonly head: TextAnswerHead
  readonly isChat: boolean
  readonly includeUsage: boolean
  /** Tokens at which it is cut. */
  readonly maxTokens: number
}

/** Gathers the pieces of one answer, and writes them down as they come or all at once. */
export class TextAnswer {
  readonly #options: TextAnswerOptions
  #promptTokens: number | undefined
  #outputTokens: number | undefined
  #finishReason: 'stop' | 'length' | undefined

  constructor(options: TextAnswerOptions) {
    this.#options = options
  }

  /** Before all pieces of a stream. */
  opening(): readonly Uint8Array[] {
    return this.#options.isChat ? [this.#event({ role: 'assistant', content: '' }, '', null)] : []
  }

  /** One piece of a stream. */
  piece(piece: GeneratedPiece): readonly Uint8Array[] {
    this.#count(piece)
    const { text } = piece
    return text === '' ? [] : [this.#event({ content: text }, text, null)]
  }

  /** After all pieces of a stream. */
  closing(): readonly Uint8Array[] {
    const usage = this.#usage()
    const last = { ...this.#common('chat.completion.chunk'), choices: [], usage }
    return [
      this.#event({}, '', this.#reason()),
      ...(this.#options.includeUsage && usage !== undefined ? [sseEvent(last)] : []),
      SSE_DONE,
    ]
  }

  whole(piece: GeneratedPiece): Uint8Array {
    this.#count(piece)
    const content = piece.text
    const choice = this.#options.isChat
      ? { message: { role: 'assistant', content, refusal: null } }
      : { text: content }
    const choices = [{ index: 0, ...choice, logprobs: null, finish_reason: this.#reason() }]
    const usage = this.#usage()
    return jsonBody({
      ...this.#common('chat.completion'),
      choices,
      ...(usage === undefined ? {} : { usage }),
    })
  }

  #count({ finishReason, promptTokens, outputTokens }: GeneratedPiece): void {
    this.#finishReason = finishReason ?? this.#finishReason
    this.#promptTokens = promptTokens ?? this.#promptTokens
    if (outputTokens !== undefined) this.#outputTokens = (this.#outputTokens ?? 0) + outputTokens
  }

  #event(delta: object, text: string, finish_reason: string | null): Uint8Array {
    const said = this.#options.isChat ? { delta } : { text }
    const choices = [{ index: 0, ...said, logprobs: null, finish_reason }]
    return sseEvent({ ...this.#common('chat.completion.chunk'), choices })
  }

  #common(chatObject: string): object {
    const { head, isChat } = this.#options
    return { ...head, object: isChat ? chatObject : 'text_completion' }
  }

  /** An engine that does not say why it ended has at least been told when to. */
  #reason(): 'stop' | 'length' {
    const isCut = (this.#outputTokens ?? 0) >= this.#options.maxTokens
    return this.#finishReason ?? (isCut ? 'length' : 'stop')
  }

  #usage(): object | undefined {
    const [prompt_tokens, completion_tokens] = [this.#promptTokens, this.#outputTokens]
    if (prompt_tokens === undefined || completion_tokens === undefined) return undefined
    return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
  }
}
