/**
 * Options of GPU telemetry.
 */
import { z } from 'zod'

export const gpuOptions = z
  .strictObject({
    command: z
      .string()
      .min(1)
      .max(4_096)
      .default('nvidia-smi')
      .describe('Program that reads NVIDIA GPUs: a name on PATH, or a path.'),

    refreshIntervalMs: z
      .int()
      .min(200)
      .max(600_000)
      .meta({ unit: 'ms' })
      .default(2_000)
      .describe('Time between two readings.'),

    timeoutMs: z
      .int()
      .min(100)
      .max(60_000)
      .meta({ unit: 'ms' })
      .default(10_000)
      .describe('How long a reading may take. The first wakes the driver, which takes seconds.'),

    failuresMax: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('Failed readings in a row after which the last values no longer count.'),
  })
  .describe('GPU telemetry')

export type GpuOptions = z.output<typeof gpuOptions>
