/**
 * Last step of the toy model's recipe: weights and vocabulary of the training to GGUF files.
 *
 *     node scripts/model/export-tiny.ts <folder>
 *
 * Reads `weights.json`, `weights.bin` and `vocabulary.json` there, which the Python scripts in
 * models/skein-tiny/recipe wrote, and adds `skein-tiny-f32.gguf`, `-f16.gguf` and `-q8_0.gguf`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type ElementType, encodeGguf, type Tensor } from './gguf.ts'
import { llamaMetadata } from './llama-model.ts'

/** What is promised; it was trained on 144, and rotary positions carry it a little beyond. */
const CONTEXT_TOKENS = 1_024

/** What the shipped file calls itself inside, from the days before the project had a name. */
const NAME = 'mesh-tiny-demo'

const weightsFile = z.object({
  shape: z.object({
    dim: z.int(),
    layers: z.int(),
    heads: z.int(),
    kvHeads: z.int(),
    ff: z.int(),
  }),
  /** Name → place in weights.bin, counted in 32-bit floats. */
  tensors: z.record(
    z.string(),
    z.object({ offset: z.int(), count: z.int(), dimensions: z.array(z.int()) }),
  ),
})

const vocabularyFile = z.object({
  tokens: z.array(z.string()),
  merges: z.array(z.string()),
  specialCount: z.int(),
})

export function exportTiny(folder: string): void {
  const readJson = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const { shape, tensors } = weightsFile.parse(readJson('weights.json'))
  const vocabulary = vocabularyFile.parse(readJson('vocabulary.json'))
  const bytes = readFileSync(join(folder, 'weights.bin'))
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)

  for (const type of ['f32', 'f16', 'q8_0'] as const satisfies readonly ElementType[]) {
    const encoded = Object.entries(tensors).map(
      ([name, { offset, count, dimensions }]): Tensor => ({
        name,
        dimensions,
        // Vectors are few and matter: they stay exact.
        type: dimensions.length === 1 ? 'f32' : type,
        data: values.subarray(offset, offset + count),
      }),
    )
    const metadata = llamaMetadata({
      name: NAME,
      shape,
      vocabulary,
      contextTokens: CONTEXT_TOKENS,
      type,
    })
    writeFileSync(join(folder, `skein-tiny-${type}.gguf`), encodeGguf(metadata, encoded))
  }
}

if (import.meta.main) {
  const folder = process.argv[2]
  if (folder === undefined) throw new Error('expected the folder with the weights, found none')
  exportTiny(folder)
}
