/**
 * What an answer of the engine that is not a success means for the mesh.
 *
 *     401, 403      ERR_ENGINE           it is our key that is wrong, not the client's
 *     429           ERR_OVERLOADED       with the time to come back
 *     other 4xx     passed on as it is   if it is an OpenAI error, else ERR_INVALID_REQUEST
 *     3xx, 5xx      ERR_ENGINE           another peer may do better
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import { jsonOrUndefined } from './json.ts'
import { retryAfterMs } from './retry-after.ts'

export interface EngineRefusal {
  readonly status: number
  readonly retryAfter: string | undefined
  /** `undefined`: too long to be an error message. */
  readonly text: string | undefined
}

/** Of what an engine says, shown in `details.upstream`. */
const EXCERPT_CHARS = 500

/** Of a text that may be a page, looked at. */
const PAGE_CHARS = 8_192

/** When an engine is full and does not say for how long. */
const RETRY_AFTER_DEFAULT_MS = 1_000

const openaiError = z.object({ error: z.object({ message: z.string() }) })

/** The forms in use: OpenAI; older vLLM; TGI and Ollama; FastAPI. */
const errorText = z.union([
  openaiError.transform(body => body.error.message),
  z.object({ message: z.string() }).transform(body => body.message),
  z.object({ error: z.string() }).transform(body => body.error),
  z.object({ detail: z.string() }).transform(body => body.detail),
  // Only the messages: an entry also repeats the input, which is the prompt.
  z
    .object({ detail: z.array(z.object({ msg: z.string() })) })
    .transform(body => body.detail.map(entry => entry.msg).join('; ')),
])

/** What the engine says is wrong, in one line. */
function excerptOf({ text = '' }: EngineRefusal, json: unknown): string {
  const message = errorText.safeParse(json)
  if (message.success) return plainLine(message.data)
  // JSON of an unknown form may hold the prompt.
  if (json !== undefined) return ''
  return plainLine(text)
}

/** A page of HTML, as proxies answer with, says it in its title; the rest is for browsers. */
function plainLine(text: string): string {
  const start = text.slice(0, PAGE_CHARS)
  const isPage = /<!doctype|<\/?(?:html|head|body|title|h1|p|div)\b/i.test(start)
  const [, title] = isPage ? (/<title[^>]*>([^<]+)</i.exec(start) ?? []) : []
  const words = isPage
    ? (title ??
      start.replace(/<(script|style)\b.*?(?:<\/\1>|$)/gis, ' ').replace(/<[^>]*(?:>|$)/g, ' '))
    : start
  return words.replace(/\s+/g, ' ').trim().slice(0, EXCERPT_CHARS)
}

/** @returns `undefined` if the answer says all a client must know, so it is passed on. */
export function refusalError(refusal: EngineRefusal, wallMs: number): MeshError | undefined {
  const { status } = refusal
  const json = jsonOrUndefined(refusal.text)
  const isPassedOn = status >= 400 && status < 500 && ![401, 403, 429].includes(status)
  if (isPassedOn && openaiError.safeParse(json).success) return undefined

  const excerpt = excerptOf(refusal, json)
  const details = { upstream: { status, excerpt } }
  const found = `the engine answered ${status}${excerpt === '' ? '' : `: ${excerpt}`}`
  const laterMs = retryAfterMs(refusal.retryAfter, wallMs)

  if (status === 429) {
    const waitMs = laterMs ?? RETRY_AFTER_DEFAULT_MS
    return new MeshError(found, {
      code: 'ERR_OVERLOADED',
      details: { ...details, retryAfterMs: waitMs },
    })
  }
  if (isPassedOn) return new MeshError(found, { code: 'ERR_INVALID_REQUEST', details })
  return new MeshError(found, {
    code: 'ERR_ENGINE',
    details: laterMs === undefined ? details : { ...details, retryAfterMs: laterMs },
    hint: hintFor(status),
  })
}

function hintFor(status: number): string | undefined {
  if (status === 401 || status === 403) return 'Set apiKeyPath to a file with a key it accepts.'
  if (status >= 300 && status < 400) return 'Give the base URL that it redirects to.'
  return undefined
}
