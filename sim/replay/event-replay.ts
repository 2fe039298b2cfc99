/**
 * Runs the scheduler of production over the event log of a node, and compares what it does with what
 * it did.
 *
 *     line --opened--> entry --> Scheduler.step --> effects == those of the log ?
 *
 * Lines come one by one, so a log may be larger than memory. The first difference ends it: whatever
 * follows from another choice differs too. A log that was cut off is replayed as far as it goes.
 */

import { MeshError } from '../../src/core/errors.ts'
import { Random } from '../../src/core/random.ts'
import {
  type EndEntry,
  EVENT_LOG_FORMAT,
  type EventEntry,
  encode,
  FIRST_SUM,
  type LogEnd,
  type LogHeader,
  logHeader,
  openLine,
  type RoomEntry,
} from '../../src/node/recording/log-lines.ts'
import type { DecisionRecord } from '../../src/scheduler/decision.ts'
import { type SchedulerOptions, schedulerOptions } from '../../src/scheduler/options.ts'
import {
  type ScheduleRequest,
  Scheduler,
  type SchedulerEvent,
} from '../../src/scheduler/scheduler.ts'

/** What came of a log. */
export interface ReplayResult {
  readonly header: LogHeader
  /** Questions that draw by chance among them. */
  readonly eventCount: number
  readonly decisionCount: number
  /** `undefined`: all that was replayed is as it was. */
  readonly difference: Difference | undefined
  /** How the log ends. `cut-off`: without a word, as when the process was killed. */
  readonly end: LogEnd | 'cut-off'
  /** As it was when its request had ended. `undefined`: none was asked for, or it is not in the log. */
  readonly decision: DecisionRecord | undefined
}

export interface Difference {
  /** In the file, from 1. */
  readonly line: number
  /** Of the entry, from 0. */
  readonly n: number
  /** Kind of the event. */
  readonly what: string
  /** What the log has, and what came now; as JSON where it is such. */
  readonly expected: string
  readonly found: string
}

type Entry = EventEntry | RoomEntry | EndEntry

export class EventReplay {
  readonly #wantedId: string | undefined
  #header: LogHeader | undefined
  #scheduler: Scheduler | undefined
  #sum = FIRST_SUM
  #lineCount = 0
  #entryCount = 0
  #decisionCount = 0
  #difference: Difference | undefined
  #end: LogEnd | undefined
  /** A line that is not whole: the last one, or something is wrong with the log. */
  #broken: string | undefined
  #decision: DecisionRecord | undefined

  /** @param wantedId Of the decision to be told of. `undefined`: none. */
  constructor(wantedId?: string) {
    this.#wantedId = wantedId
  }

  /** Whether further lines change nothing. */
  get isOver(): boolean {
    return this.#difference !== undefined
  }

  /** @throws MeshError ERR_CONFIG if the first line is not that of an event log that we can read. */
  take(line: string): void {
    if (this.isOver) return
    this.#lineCount += 1
    if (this.#broken !== undefined) {
      this.#differ('line', 'a line as it was written', shortened(this.#broken), this.#lineCount - 1)
      return
    }
    const opened = openLine(line, this.#sum)
    if (this.#scheduler === undefined) {
      this.#begin(opened?.entry ?? firstLine(line), opened !== undefined)
    } else if (opened === undefined) {
      this.#broken = line
      return
    } else {
      this.#replay(opened.entry as Entry, this.#scheduler)
    }
    this.#sum = opened?.sum ?? this.#sum
  }

  /** There are no more lines. @throws MeshError ERR_CONFIG if there was none. */
  finish(): ReplayResult {
    if (this.#header === undefined) throw notALog('an empty file')
    // A line that ends as lines do was whole once.
    if (this.#broken?.endsWith('"}') === true && !this.isOver) {
      this.#differ('line', 'a line as it was written', shortened(this.#broken), this.#lineCount)
    }
    return {
      header: this.#header,
      eventCount: this.#entryCount,
      decisionCount: this.#decisionCount,
      difference: this.#difference,
      end: this.#end ?? 'cut-off',
      decision: this.#decision,
    }
  }

  #begin(entry: unknown, isWhole: boolean): void {
    const header = headerOf(entry)
    if (!isWhole) throw notALog('a first line that was changed after it was written')
    this.#header = header
    this.#scheduler = new Scheduler(header.self, optionsOf(header), new Random(header.seed))
  }

  #replay(entry: Entry, scheduler: Scheduler): void {
    if (this.#end !== undefined) {
      this.#differ('end', 'no more lines', 'one more', this.#lineCount)
    } else if ('end' in entry) {
      if (entry.count === this.#entryCount) this.#end = entry.end
      else this.#differ('end', `${entry.count} entries`, `${this.#entryCount}`, this.#lineCount)
    } else if ('room' in entry) {
      const { room, best, found, atMs } = entry
      const request = room as unknown as Omit<ScheduleRequest, 'id' | 'atWallMs'>
      const foundNow = scheduler.room(request, best ?? undefined, atMs)
      if (foundNow === found) this.#entryCount += 1
      else this.#differ('room', found, foundNow, this.#lineCount)
    } else {
      this.#step(entry, scheduler)
    }
  }

  #step({ event, atMs, effects }: EventEntry, scheduler: Scheduler): void {
    const expected = encode(effects)
    const found = encode(scheduler.step(event, atMs))
    this.#keepWanted(event, scheduler)
    if (found !== expected) {
      this.#differ(event.type, expected, found, this.#lineCount)
      return
    }
    this.#entryCount += 1
    if (event.type === 'request-arrived') this.#decisionCount += 1
  }

  #keepWanted(event: SchedulerEvent, scheduler: Scheduler): void {
    if (this.#wantedId === undefined) return
    const id = event.type === 'request-arrived' ? event.request.id : 'id' in event ? event.id : ''
    if (id === this.#wantedId) this.#decision = scheduler.decision(id) ?? this.#decision
  }

  #differ(what: string, expected: string, found: string, line: number): void {
    this.#difference = { line, n: this.#entryCount, what, expected, found }
  }
}

function headerOf(entry: unknown): LogHeader {
  const parsed = logHeader.safeParse(entry)
  if (!parsed.success) throw notALog('a first line of another kind')
  const { skeinEvents: format } = parsed.data
  if (format === EVENT_LOG_FORMAT) return parsed.data
  throw new MeshError(
    `expected an event log of format ${EVENT_LOG_FORMAT}, found format ${format}`,
    {
      code: 'ERR_CONFIG',
      hint: `Replay it with the version that wrote it: ${parsed.data.version}.`,
    },
  )
}

function optionsOf({ options, version }: LogHeader): SchedulerOptions {
  const parsed = schedulerOptions.safeParse(options)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new MeshError(
    `expected the scheduler's options of this version in the first line, found ${issue?.message}`,
    { code: 'ERR_CONFIG', hint: `Replay it with the version that wrote it: ${version}.` },
  )
}

/** As it stands, to say what it is if it cannot be trusted. */
function firstLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) throw notALog('a first line that is no JSON')
    throw error
  }
}

function notALog(found: string): MeshError {
  return new MeshError(`expected an event log of a scheduler, found ${found}`, {
    code: 'ERR_CONFIG',
    hint: 'A peer writes one with --record-events FILE.',
  })
}

const SHOWN_MAX = 200

const shortened = (text: string) =>
  text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
