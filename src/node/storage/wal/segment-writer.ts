/**
 * The end of the log: one segment open for writing.
 *
 *     │ head │ save │ save │ save ┊ save │ 0 0 0 0 … │
 *                         durable ↑ offset ↑   size ↑
 *
 * One write at a time; what is written together is encoded together, into memory that is used
 * again. A segment is made whole and durable before its predecessor is left, which has been
 * synced by then: so only the last segment can end in a torn write.
 */
import { ByteWriter } from './bytes.ts'
import { segmentName } from './file-names.ts'
import { frameBytes, writeFrame } from './frame.ts'
import type { LogFile, LogFiles } from './log-files.ts'
import type { LogTail } from './read-log.ts'
import {
  HEAD_TYPE,
  type HeadRecord,
  SAVE_TYPE,
  type SaveRecord,
  saveBytesMax,
  writeHead,
  writeSave,
} from './record.ts'

/** Memory for one write that is kept for the next; a larger one is an exception. */
const KEPT_MAX_BYTES = 8 * 1024 ** 2

export interface SegmentStart {
  readonly head: HeadRecord
  /** Of the last frame of the segment before; 0: there is none. */
  readonly previousChecksum: number
  /** Of its file. */
  readonly sizeBytes: number
  /** That must fit behind the head, whatever `sizeBytes` is. */
  readonly recordMaxBytes: number
}

interface SegmentState {
  readonly file: LogFile
  readonly sizeBytes: number
  readonly offset: number
  readonly durableBytes: number
  readonly checksum: number
}

/** Bytes that the record takes in a segment, at most. */
export const savedBytesMax = (record: SaveRecord) => frameBytes(saveBytesMax(record))

export class SegmentWriter {
  readonly #file: LogFile
  readonly #sizeBytes: number
  #offset: number
  #durableBytes: number
  #checksum: number
  #writer = new ByteWriter()

  private constructor({ file, sizeBytes, offset, durableBytes, checksum }: SegmentState) {
    this.#file = file
    this.#sizeBytes = sizeBytes
    this.#offset = offset
    this.#durableBytes = durableBytes
    this.#checksum = checksum
  }

  /** Makes a new segment. Durable, with its head, when this returns. */
  static async create(files: LogFiles, start: SegmentStart): Promise<SegmentWriter> {
    const { head, previousChecksum, recordMaxBytes } = start
    const name = segmentName(head.sequence)
    const writer = new ByteWriter()
    const place = { type: HEAD_TYPE, offset: 0, previousChecksum, durableBytes: 0 }
    const checksum = writeFrame(writer, place, () => writeHead(writer, head))
    const offset = writer.length
    const sizeBytes = Math.max(start.sizeBytes, offset + recordMaxBytes)
    await files.create(name, [writer.bytes], sizeBytes)
    const file = await files.open(name)
    return new SegmentWriter({ file, sizeBytes, offset, durableBytes: offset, checksum })
  }

  /**
   * Goes on where the log ends, without what is torn there. What the last run may have failed to
   * sync is written once more: after such a failure the system may hold it in memory only, and
   * take it for durable.
   */
  static async resume(
    files: LogFiles,
    tail: LogTail,
    segmentBytes: number,
  ): Promise<SegmentWriter> {
    const { name, bytes, offset, durableBytes, checksum, isTorn } = tail
    const sizeBytes = Math.max(segmentBytes, bytes.length)
    const file = await files.open(name)
    if (isTorn) await file.truncate(offset)
    if (isTorn || bytes.length < sizeBytes) await file.truncate(sizeBytes)
    await file.sync()
    await file.write(bytes.subarray(durableBytes, offset), durableBytes)
    await file.sync()
    return new SegmentWriter({ file, sizeBytes, offset, durableBytes: offset, checksum })
  }

  /** Of its last frame. */
  get checksum(): number {
    return this.#checksum
  }

  get leftBytes(): number {
    return this.#sizeBytes - this.#offset
  }

  get isDurable(): boolean {
    return this.#durableBytes === this.#offset
  }

  async write(records: readonly SaveRecord[]): Promise<void> {
    const writer = this.#emptyWriter()
    for (const record of records) {
      const offset = this.#offset + writer.length
      const [previousChecksum, durableBytes] = [this.#checksum, this.#durableBytes]
      const place = { type: SAVE_TYPE, offset, previousChecksum, durableBytes }
      this.#checksum = writeFrame(writer, place, () => writeSave(writer, record))
    }
    const offset = this.#offset
    this.#offset += writer.length
    await this.#file.write(writer.bytes, offset)
  }

  async sync(): Promise<void> {
    if (this.isDurable) return
    const offset = this.#offset
    await this.#file.sync()
    this.#durableBytes = offset
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #emptyWriter(): ByteWriter {
    if (this.#writer.length > KEPT_MAX_BYTES) this.#writer = new ByteWriter()
    this.#writer.clear()
    return this.#writer
  }
}
