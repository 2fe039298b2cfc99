/**
 * Snapshots on disk: one file each, whole or not there, with a checksum over every byte.
 *
 *      0  "SKEINSNP"
 *      8  format · 0
 *     16  term · 24 index · 32 length of the data, as 64-bit integers
 *     40  data
 *      …  CRC-32C of all before
 *
 * Written aside and renamed by the port; the log then says that it counts (record.ts, mark).
 */
import { crc32c } from './crc32c.ts'
import type { SnapshotMark } from './record.ts'

const MAGIC = 'SKEINSNP'
const FORMAT = 1
const HEADER_BYTES = 40
const CHECKSUM_BYTES = 4

/** Summed up in less than a millisecond; the event loop is free while it is being written. */
const PIECE_BYTES = 1024 ** 2

export interface LogSnapshot extends SnapshotMark {
  /** State machine and membership, as whoever took it encodes them. */
  readonly data: Uint8Array
}

/** The content of its file, piece by piece. */
export function* snapshotPieces(snapshot: LogSnapshot): Generator<Uint8Array> {
  const header = headerOf(snapshot)
  yield header
  let checksum = crc32c(header)
  const { data } = snapshot
  for (let start = 0; start < data.length; start += PIECE_BYTES) {
    const piece = data.subarray(start, start + PIECE_BYTES)
    checksum = crc32c(piece, checksum)
    yield piece
  }
  yield checksumBytes(checksum)
}

/** `undefined`: damaged, or another than its name says. */
export function decodeSnapshot(file: Uint8Array, mark: SnapshotMark): LogSnapshot | undefined {
  const end = file.length - CHECKSUM_BYTES
  if (end < HEADER_BYTES) return undefined
  const data = file.subarray(HEADER_BYTES, end)
  const isIntact =
    headerOf({ ...mark, data }).every((byte, at) => file[at] === byte) &&
    checksumBytes(crc32c(file, 0, 0, end)).every((byte, at) => file[end + at] === byte)
  return isIntact ? { ...mark, data } : undefined
}

function headerOf({ term, index, data }: LogSnapshot): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  header.set(new TextEncoder().encode(MAGIC))
  const view = new DataView(header.buffer)
  view.setUint32(8, FORMAT, true)
  view.setBigUint64(16, BigInt(term), true)
  view.setBigUint64(24, BigInt(index), true)
  view.setBigUint64(32, BigInt(data.length), true)
  return header
}

function checksumBytes(checksum: number): Uint8Array {
  const bytes = new Uint8Array(CHECKSUM_BYTES)
  new DataView(bytes.buffer).setUint32(0, checksum, true)
  return bytes
}
