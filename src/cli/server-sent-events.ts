/**
 * Reads server-sent events from an HTTP answer, event by event.
 *
 * Source: WHATWG HTML, section 9.2 "Server-sent events". Comments are skipped.
 */
import { MeshError } from '../core/errors.ts'

/** An event holds a few tokens; one this long is no answer of a model. */
const EVENT_MAX_CHARS = 4_194_304

export interface SentEvent {
  readonly data: string
  /** `undefined`: it has none of its own. */
  readonly id: string | undefined
  readonly event: string | undefined
}

/** The text after `data:` of each. @throws MeshError ERR_BAD_FRAME as `readSentEvents`. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const { data } of readSentEvents(body)) yield data
}

/** @throws MeshError ERR_BAD_FRAME if an event is longer than `EVENT_MAX_CHARS`. */
export async function* readSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<SentEvent> {
  let fields = new Map<string, string[]>()
  let chars = 0
  for await (const line of readLines(body)) {
    if (line !== '') {
      const [name, value] = fieldOf(line)
      chars = bounded(chars + line.length)
      const values = fields.get(name)
      if (values === undefined) fields.set(name, [value])
      else values.push(value)
      continue
    }
    const data = fields.get('data')?.join('\n')
    const [id, event] = ['id', 'event'].map(name => fields.get(name)?.at(-1))
    fields = new Map()
    chars = 0
    if (data !== undefined) yield { data, id, event }
  }
}

/** A comment has an empty name. */
function fieldOf(line: string): readonly [string, string] {
  const at = line.indexOf(':')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).trimStart()]
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    bounded(rest.length)
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
}

function bounded(chars: number): number {
  if (chars <= EVENT_MAX_CHARS) return chars
  throw new MeshError(`expected events of at most ${EVENT_MAX_CHARS} characters`, {
    code: 'ERR_BAD_FRAME',
  })
}
