/**
 * Reads a segment frame by frame, and where the next frame is not intact, judges what is there:
 *
 *     end      zeros to the end of the file: nothing more was written
 *     torn     the last write was cut short by a crash, and was never acknowledged
 *     damaged  anything else: bytes changed after they were written, or were lost
 *
 * A disk writes sectors, whole and in any order, or a beginning of what it was given. So what a
 * crash left of a frame lacks something, and what it lacks reads as zeros: a whole sector, or all
 * from some byte on. Written frames have no such zeros (frame.ts), so a flipped bit is never taken
 * for a torn write. What is torn may be thrown away if no intact frame behind it says that this
 * place was durable when it was made itself.
 *
 * Beyond the last frame one set bit alone is a flip; what a torn write left has two or more.
 *
 * Not to be told from a torn write, by anybody: a file that was cut off, or sectors that turned to
 * zeros, in the last write of the last segment. Nor, from nothing at all, a last write of which
 * nothing is left. A disk that acknowledges a sync and then forgets looks like that.
 *
 * Source: etcd's server WAL, isTornEntry (a sector of zeros in the last segment), which we narrow.
 */
import {
  ALIGNMENT_BYTES,
  type Frame,
  frameBytes,
  HEADER_BYTES,
  MAGIC,
  readFrame,
  readHeader,
  SECTOR_BYTES,
} from './frame.ts'

export type SegmentStep =
  | {
      readonly type: 'frame'
      readonly frame: Frame
      readonly end: number
      readonly durableBytes: number
    }
  | { readonly type: 'end' }
  | { readonly type: 'torn' }
  | { readonly type: 'damaged'; readonly found: string }

const TORN: SegmentStep = { type: 'torn' }

const damaged = (found: string): SegmentStep => ({ type: 'damaged', found })

/** What is at `offset`, where a frame ended that has this checksum; `undefined`: it is the first. */
export function stepAt(
  segment: Uint8Array,
  offset: number,
  previousChecksum: number | undefined,
): SegmentStep {
  const step = judge(segment, offset, previousChecksum)
  if (step.type === 'torn' && wasDurable(segment, offset)) {
    return damaged('that a record which had been synced is not whole')
  }
  return step
}

function judge(segment: Uint8Array, offset: number, previousChecksum?: number): SegmentStep {
  const header = readHeader(segment, offset)
  if (header === undefined) {
    return (segment[offset] ?? 0) === 0
      ? judgeNothing(segment, offset)
      : judgeHeader(segment, offset)
  }
  const end = offset + frameBytes(header.payloadBytes)
  // The header is intact, so the length is right and the file too short.
  if (end > segment.length) return TORN
  const frame = readFrame(segment, offset, header)
  if (frame === undefined) {
    return hasHole(segment, offset, end) ? TORN : damaged('a record whose checksum does not hold')
  }
  if (previousChecksum !== undefined && header.previousChecksum !== previousChecksum) {
    return damaged('a record that does not follow the one before it')
  }
  return { type: 'frame', frame, end, durableBytes: header.durableBytes }
}

/** No frame begins here. */
function judgeNothing(segment: Uint8Array, offset: number): SegmentStep {
  const first = firstWritten(segment, offset, segment.length)
  if (first === undefined) return { type: 'end' }
  const isOneBit = isPowerOfTwo(segment[first] as number)
  const isAlone = firstWritten(segment, first + 1, segment.length) === undefined
  if (first < sectorEnd(offset) || (isOneBit && isAlone)) {
    return damaged(`something at byte ${first}, behind the last record`)
  }
  return TORN
}

/** Something begins here that is no header. */
function judgeHeader(segment: Uint8Array, offset: number): SegmentStep {
  const headerEnd = offset + HEADER_BYTES
  if (segment[offset] === MAGIC) {
    if (firstWritten(segment, headerEnd, segment.length) === undefined) return TORN
    const next = sectorEnd(offset)
    if (next < headerEnd && isAbsent(segment, next, next + SECTOR_BYTES)) return TORN
  }
  return damaged('a record with a damaged header')
}

/** Whether the frame lacks its end, or the whole part of it that is in one sector. */
function hasHole(segment: Uint8Array, offset: number, end: number): boolean {
  if (segment[end - 1] === 0) return true
  for (let start = offset; start < end; start = sectorEnd(start)) {
    if (isAbsent(segment, start, Math.min(end, sectorEnd(start)))) return true
  }
  return false
}

/** Whether an intact header behind it says so. */
function wasDurable(segment: Uint8Array, offset: number): boolean {
  const own = readHeader(segment, offset)
  let at = offset + (own === undefined ? ALIGNMENT_BYTES : frameBytes(own.payloadBytes))
  while (at + HEADER_BYTES <= segment.length) {
    const header = readHeader(segment, at)
    if (header !== undefined && header.durableBytes > offset) return true
    at += header === undefined ? ALIGNMENT_BYTES : frameBytes(header.payloadBytes)
  }
  return false
}

const sectorEnd = (offset: number) => (Math.floor(offset / SECTOR_BYTES) + 1) * SECTOR_BYTES

const isPowerOfTwo = (byte: number) => (byte & (byte - 1)) === 0

const isAbsent = (segment: Uint8Array, start: number, end: number) =>
  firstWritten(segment, start, Math.min(end, segment.length)) === undefined

/** The first byte that is not zero; `undefined`: all are. */
function firstWritten(segment: Uint8Array, start: number, end: number): number | undefined {
  for (let at = start; at < end; at += 1) if (segment[at] !== 0) return at
  return undefined
}
