/**
 * Reads at a leader that wait until it is sure to lead still.
 *
 * Reads are counted from the start of the term. A heartbeat carries the count of all reads so far,
 * and whoever answers it thereby says that at that time it still followed us; so the reads up to
 * the count that a quorum has answered may be served. A leader that has committed nothing in its
 * term does not know yet what is committed: its reads wait in `#early` until then.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.4; counting as in
 * etcd-io/raft.
 */
import type { NodeId } from './node-id.ts'
import { type JointVoters, jointCommittedIndex } from './quorum/joint.ts'

export interface ReadRequest {
  /** The node that asked. */
  readonly from: NodeId
  readonly context: Uint8Array
}

export interface PendingRead extends ReadRequest {
  /** The commit index when it was asked. */
  readonly index: number
}

export class ReadQueue {
  readonly #limit: number
  #early: ReadRequest[] = []
  #unconfirmed: PendingRead[] = []
  #confirmedCount = 0
  /** Node → how many reads of this term it has confirmed. */
  readonly #acked = new Map<NodeId, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get isFull(): boolean {
    return this.#early.length + this.#unconfirmed.length >= this.#limit
  }

  /** What a heartbeat asks to confirm: all reads so far. 0: none waits. */
  get readCount(): number {
    return this.#unconfirmed.length === 0 ? 0 : this.#confirmedCount + this.#unconfirmed.length
  }

  reset(): void {
    this.#early = []
    this.#unconfirmed = []
    this.#confirmedCount = 0
    this.#acked.clear()
  }

  addEarly(request: ReadRequest): void {
    this.#early.push(request)
  }

  takeEarly(): ReadRequest[] {
    const early = this.#early
    this.#early = []
    return early
  }

  add(read: PendingRead): void {
    this.#unconfirmed.push(read)
  }

  /** @param readCount As the heartbeat asked. More than was ever asked confirms nothing. */
  acknowledge(from: NodeId, readCount: number): void {
    if (readCount > this.#confirmedCount + this.#unconfirmed.length) return
    this.#acked.set(from, Math.max(readCount, this.#acked.get(from) ?? 0))
  }

  /** The reads that a quorum has confirmed by now, each once. */
  takeConfirmed(voters: JointVoters): PendingRead[] {
    const quorumCount = jointCommittedIndex(voters, id => this.#acked.get(id))
    const confirmedCount = Math.min(quorumCount, this.#confirmedCount + this.#unconfirmed.length)
    if (confirmedCount <= this.#confirmedCount) return []
    const reads = this.#unconfirmed.splice(0, confirmedCount - this.#confirmedCount)
    this.#confirmedCount = confirmedCount
    return reads
  }
}
