/**
 * A model file with random weights, made in a few milliseconds: everything of the engine runs on
 * it, at the cost of almost no arithmetic. What it says is noise, the same for the same seed.
 *
 * Its vocabulary is the 256 bytes, so its noise is mostly not UTF-8, and the special tokens.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeGguf, type Tensor } from '../../../scripts/model/gguf.ts'
import {
  byteLetters,
  type LlamaShape,
  llamaMetadata,
  SPECIAL_TOKENS,
} from '../../../scripts/model/llama-model.ts'
import { Random } from '../../../src/core/random.ts'

const SHAPE: LlamaShape = { dim: 64, layers: 2, heads: 2, kvHeads: 1, ff: 96 }

/** Longer than any test needs, so that answers end where a test says and not here. */
const CONTEXT_TOKENS = 4_096

export interface ModelOnDisk {
  readonly path: string
  remove(): void
}

export function randomModel(seed: number): Buffer {
  const { dim, layers, heads, kvHeads, ff } = SHAPE
  const tokens = [...byteLetters(), ...SPECIAL_TOKENS]
  const random = new Random(seed)
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name: `${name}.weight`,
    dimensions: [columns, rows],
    type: 'f32',
    data: Float32Array.from({ length: columns * rows }, () => (random.next() - 0.5) / 4),
  })
  const ones = (name: string): Tensor => ({
    name: `${name}.weight`,
    dimensions: [dim],
    type: 'f32',
    data: new Float32Array(dim).fill(1),
  })

  const kvDim = (dim / heads) * kvHeads
  const blocks = Array.from({ length: layers }, (_, layer) => `blk.${layer}`).flatMap(block => [
    ones(`${block}.attn_norm`),
    matrix(`${block}.attn_q`, dim, dim),
    matrix(`${block}.attn_k`, dim, kvDim),
    matrix(`${block}.attn_v`, dim, kvDim),
    matrix(`${block}.attn_output`, dim, dim),
    ones(`${block}.ffn_norm`),
    matrix(`${block}.ffn_gate`, dim, ff),
    matrix(`${block}.ffn_up`, dim, ff),
    matrix(`${block}.ffn_down`, ff, dim),
  ])
  const tensors = [matrix('token_embd', dim, tokens.length), ...blocks, ones('output_norm')]
  const vocabulary = { tokens, merges: [], specialCount: SPECIAL_TOKENS.length }
  const metadata = llamaMetadata({
    name: 'random',
    shape: SHAPE,
    vocabulary,
    contextTokens: CONTEXT_TOKENS,
    type: 'f32',
  })
  return encodeGguf(metadata, tensors)
}

/** Writes any bytes as `noise.gguf` in a folder of its own. */
export function onDisk(bytes: Uint8Array | string, name = 'noise.gguf'): ModelOnDisk {
  const folder = mkdtempSync(join(tmpdir(), 'skein-model-'))
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return { path, remove: () => rmSync(folder, { recursive: true }) }
}
