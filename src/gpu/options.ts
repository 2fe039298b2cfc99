/**
 * Options of GPU telemetry: where readings come from, how often, and what is too much.
 */
import { z } from 'zod'
import { durationMs, httpUrl } from '../core/option-fields.ts'

const program = (name: string) => z.string().min(1).max(4_096).default(name)

const celsius = () => z.number().min(1).max(150).meta({ unit: '°C' })

export const gpuOptions = z
  .strictObject({
    nvmlPath: z
      .string()
      .min(1)
      .max(4_096)
      .nullable()
      .default(null)
      .describe("NVIDIA's management library. `null`: that of the driver, if one is loaded."),

    nvidiaSmi: program('nvidia-smi').describe(
      'Program that reads NVIDIA GPUs where the library cannot: a name on PATH, or a path.',
    ),

    dcgmUrl: httpUrl()
      .nullable()
      .default(null)
      .describe(
        'Metrics of a dcgm-exporter that reads the NVIDIA GPUs of this machine, for example ' +
          '`http://localhost:9400/metrics`; they are read there only. `null`: none.',
      ),

    amdSmi: program('amd-smi').describe('Program that reads AMD GPUs: a name on PATH, or a path.'),

    rocmSmi: program('rocm-smi').describe('Its predecessor, for where it is missing.'),

    refreshIntervalMs: durationMs(200, 600_000)
      .default(2_000)
      .describe('Time between two readings.'),

    slowIntervalMs: durationMs(200, 600_000)
      .default(15_000)
      .describe(
        'Time between two readings through a program that itself takes much of a core: those of ' +
          'AMD start Python.',
      ),

    timeoutMs: durationMs(100, 60_000)
      .default(10_000)
      .describe('How long a reading may take. The first wakes the driver, which takes seconds.'),

    failuresMax: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('Failed readings in a row after which the last values no longer count.'),

    temperatureWarnCelsius: celsius().default(80).describe('Hotter, a GPU is watched.'),

    temperatureMaxCelsius: celsius()
      .default(90)
      .describe('Hotter, a GPU is quarantined: the peer gets no requests for it.'),

    temperatureReturnCelsius: z
      .number()
      .min(0)
      .max(50)
      .meta({ unit: '°C' })
      .default(5)
      .describe('How far below a limit a GPU must cool before the limit no longer holds.'),

    powerWarnRatio: z
      .number()
      .min(0.1)
      .max(2)
      .default(0.95)
      .describe('Share of its power limit above which a GPU is watched.'),

    eccErrorsMax: z
      .int()
      .min(0)
      .max(1_000_000)
      .meta({ unit: 'errors' })
      .default(10)
      .describe(
        'Memory errors that could not be corrected, since the driver was loaded, above which a ' +
          'GPU is quarantined; from the first on it is watched.',
      ),
  })
  .refine(it => it.temperatureWarnCelsius <= it.temperatureMaxCelsius, {
    error: 'temperatureWarnCelsius must not be above temperatureMaxCelsius',
    path: ['temperatureWarnCelsius'],
  })
  .describe('GPU telemetry')

export type GpuOptions = z.output<typeof gpuOptions>
