/**
 * Reads a JSON body, and says where it stops being JSON.
 *
 * V8 quotes the text around a fault. Our messages reach logs, where no prompt may stand, so the
 * quote is turned into a place.
 */
import { isUtf8 } from 'node:buffer'
import { MeshError } from '../core/errors.ts'

/** How many characters V8 quotes on each side of the fault (`kMaxContextCharacters`). */
const QUOTED_CHARACTERS = 10

const QUOTE = /^(Unexpected token .{1,6}), (\.\.\.)?"(.*)"(\.\.\.)? is not valid JSON$/su

/** @throws MeshError ERR_INVALID_REQUEST. */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) {
    throw new MeshError(
      `The body must be JSON in UTF-8; found ${body.length} bytes that are not UTF-8.`,
      { code: 'ERR_INVALID_REQUEST', hint: 'Encode the body as UTF-8.' },
    )
  }
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    const fault = describeFault(text, error instanceof Error ? error.message : String(error))
    // Without `cause`: it holds the quote.
    // biome-ignore lint/style/useErrorCause: see above.
    throw new MeshError(`The body (${body.length} bytes) is not valid JSON: ${fault}.`, {
      code: 'ERR_INVALID_REQUEST',
    })
  }
}

/** @param message V8's. Without a quote it already gives line and column, or the end. */
function describeFault(text: string, message: string): string {
  const [, problem, before, context, after] = QUOTE.exec(message) ?? []
  if (problem === undefined || context === undefined) return message
  const start = before === undefined ? 0 : text.indexOf(context)
  if (before !== undefined) return `${problem} at ${place(text, start + QUOTED_CHARACTERS)}`
  if (after !== undefined) return `${problem} at ${place(text, context.length - QUOTED_CHARACTERS)}`
  return problem
}

function place(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n')
  return `line ${lines.length} column ${(lines.at(-1) ?? '').length + 1}`
}
