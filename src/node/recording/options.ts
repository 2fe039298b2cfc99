/**
 * Options of recording.
 */
import { z } from 'zod'
import { bytes } from '../../core/option-fields.ts'
import { filePath } from '../options.ts'

export const recordingOptions = z
  .strictObject({
    eventsPath: filePath()
      .nullable()
      .prefault(null)
      .describe(
        'File to which everything that the scheduler hears and does is written, for `skein sim replay`. No prompts; names of peers, models and tenants. `null`: none.',
      ),

    eventsMaxBytes: bytes(4_096, 1_099_511_627_776)
      .default(1_073_741_824)
      .describe('Size at which that file ends. The peer goes on.'),
  })
  .describe('Recording')

export type RecordingOptions = z.output<typeof recordingOptions>
