/**
 * How an engine without an OpenAI API answers OpenAI's endpoints all the same: one request in its
 * own words, and its answer put into OpenAI's.
 */
import type { ChatTemplate } from '../../node/engine-kind.ts'
import type { RuntimeAnswer, RuntimeRequest } from '../../node/runtime.ts'
import type { Exchange } from '../openai/exchange.ts'
import type { Ask } from './engine-profile.ts'

export interface TranslationDeps {
  readonly ask: Ask
  readonly wallMs: () => number
  /** `undefined`: the models go on with texts and do not chat. */
  readonly chatTemplate: ChatTemplate | undefined
  /** Tokens of an answer for which the client names no bound. */
  readonly answerTokensMax: number
}

export interface Translation {
  /** From the root of the engine's address. Asked by POST. */
  readonly path: string
  readonly body: Uint8Array
  /**
   * Reads what the engine answers with success.
   *
   * @throws MeshError ERR_ENGINE or ERR_INVALID_REQUEST if it is a failure after all.
   */
  readonly answer: (exchange: Exchange) => Promise<RuntimeAnswer>
}

/** @throws MeshError ERR_INVALID_REQUEST, ERR_NOT_SUPPORTED, or what asking the engine throws. */
export type Translate = (
  request: RuntimeRequest,
  deps: TranslationDeps,
  signal: AbortSignal,
) => Promise<Translation>
