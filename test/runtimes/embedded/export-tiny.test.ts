/**
 * The last step of the toy model's recipe makes the file that ships, byte for byte: its weights
 * are taken out of it, handed to the exporter as the training would, and compared.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGgufFileInfo } from 'node-llama-cpp'
import { assert, describe, test } from 'vitest'
import { exportTiny } from '../../../scripts/model/export-tiny.ts'
import { halfBits } from '../../../scripts/model/gguf.ts'
import { SPECIAL_TOKENS } from '../../../scripts/model/llama-model.ts'
import { demoModelPath } from '../../../src/runtimes/embedded/model-file.ts'

const Q8_CODE = 8
const Q8_BLOCK_BYTES = 34

function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1_024) * 2 ** (exponent - 15)
}

/** The values of a tensor as the file stores them. */
function valuesOf(bytes: Buffer, ggmlType: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    if (ggmlType !== Q8_CODE) return bytes.readFloatLE(index * 4)
    const block = Math.floor(index / 32) * Q8_BLOCK_BYTES
    return halfValue(bytes.readUInt16LE(block)) * bytes.readInt8(block + 2 + (index % 32))
  })
}

describe('the exporter', () => {
  test('makes the file that ships from the weights in it', async () => {
    const file = readFileSync(demoModelPath())
    const { metadata, fullTensorInfo, tensorInfo } = await readGgufFileInfo(demoModelPath())
    const { tokens, merges } = metadata.tokenizer.ggml
    const folder = mkdtempSync(join(tmpdir(), 'skein-export-'))
    const parts: Float32Array[] = []
    const tensors: Record<string, object> = {}
    let offset = 0
    for (const tensor of fullTensorInfo ?? tensorInfo ?? []) {
      const dimensions = tensor.dimensions.map(Number)
      const count = dimensions.reduce((product, size) => product * size, 1)
      const bytes = file.subarray(Number(tensor.fileOffset))
      parts.push(valuesOf(bytes, tensor.ggmlType, count))
      tensors[tensor.name] = { offset, count, dimensions }
      offset += count
    }
    const shape = { dim: 192, layers: 6, heads: 6, kvHeads: 2, ff: 512 }
    const specialCount = SPECIAL_TOKENS.length
    writeFileSync(join(folder, 'weights.json'), JSON.stringify({ shape, tensors }))
    writeFileSync(
      join(folder, 'weights.bin'),
      Buffer.concat(parts.map(part => Buffer.from(part.buffer))),
    )
    writeFileSync(join(folder, 'vocabulary.json'), JSON.stringify({ tokens, merges, specialCount }))

    exportTiny(folder)

    assert.ok(readFileSync(join(folder, 'skein-tiny-q8_0.gguf')).equals(file))
    rmSync(folder, { recursive: true })
  })
})

describe('a half float', () => {
  const cases = [
    { value: 0, bits: 0x0000 },
    { value: 1, bits: 0x3c00 },
    { value: -2, bits: 0xc000 },
    { value: 65_504, bits: 0x7bff },
    { value: 70_000, bits: 0x7c00 },
    { value: 2 ** -24, bits: 0x0001 },
    { value: 1 + 2 ** -11, bits: 0x3c01 },
  ]
  for (const { value, bits } of cases) {
    test(`of ${value} is ${bits.toString(16)}`, () => assert.equal(halfBits(value), bits))
  }
})
