/**
 * Snapshots that come and go: tells Raft and the observer of what has arrived, and Raft of what
 * did not.
 */
import type { PeerId } from '../../core/ids.ts'
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { Message } from '../raft/message.ts'
import type { Directory } from './directory.ts'
import type { ReplicaEffect } from './events.ts'
import type { ConsensusMessage } from './message.ts'
import type { Participation } from './participation.ts'
import { SnapshotReceiver, SnapshotSender } from './snapshot-transfer.ts'

type Offer = Extract<ConsensusMessage, { type: 'snapshot-offer' }>
type Chunk = Extract<ConsensusMessage, { type: 'chunk' }>
type ChunkRequest = Extract<ConsensusMessage, { type: 'chunk-request' }>

export interface SnapshotsDeps {
  readonly directory: Directory
  readonly log: MemoryStorage
  readonly part: Participation
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  readonly emit: (effect: Extract<ReplicaEffect<never>, { type: 'peer-misbehaved' }>) => void
  readonly receiveRaft: (from: PeerId, messages: readonly Message[], nowMs: number) => void
}

export class Snapshots {
  readonly #deps: SnapshotsDeps
  readonly sender: SnapshotSender
  readonly #receiver: SnapshotReceiver

  constructor(deps: SnapshotsDeps) {
    this.#deps = deps
    this.sender = new SnapshotSender(deps.send)
    this.#receiver = new SnapshotReceiver(deps.send)
  }

  get wakeAtMs(): number {
    return Math.min(this.sender.wakeAtMs, this.#receiver.wakeAtMs)
  }

  tick(nowMs: number): void {
    this.#receiver.tick(nowMs)
    this.#arrived()
    this.#giveUp(nowMs)
  }

  /** Raft itself goes on only while its log still begins behind the snapshot; else it must be told. */
  #arrived(): void {
    const { raw } = this.#deps.part
    if (raw === undefined) return
    for (const node of this.sender.arrived((id, index) => raw.hasStored(id, index))) {
      raw.reportSnapshot(node, 'finished')
    }
  }

  /** What has been applied need not arrive any more. */
  appliedTo(index: number): void {
    this.#receiver.forget(index)
  }

  receive(from: PeerId, message: Offer | ChunkRequest | Chunk, nowMs: number): void {
    if (message.type === 'snapshot-offer') this.#offered(from, message, nowMs)
    else if (message.type === 'chunk') this.#chunk(from, message, nowMs)
    else {
      const node = this.#deps.directory.nodeOf(from)
      const snapshot = this.#deps.log.snapshot()
      this.sender.requested({ peer: from, node }, message, { snapshot, nowMs })
      this.#giveUp(nowMs)
    }
  }

  /** Raft sends what it has by then. */
  #giveUp(nowMs: number): void {
    const { raw } = this.#deps.part
    for (const node of this.sender.givenUp(nowMs)) raw?.reportSnapshot(node, 'failed')
  }

  #offered(from: PeerId, { snapshot, message }: Offer, nowMs: number): void {
    const { part, emit, receiveRaft } = this.#deps
    part.observer?.heardOfSnapshot(from, nowMs)
    if (snapshot.index <= part.commitIndex) {
      // Raft answers that it is further than that.
      if (message !== undefined) receiveRaft(from, [message], nowMs)
      return
    }
    if (part.observer === undefined && message === undefined) return
    if (this.#receiver.offered(from, { snapshot, message }, nowMs)) return
    emit({
      type: 'peer-misbehaved',
      peer: from,
      found: `a snapshot of ${snapshot.sizeBytes} bytes`,
    })
  }

  #chunk(from: PeerId, chunk: Chunk, nowMs: number): void {
    const { part } = this.#deps
    part.observer?.heardOfSnapshot(from, nowMs)
    const received = this.#receiver.chunk(chunk, nowMs)
    if (received === undefined) return
    const { snapshot, message } = received
    if (!part.isForRaft(snapshot, nowMs)) part.observer?.install(snapshot)
    else if (message !== undefined) {
      this.#deps.receiveRaft(from, [{ ...message, snapshot }], nowMs)
    }
  }
}
