/**
 * An event log in memory.
 */
import { EventRecorder, type EventSink } from '../../../src/node/recording/event-recorder.ts'
import type { LogEnd } from '../../../src/node/recording/log-lines.ts'

export interface MemoryLog {
  readonly recorder: EventRecorder
  readonly lines: string[]
  /** Why it ended before its writer did. */
  readonly stopped: { readonly end: LogEnd; readonly count: number }[]
}

export function memoryLog(bytesMax = 64 * 1024 ** 2, sink: Partial<EventSink> = {}): MemoryLog {
  const lines: string[] = []
  const stopped: MemoryLog['stopped'] = []
  const recorder = new EventRecorder({
    sink: {
      write: line => {
        lines.push(line)
        return undefined
      },
      close: () => Promise.resolve(),
      ...sink,
    },
    bytesMax,
    onStopped: (end, count) => stopped.push({ end, count }),
  })
  return { recorder, lines, stopped }
}
