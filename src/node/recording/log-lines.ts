/**
 * The event log of a scheduler as lines of JSON, each sealed by the ones before it.
 *
 *     {"skeinEvents":1,"version":…,"self":…,"seed":…,"atWallMs":…,"options":{…},"sum":"…"}
 *     {"n":0,"atMs":12.5,"event":{…},"effects":[…],"sum":"…"}       one event, and what came of it
 *     {"n":1,"atMs":12.6,"room":{…},"best":…,"found":"now","sum":"…"}  a question that draws by chance
 *     {"end":"closed","count":2,"sum":"…"}                          nothing, if the process was killed
 *
 * `sum` is a hash of its line and, through the sum before it, of all lines above: a byte that was
 * changed, a line that is missing or one too many is found at its place. It guards against accidents,
 * not against forgers.
 *
 * JSON has no maps, sets and numbers without end; it writes them as `{}` or `null`. Where either
 * stands in a line, the line is written again with tags; few lines have any.
 */
import { z } from 'zod'
import { addCharacter, EMPTY_TEXT, mixed } from '../../core/text-hash.ts'
import type { SchedulerEffect, SchedulerEvent } from '../../scheduler/scheduler.ts'

export const EVENT_LOG_FORMAT = 1

/** Why a log has no more lines. */
export type LogEnd = 'closed' | 'full' | 'too-slow' | 'failed'

export interface LogHeader {
  readonly skeinEvents: number
  /** Of the package that wrote it. */
  readonly version: string
  readonly self: string
  /** Of the scheduler's `Random`. */
  readonly seed: number
  readonly atWallMs: number
  readonly options: Readonly<Record<string, unknown>>
}

export interface EventEntry {
  readonly n: number
  readonly atMs: number
  readonly event: SchedulerEvent
  readonly effects: readonly SchedulerEffect[]
}

export interface RoomEntry {
  readonly n: number
  readonly atMs: number
  readonly room: Readonly<Record<string, unknown>>
  readonly best: string | null
  readonly found: string
}

export interface EndEntry {
  readonly end: LogEnd
  /** Entries before it. */
  readonly count: number
}

export const logHeader: z.ZodType<LogHeader> = z.looseObject({
  skeinEvents: z.number(),
  version: z.string(),
  self: z.string(),
  seed: z.int(),
  atWallMs: z.number(),
  options: z.record(z.string(), z.unknown()),
})

/** Of the first line. */
export const FIRST_SUM = EMPTY_TEXT

const SUM = /,"sum":"([0-9a-f]{8})"\}$/

/** JSON has lost something, perhaps. */
const LOSS = /null|\{\}/

const TAG = '$skein'

const NUMBERS = new Map<unknown, number>(
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map(each => [
    String(each),
    each,
  ]),
)

export interface Sealed {
  /** Without the end of the line. */
  readonly line: string
  readonly sum: number
}

/** Writes an entry down behind a line with the sum `before`. */
export function sealLine(entry: object, before: number): Sealed {
  const text = encode(entry).slice(0, -1)
  const sum = sumOf(text, before)
  return { line: `${text},"sum":"${mixed(sum).toString(16).padStart(8, '0')}"}`, sum }
}

/** `undefined`: it is not the line that was written behind one with the sum `before`. */
export function openLine(
  line: string,
  before: number,
): { readonly entry: unknown; readonly sum: number } | undefined {
  const found = SUM.exec(line)
  if (found === null) return undefined
  const text = line.slice(0, found.index)
  const sum = sumOf(text, before)
  if (mixed(sum) !== Number.parseInt(found[1] ?? '', 16)) return undefined
  return { entry: decode(`${text}}`), sum }
}

function sumOf(text: string, before: number): number {
  let sum = before
  for (let index = 0; index < text.length; index++) sum = addCharacter(sum, text.charCodeAt(index))
  return sum
}

/** As JSON, with tags where JSON has no word. Equal values are equal texts. */
export function encode(value: unknown): string {
  const text = JSON.stringify(value)
  return LOSS.test(text) ? JSON.stringify(value, tagged) : text
}

/** @throws SyntaxError */
export function decode(text: string): unknown {
  return text.includes(TAG) ? JSON.parse(text, untagged) : JSON.parse(text)
}

function tagged(_key: string, value: unknown): unknown {
  if (value instanceof Map) return { [TAG]: 'map', entries: [...value] }
  if (value instanceof Set) return { [TAG]: 'set', items: [...value] }
  if (typeof value === 'number' && !Number.isFinite(value)) return { [TAG]: String(value) }
  return value
}

function untagged(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(TAG in value)) return value
  const { [TAG]: tag, entries, items } = value as Record<string, unknown>
  if (tag === 'map' && Array.isArray(entries)) return new Map(entries as [unknown, unknown][])
  if (tag === 'set' && Array.isArray(items)) return new Set(items as unknown[])
  return NUMBERS.get(tag) ?? value
}
