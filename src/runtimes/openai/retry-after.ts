/**
 * Reads the `Retry-After` header: whole seconds, or a date.
 *
 * Source: RFC 9110, section 10.2.3. We also take fractions, which some engines send.
 */

/** An engine that asks for more has a broken clock; the client would wait for nothing. */
export const RETRY_AFTER_MAX_MS = 600_000

const SECONDS = /^\d+(\.\d+)?$/

/** Only what looks like an HTTP date: `Date.parse` takes almost anything for one. */
const HTTP_DATE = /^[A-Z][a-z]+, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/

/** 0 to `RETRY_AFTER_MAX_MS`; `undefined` if the header is missing or neither form. */
export function retryAfterMs(header: string | undefined, wallMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  if (SECONDS.test(text)) return Math.min(RETRY_AFTER_MAX_MS, Math.ceil(Number(text) * 1_000))
  if (!HTTP_DATE.test(text)) return undefined
  const atWallMs = Date.parse(text)
  if (Number.isNaN(atWallMs)) return undefined
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(0, Math.ceil(atWallMs - wallMs)))
}
