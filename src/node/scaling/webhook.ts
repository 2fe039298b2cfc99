/**
 * Posts JSON to a URL, one after the other, each until it is taken or given up.
 *
 *     post --> waiting, oldest first --> POST --2xx--> gone
 *                                          '--else--> again later, `attemptsMax` times
 *
 * Bounded: more than `WAITING_MAX` wait for no one, and the oldest is dropped, since newer advice
 * says more. A receiver knows a repetition by its `Idempotency-Key`.
 */
import { MeshError } from '../../core/errors.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'

export const WAITING_MAX = 64

const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 60_000

export interface WebhookOptions {
  readonly url: string
  readonly timeoutMs: number
  readonly attemptsMax: number
}

export interface WebhookDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly fetch: typeof globalThis.fetch
  /** A text that no other post has. */
  readonly newId: () => string
  readonly onOutcome: (outcome: 'sent' | 'failed' | 'dropped') => void
}

interface Post {
  readonly key: string
  readonly body: string
}

export class Webhook {
  readonly #options: WebhookOptions
  readonly #deps: WebhookDeps
  readonly #waiting: Post[] = []
  readonly #closing = new AbortController()
  #sending: Promise<void> | undefined

  constructor(options: WebhookOptions, deps: WebhookDeps) {
    this.#options = options
    this.#deps = deps
  }

  post(value: object): void {
    if (this.#closing.signal.aborted) return
    this.#waiting.push({ key: this.#deps.newId(), body: JSON.stringify(value) })
    if (this.#waiting.length > WAITING_MAX) {
      this.#waiting.shift()
      this.#deps.onOutcome('dropped')
    }
    this.#sending ??= this.#sendAll()
  }

  /** Gives up what waits. */
  async close(): Promise<void> {
    this.#closing.abort(
      new MeshError('expected a webhook in use, found it closed', { code: 'ERR_STOPPING' }),
    )
    await this.#sending
  }

  async #sendAll(): Promise<void> {
    for (let post = this.#waiting.shift(); post !== undefined; post = this.#waiting.shift()) {
      if (this.#closing.signal.aborted) break
      this.#deps.onOutcome((await this.#send(post)) ? 'sent' : 'failed')
    }
    this.#sending = undefined
  }

  async #send(post: Post): Promise<boolean> {
    const { attemptsMax } = this.#options
    for (let attempt = 1; ; attempt++) {
      const problem = await this.#try(post)
      if (problem === undefined) return true
      const isLast = attempt >= attemptsMax || this.#closing.signal.aborted
      this.#deps.logger.warn('a webhook was not taken', { attempt, isLast, error: problem })
      if (isLast) return false
      await this.#pause(Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (attempt - 1)))
      if (this.#closing.signal.aborted) return false
    }
  }

  /** What is wrong, or nothing. */
  async #try({ key, body }: Post): Promise<unknown> {
    const { url, timeoutMs } = this.#options
    try {
      const response = await this.#deps.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeoutMs)]),
        // Whoever answers elsewhere was not configured.
        redirect: 'manual',
      })
      await response.body?.cancel()
      return response.ok
        ? undefined
        : new Error(`expected a status of 200 to 299, found ${response.status}`)
    } catch (error) {
      return error
    }
  }

  #pause(durationMs: number): Promise<void> {
    const { clock } = this.#deps
    const { signal } = this.#closing
    return new Promise(resolve => {
      const cancel = clock.wakeAt(clock.nowMs() + durationMs, end)
      signal.addEventListener('abort', end)
      function end() {
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
    })
  }
}
