/**
 * Options of the embedded engine: which model file, on what, and how much at once.
 */
import { z } from 'zod'

export const GPU_CHOICES = ['auto', 'cpu', 'cuda', 'vulkan', 'metal'] as const

export type GpuChoice = (typeof GPU_CHOICES)[number]

export const embeddedOptions = z.strictObject({
  modelPath: z
    .string()
    .min(1)
    .max(4_096)
    .nullable()
    .default(null)
    .describe('GGUF file to serve. `null`: the toy model that comes with the package.'),

  alias: z
    .string()
    .min(1)
    .max(256)
    .nullable()
    .default(null)
    .describe('Name clients ask for. `null`: the name of the file without `.gguf`.'),

  parallelMax: z
    .int()
    .min(1)
    .max(64)
    .meta({ unit: 'requests' })
    .default(4)
    .describe('Requests decoded together in one batch. Each takes a KV cache of its own.'),

  queueMax: z
    .int()
    .min(0)
    .max(10_000)
    .meta({ unit: 'requests' })
    .default(64)
    .describe('Requests that may wait for a place in the batch; more are refused with 429.'),

  contextTokens: z
    .int()
    .min(64)
    .max(1_048_576)
    .meta({ unit: 'tokens' })
    .nullable()
    .default(null)
    .describe(
      'Longest prompt and answer together. `null`: what the model was trained on, at most 8192.',
    ),

  gpu: z
    .enum(GPU_CHOICES)
    .default('auto')
    .describe('What computes. `auto`: the best for which hardware and binaries are present.'),

  threads: z
    .int()
    .min(1)
    .max(1_024)
    .nullable()
    .default(null)
    .describe('CPU threads. `null`: one on one or two cores, else one less than there are cores.'),
})

export type EmbeddedOptions = z.output<typeof embeddedOptions>
