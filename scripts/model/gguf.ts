/**
 * Writes GGUF files, version 3: metadata, then the table of tensors, then their data, aligned.
 *
 *     "GGUF"  version  tensorCount  entryCount
 *     entries: key, type, value
 *     table:   name, dimensions, element type, offset
 *     padding to 32, then each tensor's data, padded to 32
 *
 * All numbers little-endian. Knows the three element types our models use.
 *
 * Source: ggml, docs/gguf.md; block_q8_0 in ggml-common.h.
 */
import { assert } from '../../src/core/assert.ts'

export type MetadataValue =
  | { readonly type: 'u32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'i32s'; readonly value: readonly number[] }

export type ElementType = 'f32' | 'f16' | 'q8_0'

export interface Tensor {
  readonly name: string
  /** Fastest-running first, as ggml has it: a matrix's columns, then its rows. */
  readonly dimensions: readonly number[]
  readonly type: ElementType
  readonly data: Float32Array
}

const ALIGNMENT_BYTES = 32
const VERSION = 3
const METADATA_CODES = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const
const ELEMENT_CODES = { f32: 0, f16: 1, q8_0: 8 } as const

/** `general.file_type` of a file whose matrices have the type. */
export const FILE_TYPES = { f32: 0, f16: 1, q8_0: 7 } as const

const Q8_BLOCK_VALUES = 32

export function encodeGguf(
  metadata: Readonly<Record<string, MetadataValue>>,
  tensors: readonly Tensor[],
): Buffer {
  const entries = Object.entries(metadata)
  const bodies = tensors.map(({ type, data }) => padded(encodeElements(type, data)))
  const head: Buffer[] = [
    Buffer.from('GGUF'),
    u32(VERSION),
    u64(tensors.length),
    u64(entries.length),
  ]
  for (const [key, value] of entries) head.push(text(key), encodeValue(value))

  let offset = 0
  for (const [index, { name, dimensions, type }] of tensors.entries()) {
    head.push(text(name), u32(dimensions.length), ...dimensions.map(u64))
    head.push(u32(ELEMENT_CODES[type]), u64(offset))
    offset += bodies[index]?.length ?? 0
  }
  return Buffer.concat([padded(Buffer.concat(head)), ...bodies])
}

function encodeValue(entry: MetadataValue): Buffer {
  switch (entry.type) {
    case 'u32':
      return Buffer.concat([u32(METADATA_CODES.u32), u32(entry.value)])
    case 'f32':
      return Buffer.concat([u32(METADATA_CODES.f32), f32(entry.value)])
    case 'bool':
      return Buffer.concat([u32(METADATA_CODES.bool), Buffer.from([entry.value ? 1 : 0])])
    case 'string':
      return Buffer.concat([u32(METADATA_CODES.string), text(entry.value)])
    case 'strings':
      return encodeArray(METADATA_CODES.string, entry.value.map(text))
    case 'i32s':
      return encodeArray(METADATA_CODES.i32, entry.value.map(i32))
  }
}

function encodeArray(elementCode: number, elements: readonly Buffer[]): Buffer {
  const head = [u32(METADATA_CODES.array), u32(elementCode), u64(elements.length)]
  return Buffer.concat([...head, ...elements])
}

function encodeElements(type: ElementType, values: Float32Array): Buffer {
  switch (type) {
    case 'f32':
      return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    case 'f16':
      return Buffer.from(Uint16Array.from(values, halfBits).buffer)
    case 'q8_0':
      return encodeQ8(values)
  }
}

/** Blocks of 32 values: their scale as a half float, then each value over it as one byte. */
function encodeQ8(values: Float32Array): Buffer {
  assert(values.length % Q8_BLOCK_VALUES === 0, 'the values fill whole blocks')
  const blocks: Buffer[] = []
  for (let start = 0; start < values.length; start += Q8_BLOCK_VALUES) {
    const block = values.subarray(start, start + Q8_BLOCK_VALUES)
    const scale = Math.max(...block.map(Math.abs)) / 127
    const bytes = Buffer.alloc(2 + Q8_BLOCK_VALUES)
    bytes.writeUInt16LE(halfBits(scale), 0)
    for (const [index, value] of block.entries()) {
      bytes.writeInt8(scale === 0 ? 0 : Math.round(value / scale), 2 + index)
    }
    blocks.push(bytes)
  }
  return Buffer.concat(blocks)
}

const floatView = new Float32Array(1)
const bitView = new Uint32Array(floatView.buffer)

/** The bits of the nearest half-precision float, halves rounded away from zero. */
export function halfBits(value: number): number {
  floatView[0] = value
  const bits = bitView[0] ?? 0
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15
  const fraction = bits & 0x7f_ffff
  if (exponent >= 31) return sign | 0x7c00
  // The carry of rounding may run into the exponent, which is what it shall do.
  if (exponent > 0) return sign | (((exponent << 10) | (fraction >>> 13)) + ((fraction >>> 12) & 1))
  if (exponent < -10) return sign
  const shift = 14 - exponent
  const whole = fraction | 0x80_0000
  return sign | ((whole >>> shift) + ((whole >>> (shift - 1)) & 1))
}

function padded(bytes: Buffer): Buffer {
  const missing = (ALIGNMENT_BYTES - (bytes.length % ALIGNMENT_BYTES)) % ALIGNMENT_BYTES
  return Buffer.concat([bytes, Buffer.alloc(missing)])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}
