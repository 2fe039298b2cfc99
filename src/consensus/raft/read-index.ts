/**
 * Reads that see everything committed before they were asked: any node asks the leader at which
 * index, and the leader answers when it is sure that it still leads.
 *
 * The lease-based mode does not make sure: it trusts that no other leader can be elected before
 * followers have missed us for an election timeout by their own clocks.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.4.
 */
import type { NodeId } from './node-id.ts'
import type { Raft } from './raft.ts'
import type { ReadRequest } from './read-queue.ts'
import { broadcastHeartbeat } from './replication.ts'
import type { ReadRefusal } from './step-result.ts'

/** At the leader. */
export function requestRead(raft: Raft, request: ReadRequest): 'ok' | ReadRefusal {
  if (raft.reads.isFull) return 'too-many-reads'
  if (raft.hasCommittedInTerm) startReads(raft, [request])
  else raft.reads.addEarly(request)
  return 'ok'
}

/** Starts the reads that came before we had committed anything in our term. */
export function startEarlyReads(raft: Raft): void {
  if (!raft.hasCommittedInTerm) return
  startReads(raft, raft.reads.takeEarly())
}

/** Someone answered a heartbeat that asked to confirm reads. */
export function confirmReads(raft: Raft, from: NodeId, readCount: number): void {
  if (readCount === 0) return
  raft.reads.acknowledge(from, readCount)
  for (const read of raft.reads.takeConfirmed(raft.tracker.configuration.voters)) {
    answerRead(raft, read, read.index)
  }
}

function startReads(raft: Raft, requests: readonly ReadRequest[]): void {
  if (requests.length === 0) return
  const index = raft.log.commitIndex
  if (raft.options.readMode === 'lease-based' || isOnlyVoter(raft)) {
    for (const request of requests) answerRead(raft, request, index)
    return
  }
  for (const request of requests) raft.reads.add({ ...request, index })
  raft.reads.acknowledge(raft.id, raft.reads.readCount)
  broadcastHeartbeat(raft)
}

/** Then nobody else can have been elected. */
function isOnlyVoter({ id, tracker }: Raft): boolean {
  return tracker.isSingleton && tracker.configuration.voters.incoming.has(id)
}

function answerRead(raft: Raft, { from, context }: ReadRequest, index: number): void {
  if (from === raft.id) raft.readStates.push({ index, context })
  else raft.send({ type: 'MsgReadIndexResp', to: from, index, context })
}
