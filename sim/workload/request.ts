/**
 * One request of a simulated workload: everything about it is known before it is sent.
 */
import type { PromptPrefix } from '../../src/core/prompt-prefix.ts'
import type { Priority } from '../../src/scheduler/admission/priority.ts'

export interface SimRequest {
  /** In the order they come, from 0. */
  readonly index: number
  readonly atMs: number
  readonly kind: 'llm' | 'vision' | 'asr'
  readonly model: string
  /** Of the prompt. 0 for images and sound. */
  readonly inputTokens: number
  /** Of the answer; nobody knows before it is made. 1 at least for language models. */
  readonly outputTokens: number
  /** What the client allows. `undefined`: whatever it takes. */
  readonly outputTokensMax: number | undefined
  /** Megapixels, or seconds of sound. 0 for language models. */
  readonly units: number
  /** Empty: nobody's in particular. */
  readonly tenant: string
  readonly priority: Priority
  /** Until its first token must be there. `undefined`: whenever. */
  readonly beginWithinMs: number | undefined
  /** Which ingress takes it, from 0. */
  readonly ingress: number
  /**
   * The prompt as blocks of `BLOCK_TOKENS`: two prompts that begin with the same blocks begin alike.
   * The last block may be shorter. Empty: it has nothing in common with any.
   */
  readonly blocks: readonly number[]
  /** What an ingress makes of the beginning of the prompt. `undefined`: shorter than it looks at. */
  readonly prefix: PromptPrefix | undefined
}

/** As in the Mooncake traces. */
export const BLOCK_TOKENS = 512

/** Requests one by one, in the order of their time. */
export interface Workload {
  /** `undefined`: no more come. */
  next(): SimRequest | undefined
}
