/**
 * Frames: how one record lies in a segment of the log.
 *
 *      0  magic 0xB5 · type · 0 · 0
 *      4  length of the payload
 *      8  checksum of the frame before, also across segments: the chain
 *     12  how many bytes of this segment were durable when the frame was made
 *     16  mask: the payload is stored xor this word, repeated
 *     20  CRC-32C of bytes 0…19, begun with the offset of the frame
 *     24  payload
 *      …  CRC-32C of the payload, begun with that of the header: the checksum of the frame
 *      …  1 to 8 bytes 0x6D, so that the next frame begins at a multiple of 8
 *
 * Words are little-endian. Three things are there to tell a write that a crash cut short from a
 * bit that flipped later (how: tail.ts). A frame begins and ends with bytes of several set bits,
 * and the mask, nearly always 0, is chosen so that every sector of 512 bytes in it has two set bits
 * or more: so whatever is zeros was never written, and no single flip can make it look so. The
 * header has a checksum of its own, since with a wrong length nothing behind it can be judged. And
 * the durable length tells what had been acknowledged before.
 *
 * Source: the framing follows etcd's server WAL (8-byte alignment, checksums in a chain); the other
 * three differ from it.
 */
import type { ByteWriter } from './bytes.ts'
import { crc32c } from './crc32c.ts'

export const MAGIC = 0xb5
export const END_MARK = 0x6d

/** What a disk writes whole or not at all. */
export const SECTOR_BYTES = 512

export const HEADER_BYTES = 24
const CHECKSUM_BYTES = 4
export const ALIGNMENT_BYTES = 8

/** Odd, so that its multiples are all different. */
const MASK_STEP = 0x9e3779b1

export interface FrameHeader {
  readonly type: number
  readonly payloadBytes: number
  readonly previousChecksum: number
  readonly durableBytes: number
  readonly mask: number
  readonly checksum: number
}

export interface Frame {
  readonly type: number
  readonly payload: Uint8Array
  readonly checksum: number
}

export interface FramePlace {
  readonly type: number
  /** Of the frame, in its segment. */
  readonly offset: number
  readonly previousChecksum: number
  readonly durableBytes: number
}

export function frameBytes(payloadBytes: number): number {
  const filledBytes = HEADER_BYTES + payloadBytes + CHECKSUM_BYTES
  return filledBytes + ALIGNMENT_BYTES - (filledBytes % ALIGNMENT_BYTES)
}

/** Appends a frame whose payload `write` writes. @returns Its checksum. */
export function writeFrame(
  writer: ByteWriter,
  { type, offset, previousChecksum, durableBytes }: FramePlace,
  write: () => void,
): number {
  const start = writer.skip(HEADER_BYTES)
  const payloadStart = writer.length
  write()
  const payloadBytes = writer.length - payloadStart
  const payload = writer.bytes.subarray(payloadStart)
  const mask = maskFor(payload, offset + HEADER_BYTES)
  if (mask !== 0) applyMask(payload, mask)
  writer.wordAt(start, MAGIC | (type << 8))
  writer.wordAt(start + 4, payloadBytes)
  writer.wordAt(start + 8, previousChecksum)
  writer.wordAt(start + 12, durableBytes)
  writer.wordAt(start + 16, mask)
  const headerChecksum = crc32c(writer.bytes, offset, start, start + 20)
  writer.wordAt(start + 20, headerChecksum)
  const checksum = crc32c(payload, headerChecksum)
  writer.wordAt(writer.skip(CHECKSUM_BYTES), checksum)
  writer.fill(END_MARK, frameBytes(payloadBytes) - (writer.length - start))
  return checksum
}

/** `undefined`: there is no intact header. */
export function readHeader(segment: Uint8Array, offset: number): FrameHeader | undefined {
  if (offset + HEADER_BYTES > segment.length || segment[offset] !== MAGIC) return undefined
  const view = new DataView(segment.buffer, segment.byteOffset + offset, HEADER_BYTES)
  const checksum = view.getUint32(20, true)
  if (crc32c(segment, offset, offset, offset + 20) !== checksum) return undefined
  return {
    type: view.getUint8(1),
    payloadBytes: view.getUint32(4, true),
    previousChecksum: view.getUint32(8, true),
    durableBytes: view.getUint32(12, true),
    mask: view.getUint32(16, true),
    checksum,
  }
}

/**
 * @param header Of the frame at `offset`, which ends within the segment.
 * @returns `undefined`: the frame is not intact.
 */
export function readFrame(
  segment: Uint8Array,
  offset: number,
  { type, payloadBytes, mask, checksum: seed }: FrameHeader,
): Frame | undefined {
  const start = offset + HEADER_BYTES
  const end = start + payloadBytes
  const view = new DataView(segment.buffer, segment.byteOffset + end, CHECKSUM_BYTES)
  const checksum = view.getUint32(0, true)
  if (crc32c(segment, seed, start, end) !== checksum) return undefined
  for (let at = end + CHECKSUM_BYTES; at < offset + frameBytes(payloadBytes); at += 1) {
    if (segment[at] !== END_MARK) return undefined
  }
  return { type, payload: unmasked(segment.subarray(start, end), mask), checksum }
}

function unmasked(stored: Uint8Array, mask: number): Uint8Array {
  if (mask === 0) return stored
  const payload = new Uint8Array(stored)
  applyMask(payload, mask)
  return payload
}

function applyMask(bytes: Uint8Array, mask: number): void {
  for (let at = 0; at < bytes.length; at += 1)
    bytes[at] = (bytes[at] as number) ^ maskByte(mask, at)
}

const maskByte = (mask: number, at: number) => (mask >>> ((at & 3) * 8)) & 0xff

/** One with which no sector is zeros, nor one flip away from that. A sector rules out one at most. */
function maskFor(payload: Uint8Array, offset: number): number {
  let mask = 0
  for (let count = 1; !isMarked(payload, offset, mask); count += 1) {
    mask = Math.imul(count, MASK_STEP) >>> 0
  }
  return mask
}

/** Whether each sector between the first of the frame and its last has two set bits. */
function isMarked(payload: Uint8Array, offset: number, mask: number): boolean {
  const frameOffset = offset - HEADER_BYTES
  const frameEnd = frameOffset + frameBytes(payload.length)
  let sector = Math.ceil(frameOffset / SECTOR_BYTES) * SECTOR_BYTES
  for (; sector + SECTOR_BYTES < frameEnd; sector += SECTOR_BYTES) {
    const start = Math.max(0, sector - offset)
    const end = Math.min(payload.length, sector + SECTOR_BYTES - offset)
    if (!hasTwoBits(payload, { start, end, mask })) return false
  }
  return true
}

function hasTwoBits(
  payload: Uint8Array,
  { start, end, mask }: { readonly start: number; readonly end: number; readonly mask: number },
): boolean {
  let isOneSeen = false
  for (let at = start; at < end; at += 1) {
    const byte = (payload[at] as number) ^ maskByte(mask, at)
    if (byte === 0) continue
    if (isOneSeen || (byte & (byte - 1)) !== 0) return true
    isOneSeen = true
  }
  return false
}
