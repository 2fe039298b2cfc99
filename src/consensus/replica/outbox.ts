/**
 * Raft's messages of one turn, put together for each peer.
 *
 * A snapshot goes its own way, in chunks. A message to a node that the roster does not know, since
 * it was removed, is dropped: Raft takes every message for one that may be lost.
 */
import type { PeerId } from '../../core/ids.ts'
import { entriesBytes } from '../raft/log/entry.ts'
import type { Message } from '../raft/message.ts'
import type { Directory } from './directory.ts'
import type { ConsensusMessage, StateMark } from './message.ts'

/** Entries in one message to a peer; one Raft message always fits. */
const BATCH_BYTES = 512 * 1024

/** Messages in one message to a peer. */
const BATCH_MAX = 256

export interface OutboxDeps {
  readonly directory: Directory
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  readonly offerSnapshot: (to: PeerId, message: Message) => void
  readonly mark: () => StateMark | undefined
}

export class Outbox {
  readonly #deps: OutboxDeps
  #waiting = new Map<PeerId, Message[]>()

  constructor(deps: OutboxDeps) {
    this.#deps = deps
  }

  add(message: Message): void {
    const peer = this.#deps.directory.peerOf(message.to)
    if (peer === undefined) return
    if (message.type === 'MsgSnap') {
      this.#deps.offerSnapshot(peer, message)
      return
    }
    const messages = this.#waiting.get(peer)
    if (messages === undefined) this.#waiting.set(peer, [message])
    else messages.push(message)
  }

  flush(): void {
    if (this.#waiting.size === 0) return
    const waiting = this.#waiting
    this.#waiting = new Map()
    for (const [peer, messages] of waiting) {
      for (const batch of batches(messages)) {
        this.#deps.send(peer, { type: 'raft', messages: batch, mark: this.#markFor(batch) })
      }
    }
  }

  /** Heartbeats come often enough for states to be compared. */
  #markFor(batch: readonly Message[]): StateMark | undefined {
    const isHeartbeat = batch.some(({ type }) => type.startsWith('MsgHeartbeat'))
    return isHeartbeat ? this.#deps.mark() : undefined
  }
}

function* batches(messages: readonly Message[]): Generator<readonly Message[]> {
  let batch: Message[] = []
  let bytes = 0
  for (const message of messages) {
    const messageBytes = entriesBytes(message.entries)
    const isFull = batch.length >= BATCH_MAX || bytes + messageBytes > BATCH_BYTES
    if (batch.length > 0 && isFull) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += messageBytes
  }
  if (batch.length > 0) yield batch
}
