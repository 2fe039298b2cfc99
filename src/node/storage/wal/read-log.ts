/**
 * Reads all segments of a log and says what they hold, or refuses. Changes nothing.
 *
 *     segments in order, none missing ── each: head, then saves ──> Replay
 *                                            chained by checksums
 *
 * Only the last segment may end in a torn write; where it does, all before counts.
 */
import { assert } from '../../../core/assert.ts'
import { ShortBytesError } from './bytes.ts'
import { segmentName, segmentSequences, snapshotMarks } from './file-names.ts'
import type { Frame } from './frame.ts'
import { type DamagePlace, logDamage, unknownFormat } from './log-damage.ts'
import type { LogFiles } from './log-files.ts'
import { type HeadRecord, type LogOwner, readRecord, type SaveRecord } from './record.ts'
import { Replay } from './replay.ts'
import { type SegmentStep, stepAt } from './segment.ts'

export interface SegmentRead {
  readonly sequence: number
  /** Of all entries that were ever written into it; 0: none was. */
  readonly lastIndexMax: number
}

/** Where the log goes on. */
export interface LogTail {
  readonly name: string
  /** Of the last segment, as it is on the disk. */
  readonly bytes: Uint8Array
  readonly offset: number
  /** From here to `offset` may never have reached the disk, if a sync failed. */
  readonly durableBytes: number
  readonly checksum: number
  /** Whether there is part of a write behind it. */
  readonly isTorn: boolean
}

export interface LogRead {
  readonly owner: LogOwner
  /** In order; the last one is where `tail` is. */
  readonly segments: readonly SegmentRead[]
  readonly tail: LogTail
  readonly replay: Replay
}

/** `undefined`: there is no log. @throws MeshError ERR_LOG_DAMAGED, ERR_STORAGE. */
export async function readLog(files: LogFiles): Promise<LogRead | undefined> {
  const names = await files.list()
  const sequences = segmentSequences(names)
  const [oldest] = sequences
  if (oldest === undefined) {
    const [mark] = snapshotMarks(names)
    if (mark === undefined) return undefined
    throw logDamage({ files, name: segmentName(1) }, 'no log, but snapshots')
  }
  const reading = new LogReading(files, oldest)
  for (const [place, sequence] of sequences.entries()) {
    await reading.segment(sequence, place === sequences.length - 1)
  }
  return reading.result()
}

class LogReading {
  readonly #files: LogFiles
  readonly #replay = new Replay()
  readonly #segments: SegmentRead[] = []
  #nextSequence: number
  #owner: LogOwner | undefined
  #checksum: number | undefined
  #tail: LogTail | undefined

  constructor(files: LogFiles, firstSequence: number) {
    this.#files = files
    this.#nextSequence = firstSequence
  }

  async segment(sequence: number, isLast: boolean): Promise<void> {
    const name = segmentName(sequence)
    if (sequence !== this.#nextSequence) {
      const missing = segmentName(this.#nextSequence)
      throw logDamage({ files: this.#files, name: missing }, `that the log goes on with ${name}`)
    }
    this.#nextSequence += 1
    const bytes = await this.#files.read(name)
    this.#segments.push(this.#frames(sequence, bytes, isLast))
  }

  result(): LogRead {
    const [owner, tail] = [this.#owner, this.#tail]
    assert(owner !== undefined, 'a log that was read has an owner')
    assert(tail !== undefined, 'a log that was read has an end')
    return { owner, segments: this.#segments, tail, replay: this.#replay }
  }

  #frames(sequence: number, bytes: Uint8Array, isLast: boolean): SegmentRead {
    const name = segmentName(sequence)
    let [offset, durableBytes, lastIndexMax] = [0, 0, 0]
    let step = stepAt(bytes, offset, this.#checksum)
    for (; step.type === 'frame'; step = stepAt(bytes, offset, this.#checksum)) {
      const place = { files: this.#files, name, offset }
      const record = decode(step.frame, place)
      if (record.type === 'head') this.#head(record, sequence, place)
      else lastIndexMax = Math.max(lastIndexMax, this.#save(record, place))
      this.#checksum = step.frame.checksum
      durableBytes = step.durableBytes
      offset = step.end
    }
    requireEnd(step, { files: this.#files, name, offset }, isLast)
    const checksum = this.#checksum ?? 0
    this.#tail = { name, bytes, offset, durableBytes, checksum, isTorn: step.type === 'torn' }
    return { sequence, lastIndexMax }
  }

  #head(head: HeadRecord, sequence: number, place: DamagePlace): void {
    const { peer, mesh } = this.#owner ?? head.owner
    const isOurs = head.owner.peer === peer && head.owner.mesh === mesh
    if (place.offset !== 0 || head.sequence !== sequence || !isOurs) {
      throw logDamage(place, 'the beginning of another segment')
    }
    if (this.#owner === undefined) this.#replay.begin(head)
    this.#owner = head.owner
  }

  /** @returns The last index in it. */
  #save(save: SaveRecord, place: DamagePlace): number {
    if (place.offset === 0) throw logDamage(place, 'no beginning of a segment')
    const problem = this.#replay.save(save)
    if (problem !== undefined) throw logDamage(place, problem)
    return save.entries.at(-1)?.index ?? 0
  }
}

/** @throws MeshError ERR_LOG_DAMAGED. */
function requireEnd(step: SegmentStep, place: DamagePlace, isLast: boolean): void {
  if (step.type === 'damaged') throw logDamage(place, step.found)
  if (place.offset === 0) throw logDamage(place, 'no beginning of a segment')
  if (step.type === 'torn' && !isLast) throw logDamage(place, 'a record that is not whole')
}

function decode({ type, payload }: Frame, place: DamagePlace): HeadRecord | SaveRecord {
  try {
    const record = readRecord(type, payload)
    if (record !== undefined) return record
  } catch (error) {
    if (!(error instanceof ShortBytesError)) throw error
  }
  throw unknownFormat(place)
}
