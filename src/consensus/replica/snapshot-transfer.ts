/**
 * A snapshot on its way from one replica to another, in chunks that the receiver asks for.
 *
 *     sender    snapshot-offer { index, term, size }  -->
 *               <-- chunk-request { offset }             receiver
 *               chunk { offset, bytes }               -->
 *               <-- chunk-request { offset + bytes }
 *
 * The receiver keeps what it has: if the lane breaks, the next offer of the same snapshot, from
 * whomever, goes on where the last one ended, for snapshots of one index are equal. The sender
 * keeps nothing but when it was last asked.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import { EMPTY_SNAPSHOT, type Snapshot } from '../raft/log/storage.ts'
import type { Message } from '../raft/message.ts'
import type { NodeId } from '../raft/node-id.ts'
import type { ConsensusMessage, SnapshotHeader } from './message.ts'

/** Of a snapshot in one message. */
const CHUNK_BYTES = 512 * 1024

/** The policy of the largest mesh takes a small part of it. */
export const SNAPSHOT_MAX_BYTES = 512 * 1024 * 1024

/** A chunk that has not come by then is asked for again. */
const CHUNK_TIMEOUT_MS = 2_000

/** A receiver that has not asked for this long will not any more. */
const SENDER_TIMEOUT_MS = 10_000

/** A whole snapshot that has arrived. */
export interface ReceivedSnapshot {
  readonly snapshot: Snapshot
  /** The Raft message that it came with. `undefined`: it came in place of a feed. */
  readonly message: Message | undefined
}

interface Incoming {
  readonly header: SnapshotHeader
  readonly data: Uint8Array
  from: PeerId
  message: Message | undefined
  receivedBytes: number
  repeatAtMs: number
}

/** To a node, by Raft. */
interface Offered {
  readonly index: number
  readonly untilMs: number
}

type Send = (to: PeerId, message: ConsensusMessage) => void

export class SnapshotReceiver {
  readonly #send: Send
  #incoming: Incoming | undefined

  constructor(send: Send) {
    this.#send = send
  }

  get wakeAtMs(): number {
    return this.#incoming?.repeatAtMs ?? NEVER
  }

  /** @returns `false`: no snapshot can be that large. */
  offered(
    from: PeerId,
    offer: { readonly snapshot: SnapshotHeader; readonly message: Message | undefined },
    nowMs: number,
  ): boolean {
    const { snapshot: header, message } = offer
    if (header.sizeBytes > SNAPSHOT_MAX_BYTES) return false
    const current = this.#incoming
    // An older one than the one under way would only be replaced.
    if (current !== undefined && current.header.index > header.index) return true
    if (current !== undefined && isSame(current.header, header)) {
      current.from = from
      current.message = message ?? current.message
    } else {
      const data = new Uint8Array(header.sizeBytes)
      this.#incoming = { header, data, from, message, receivedBytes: 0, repeatAtMs: nowMs }
    }
    this.tick(nowMs, true)
    return true
  }

  /** @returns The snapshot, once it is whole. */
  chunk(
    chunk: Extract<ConsensusMessage, { type: 'chunk' }>,
    nowMs: number,
  ): ReceivedSnapshot | undefined {
    const incoming = this.#incoming
    if (incoming === undefined) return undefined
    const { header, data, message } = incoming
    const isNext = chunk.offset === incoming.receivedBytes
    const fits = chunk.offset + chunk.bytes.length <= data.length
    if (chunk.index !== header.index || chunk.term !== header.term || !isNext || !fits) {
      return undefined
    }
    data.set(chunk.bytes, chunk.offset)
    incoming.receivedBytes += chunk.bytes.length
    if (incoming.receivedBytes < data.length) {
      this.tick(nowMs, true)
      return undefined
    }
    this.#incoming = undefined
    const { index, term, confState } = header
    return { snapshot: { data, metadata: { index, term, confState } }, message }
  }

  /** Asks for what has not come. */
  tick(nowMs: number, isNow = false): void {
    const incoming = this.#incoming
    if (incoming === undefined || !(isNow || nowMs >= incoming.repeatAtMs)) return
    incoming.repeatAtMs = nowMs + CHUNK_TIMEOUT_MS
    const { header, receivedBytes: offset, from } = incoming
    const { index, term } = header
    this.#send(from, { type: 'chunk-request', index, term, offset })
  }

  /** What has come of a snapshot that is not wanted any more. */
  forget(appliedIndex: number): void {
    if (this.#incoming !== undefined && this.#incoming.header.index <= appliedIndex) {
      this.#incoming = undefined
    }
  }
}

export class SnapshotSender {
  readonly #send: Send
  /** Node that Raft sends a snapshot to → its last entry, and when it is given up. */
  readonly #awaited = new Map<NodeId, Offered>()

  constructor(send: Send) {
    this.#send = send
  }

  get wakeAtMs(): number {
    let wakeAtMs = NEVER
    for (const { untilMs } of this.#awaited.values()) wakeAtMs = Math.min(wakeAtMs, untilMs)
    return wakeAtMs
  }

  /** Raft sends a snapshot. */
  offer(to: PeerId, message: Message, nowMs: number): void {
    const { snapshot = EMPTY_SNAPSHOT } = message
    const { index } = snapshot.metadata
    this.#awaited.set(message.to, { index, untilMs: nowMs + SENDER_TIMEOUT_MS })
    const header = headerOf(snapshot)
    // The data goes in chunks.
    const bare = { ...message, snapshot: { ...EMPTY_SNAPSHOT, metadata: snapshot.metadata } }
    this.#send(to, { type: 'snapshot-offer', snapshot: header, message: bare })
  }

  /** A peer that follows us is behind our log. */
  offerFeed(to: PeerId, snapshot: Snapshot): void {
    this.#send(to, {
      type: 'snapshot-offer',
      snapshot: headerOf(snapshot),
      message: undefined,
    })
  }

  /**
   * Sends the next chunk of our snapshot. If it is no longer that one, the new one is offered: by
   * Raft, which is told that the old one failed, or else by us.
   */
  requested(
    from: { readonly peer: PeerId; readonly node: NodeId | undefined },
    request: Extract<ConsensusMessage, { type: 'chunk-request' }>,
    { snapshot, nowMs }: { readonly snapshot: Snapshot; readonly nowMs: number },
  ): void {
    const { index, term, offset } = request
    const { metadata, data } = snapshot
    const isOfRaft = from.node !== undefined && this.#awaited.has(from.node)
    if (index !== metadata.index || term !== metadata.term) {
      if (metadata.index <= index) return
      if (isOfRaft) this.#awaited.set(from.node, { index, untilMs: nowMs })
      else this.offerFeed(from.peer, snapshot)
      return
    }
    if (offset > data.length) return
    if (isOfRaft) this.#awaited.set(from.node, { index, untilMs: nowMs + SENDER_TIMEOUT_MS })
    const bytes = data.subarray(offset, offset + CHUNK_BYTES)
    this.#send(from.peer, { type: 'chunk', index, term, offset, bytes })
  }

  /** @returns Nodes that have stopped asking, each once. */
  givenUp(nowMs: number): readonly NodeId[] {
    return this.#settle(({ untilMs }) => untilMs <= nowMs)
  }

  /** @returns Nodes that have told that they have it, each once. */
  arrived(hasEntry: (node: NodeId, index: number) => boolean): readonly NodeId[] {
    return this.#settle(({ index }, node) => hasEntry(node, index))
  }

  #settle(isSettled: (offered: Offered, node: NodeId) => boolean): readonly NodeId[] {
    const nodes = [...this.#awaited].flatMap(([node, it]) => (isSettled(it, node) ? [node] : []))
    for (const node of nodes) this.#awaited.delete(node)
    return nodes
  }
}

function headerOf({ data, metadata }: Snapshot): SnapshotHeader {
  return { ...metadata, sizeBytes: data.length }
}

function isSame(a: SnapshotHeader, b: SnapshotHeader): boolean {
  return a.index === b.index && a.term === b.term && a.sizeBytes === b.sizeBytes
}
