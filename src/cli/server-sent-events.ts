/**
 * Reads server-sent events from an HTTP answer: the text after `data:`, event by event.
 *
 * Source: WHATWG HTML, section 9.2 "Server-sent events". Comments, ids and event names do not
 * occur in what we read and are skipped.
 */
import { MeshError } from '../core/errors.ts'

/** An event holds a few tokens; one this long is no answer of a model. */
const EVENT_MAX_CHARS = 4_194_304

/** @throws MeshError ERR_BAD_FRAME if an event is longer than `EVENT_MAX_CHARS`. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = []
  let dataChars = 0
  for await (const line of readLines(body)) {
    if (line.startsWith('data:')) {
      dataChars = bounded(dataChars + line.length)
      data.push(line.slice('data:'.length).trimStart())
    } else if (line === '' && data.length > 0) {
      yield data.join('\n')
      data = []
      dataChars = 0
    }
  }
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
