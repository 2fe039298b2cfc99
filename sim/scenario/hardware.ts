/**
 * What a scenario says of GPUs: how fast each kind runs each class of models, how much fits on it, and
 * what it costs.
 */
import { z } from 'zod'
import { count, durationMs } from '../../src/core/option-fields.ts'

const milliseconds = () => z.number().min(0).max(3_600_000).meta({ unit: 'ms' })

/**
 * One step of a batch takes
 *
 *     stepBaseMs + stepPerSequenceMs × sequences + stepPerContextTokenMs × tokens in their contexts
 *       + prefillTokenMs × prompt tokens read in this step
 *
 * and makes one token of each sequence that has read its prompt.
 */
export const languageSpeed = z.strictObject({
  stepBaseMs: milliseconds().gt(0).describe('Of every step: the weights are read once.'),
  stepPerSequenceMs: milliseconds().default(0).describe('For each sequence in the batch.'),
  stepPerContextTokenMs: milliseconds()
    .default(0)
    .describe('For each token in the contexts of the batch: the cache is read once.'),
  prefillTokenMs: milliseconds().gt(0).describe('For each token of a prompt that is read.'),
  prefillChunkTokens: count(1, 1_000_000, 'tokens')
    .default(2_048)
    .describe('Tokens of prompts and sequences in one step at most (chunked prefill).'),
  sequencesMax: count(1, 65_536, 'sequences')
    .default(64)
    .describe('Requests worked on at once; more wait.'),
  kvCacheTokens: count(1, 1_000_000_000, 'tokens')
    .default(400_000)
    .describe('Tokens of prompts and answers that the cache holds.'),
  prefixCache: z
    .boolean()
    .default(true)
    .describe('Whether prompts that begin alike are read once, while the cache has room.'),
  loadMs: durationMs(0, 3_600_000).default(30_000).describe('Time to load the model.'),
})

/** Requests that arrive within a window are worked on together; so are as many as there is place for. */
export const batchSpeed = z.strictObject({
  windowMs: milliseconds().default(8).describe('How long the first request of a batch waits.'),
  batchMax: count(1, 65_536, 'requests').default(32).describe('Requests in one batch at most.'),
  batchBaseMs: milliseconds().gt(0).describe('Of every batch.'),
  perUnitMs: milliseconds()
    .default(0)
    .describe('For each unit of a request: a megapixel, or a second of sound.'),
  loadMs: durationMs(0, 3_600_000).default(10_000).describe('Time to load the model.'),
})

export const gpuProfile = z.strictObject({
  vramGib: z.number().gt(0).max(4_096).default(80).describe('Memory.'),
  dollarsPerHour: z.number().min(0).max(1_000).default(2.5).describe('Price of its time.'),
  idleWatts: z.number().min(0).max(10_000).default(80).describe('Power while nothing runs.'),
  busyWatts: z.number().min(0).max(10_000).default(400).describe('Power while it works.'),
  llm: languageSpeed.optional().describe('Language models. Left out: it runs none.'),
  vision: batchSpeed.optional().describe('Image models. Left out: it runs none.'),
  asr: batchSpeed.optional().describe('Speech models. Left out: it runs none.'),
})

export type LanguageSpeed = z.output<typeof languageSpeed>
export type BatchSpeed = z.output<typeof batchSpeed>
export type GpuProfile = z.output<typeof gpuProfile>
