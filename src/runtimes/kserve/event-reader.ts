/**
 * Takes server-sent events apart as their bytes arrive: the `data` of each event that is complete.
 *
 * Source: WHATWG, HTML Living Standard, "Server-sent events", "Parsing an event stream", without
 * names, ids and lone CR, which no engine sends.
 */
import { MeshError } from '../../core/errors.ts'

/** Of an event that is not complete; an engine's are a token long. */
const EVENT_LENGTH_MAX = 1_048_576

const EVENT_END = /\r?\n\r?\n/

export class EventReader {
  readonly #decoder = new TextDecoder()
  #rest = ''

  /** @throws MeshError ERR_ENGINE if an event is longer than any should be. */
  add(chunk: Uint8Array): readonly string[] {
    const events = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(EVENT_END)
    this.#rest = events.pop() ?? ''
    if (this.#rest.length > EVENT_LENGTH_MAX) {
      throw new MeshError(`expected events of at most ${EVENT_LENGTH_MAX} characters, found more`, {
        code: 'ERR_ENGINE',
      })
    }
    return events.flatMap(event => dataOf(event) ?? [])
  }
}

function dataOf(event: string): string | undefined {
  const lines = event.split(/\r?\n/).filter(line => line.startsWith('data:'))
  if (lines.length === 0) return undefined
  return lines.map(line => line.slice('data:'.length).replace(/^ /, '')).join('\n')
}
