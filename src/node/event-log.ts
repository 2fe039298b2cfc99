/**
 * What happened in the mesh lately, as this peer saw it, for whoever follows it.
 *
 *     add --> [ oldest … newest ]   a ring of `eventsMax`; the oldest makes room
 *                 ^       ^
 *              reader   reader      each at its own place, at its own pace
 *
 * The ring is the queue of every reader, so one that is slow costs nothing and holds up nobody:
 * what it has not read when the ring comes round is gone, and it is told how much that was. An id
 * names the run of the peer and counts within it, so that an id of an earlier run, or of another
 * peer, is known to be none of ours.
 */
import type { Facts } from './log.ts'

/** The event that stands for those that cannot be given any more. */
const EVENTS_MISSED = 'events-missed'

/** Days of a mesh that is well, minutes of a large one that is not. */
const EVENTS_MAX = 1_000

/** Of a list among the facts: a peer may serve hundreds of models, and change them often. */
const LIST_MAX = 16

export interface MeshEvent {
  /** Where to go on after it: `<run>-<count>`. */
  readonly id: string
  readonly atWallMs: number
  /** What happened, for example `peer-suspect`; more kinds may come. */
  readonly event: string
  /**
   * Names and numbers. A list longer than 16 is cut, and `<name>Count` says how long it was. Of
   * `events-missed`: `count`, how many (`null`: nobody knows), and `reason`, `too-old` or
   * `unknown-id`.
   */
  readonly facts: Facts
}

/** One reader's place in the log. */
export interface EventReader {
  /** The next event; `undefined`: it has had all, and `onNews` is called when there are more. */
  next(): MeshEvent | undefined
  /** Ends it. */
  close(): void
}

/** The log as those who read it see it. */
export interface MeshEvents {
  /**
   * What happened after the event with this id, oldest first; without one, all that is kept.
   * Begins with `events-missed` if some of it is not kept, or the id is none of this run.
   */
  since(id?: string): readonly MeshEvent[]
  /**
   * A reader that begins as `since` does and goes on from there.
   *
   * @param onNews Called within the node's own work, so it must only take note. At most once
   * between two calls of `next` that gave nothing.
   */
  read(onNews: () => void, id?: string): EventReader
}

export interface EventLogInit {
  /** Differs from that of every other run of every peer. */
  readonly run: string
  readonly wallMs: () => number
  readonly eventsMax?: number
}

export class EventLog implements MeshEvents {
  readonly #run: string
  readonly #wallMs: () => number
  readonly #eventsMax: number
  /** The event with count n is at n modulo `eventsMax`. */
  readonly #ring: MeshEvent[] = []
  readonly #listeners = new Set<() => void>()
  /** Events so far, and the count of the newest; the first has 1. */
  #count = 0

  constructor({ run, wallMs, eventsMax = EVENTS_MAX }: EventLogInit) {
    this.#run = run
    this.#wallMs = wallMs
    this.#eventsMax = eventsMax
  }

  add(event: string, facts: Facts): void {
    this.#count += 1
    const id = this.#idOf(this.#count)
    const entry = { id, atWallMs: this.#wallMs(), event, facts: shortened(facts) }
    this.#ring[this.#count % this.#eventsMax] = entry
    for (const listener of this.#listeners) listener()
  }

  since(id?: string): readonly MeshEvent[] {
    const reader = this.read(() => {}, id)
    const events: MeshEvent[] = []
    for (let event = reader.next(); event !== undefined; event = reader.next()) events.push(event)
    reader.close()
    return events
  }

  read(onNews: () => void, id?: string): EventReader {
    const known = id === undefined ? this.#oldestCount - 1 : this.#countOf(id)
    let isStranger = known === undefined
    let readCount = known ?? this.#oldestCount - 1
    let isWaiting = false
    const listener = () => {
      if (!isWaiting) return
      isWaiting = false
      onNews()
    }
    this.#listeners.add(listener)

    const next = () => {
      const missedCount = this.#oldestCount - 1 - readCount
      if (isStranger || missedCount > 0) {
        const facts = isStranger
          ? { count: null, reason: 'unknown-id' }
          : { count: missedCount, reason: 'too-old' }
        isStranger = false
        readCount = this.#oldestCount - 1
        return this.#missed(facts)
      }
      isWaiting = readCount === this.#count
      if (isWaiting) return undefined
      readCount += 1
      return this.#ring[readCount % this.#eventsMax]
    }
    return { next, close: () => this.#listeners.delete(listener) }
  }

  /** Of the oldest event that is kept, or of the first to come. */
  get #oldestCount(): number {
    return Math.max(1, this.#count - this.#eventsMax + 1)
  }

  #idOf(count: number): string {
    return `${this.#run}-${count}`
  }

  /** `undefined`: no event of this run has that id. */
  #countOf(id: string): number | undefined {
    const count = Number(id.slice(this.#run.length + 1))
    const isOurs = Number.isInteger(count) && count <= this.#count && id === this.#idOf(count)
    return isOurs && count >= 0 ? count : undefined
  }

  /** Its id is that of the newest event which is gone: whoever goes on after it has the rest. */
  #missed(facts: Facts): MeshEvent {
    const id = this.#idOf(this.#oldestCount - 1)
    return { id, atWallMs: this.#wallMs(), event: EVENTS_MISSED, facts }
  }
}

function shortened(facts: Facts): Facts {
  const entries = Object.entries(facts).flatMap(([name, value]) =>
    Array.isArray(value) && value.length > LIST_MAX
      ? [
          [name, value.slice(0, LIST_MAX)],
          [`${name}Count`, value.length],
        ]
      : [[name, value]],
  )
  return Object.fromEntries(entries)
}
