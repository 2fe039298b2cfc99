/**
 * Begins an event log if the options name a file for it.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { openEventFile } from './event-file.ts'
import { EventRecorder } from './event-recorder.ts'
import type { RecordingOptions } from './options.ts'

/** @returns `undefined`: nobody wants one. @throws MeshError ERR_STORAGE. */
export async function openRecorder(
  { eventsPath: path, eventsMaxBytes: bytesMax }: RecordingOptions,
  deps: { readonly clock: Clock; readonly logger: Logger },
): Promise<EventRecorder | undefined> {
  if (path === null) return undefined
  const sink = await openEventFile(path, deps)
  const onStopped = (end: string, count: number) =>
    deps.logger.warn('the event log has ended before the peer', { path, end, count, bytesMax })
  return new EventRecorder({ sink, bytesMax, onStopped })
}
