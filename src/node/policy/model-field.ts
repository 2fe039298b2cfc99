/**
 * Puts another value into a field of a request, such as its model, without touching any other byte of it.
 *
 * To parse and write anew would change numbers that JavaScript cannot hold and fields that stand
 * twice; engines shall see what the client sent.
 */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b])
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d])

/** @param body A JSON object; its `model` is a text. */
export function withModel(body: Uint8Array, model: string): Uint8Array {
  return withField(body, 'model', model)
}

/** @param body A JSON object. The field is changed where its value is a text. */
export function withField(body: Uint8Array, field: string, value: string | number): Uint8Array {
  const parts: Uint8Array[] = []
  let copied = 0
  for (const { start, end } of textValues(body, field)) {
    parts.push(body.subarray(copied, start), Buffer.from(JSON.stringify(value)))
    copied = end
  }
  return Buffer.concat([...parts, body.subarray(copied)])
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Texts that are the value of a field of that name of the outermost object. */
function* textValues(body: Uint8Array, field: string): Generator<Span> {
  let isIt = false
  for (const span of outermostTexts(body)) {
    if (isKey(body, span.end)) isIt = textAt(body, span) === field
    else if (isIt) yield span
  }
}

/** Keys and texts of the outermost object. */
function* outermostTexts(body: Uint8Array): Generator<Span> {
  let depth = 0
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (OPENING.has(byte)) depth += 1
    else if (CLOSING.has(byte)) depth -= 1
    else if (byte === QUOTE) {
      const end = textEnd(body, at)
      if (depth === 1) yield { start: at, end }
      at = end - 1
    }
  }
}

function textEnd(body: Uint8Array, start: number): number {
  for (let at = start + 1; at < body.length; at++) {
    const byte = body[at]
    if (byte === BACKSLASH) at += 1
    else if (byte === QUOTE) return at + 1
  }
  return body.length
}

function isKey(body: Uint8Array, end: number): boolean {
  let at = end
  // The four bytes that JSON takes for space are the ones up to a space.
  while ((body[at] ?? 0xff) <= 0x20) at += 1
  return body[at] === COLON
}

function textAt(body: Uint8Array, { start, end }: Span): unknown {
  return JSON.parse(Buffer.from(body.subarray(start, end)).toString('utf8'))
}
