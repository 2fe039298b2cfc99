/**
 * Writes down what a scheduler heard and what it did, line by line, up to a bound.
 *
 * What comes after the bound, or after the sink has failed, is not written: the log ends with a line
 * that says so, and what it has is still the beginning of the run, whole.
 *
 * A prompt is in no event. The words of an error may quote one, so a hash stands for them, in the
 * event and in the refusal that passes them on.
 */
import { textHash } from '../../core/text-hash.ts'
import type { SchedulerEffect, SchedulerEvent } from '../../scheduler/scheduler.ts'
import { EVENT_LOG_FORMAT, FIRST_SUM, type LogEnd, type LogHeader, sealLine } from './log-lines.ts'

/** Where the lines go. */
export interface EventSink {
  /** Takes one line. Never waits, never throws. @returns why it takes no more. */
  write(line: string): Exclude<LogEnd, 'closed' | 'full'> | undefined
  /** All that was written is on its way. */
  close(): Promise<void>
}

export interface EventRecorderInit {
  readonly sink: EventSink
  /** Of all lines together. */
  readonly bytesMax: number
  /** The log has ended before the peer. */
  readonly onStopped: (end: LogEnd, count: number) => void
}

/** For the line that says why there are no more. */
const END_LINE_BYTES = 128

export class EventRecorder {
  readonly #init: EventRecorderInit
  #sum = FIRST_SUM
  #bytes = 0
  #count = 0
  #hasEnded = false

  constructor(init: EventRecorderInit) {
    this.#init = init
  }

  /** Entries written so far. */
  get count(): number {
    return this.#count
  }

  /** Before anything else. */
  begin(header: Omit<LogHeader, 'skeinEvents'>): void {
    this.#write({ skeinEvents: EVENT_LOG_FORMAT, ...header })
  }

  event(event: SchedulerEvent, effects: readonly SchedulerEffect[], atMs: number): void {
    if (this.#hasEnded) return
    if (event.type !== 'attempt-failed' || event.message === undefined) {
      this.#entry({ atMs, event, effects })
      return
    }
    const { message } = event
    const shown = `(withheld ${textHash(message).toString(16)})`
    const without = effects.map(effect =>
      effect.type === 'refuse' && effect.message.startsWith(message)
        ? { ...effect, message: shown + effect.message.slice(message.length) }
        : effect,
    )
    this.#entry({ atMs, event: { ...event, message: shown }, effects: without })
  }

  /** A question whose answer was drawn by chance. */
  room(
    asked: { readonly room: object; readonly best: string | null },
    found: string,
    atMs: number,
  ) {
    if (!this.#hasEnded) this.#entry({ atMs, ...asked, found })
  }

  /** Ends the log, if nothing else has. */
  async close(): Promise<void> {
    if (!this.#hasEnded) this.#end('closed')
    await this.#init.sink.close()
  }

  #entry(entry: object): void {
    if (this.#write({ n: this.#count, ...entry })) this.#count += 1
  }

  #write(entry: object): boolean {
    const { sink, bytesMax, onStopped } = this.#init
    const { line, sum } = sealLine(entry, this.#sum)
    const bytes = Buffer.byteLength(line) + 1
    if (this.#bytes + bytes + END_LINE_BYTES > bytesMax) {
      this.#end('full')
      onStopped('full', this.#count)
      return false
    }
    const failure = sink.write(line)
    if (failure !== undefined) {
      this.#hasEnded = true
      onStopped(failure, this.#count)
      return false
    }
    this.#sum = sum
    this.#bytes += bytes
    return true
  }

  #end(end: LogEnd): void {
    this.#hasEnded = true
    this.#init.sink.write(sealLine({ end, count: this.#count }, this.#sum).line)
  }
}
