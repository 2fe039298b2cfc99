/**
 * What a replica may not go back on: while its process lives, how far it is; over its death, the
 * term and the vote it may have told, and the entries it may have acknowledged.
 *
 * All of that leaves a replica only once it is stored, so what it was told is stored is what the
 * next process of its host must know.
 */
import { NO_NODE } from '../../../src/consensus/raft/node-id.ts'
import type { SimHost } from '../../sim-host.ts'
import type { ReplicaView, StoredView } from '../replica-view.ts'
import type { Rule } from '../safety-watch.ts'

export class LifeRule implements Rule {
  /** Host → what it was last told is on its disk, in whatever life. */
  readonly #stored = new Map<SimHost, StoredView>()

  check(view: ReplicaView, before: ReplicaView | undefined): string | undefined {
    const promised = this.#stored.get(view.host)
    this.#stored.set(view.host, view.stored)
    return (
      (before === undefined ? undefined : wentBack(view, before)) ??
      (promised === undefined ? undefined : forgotten(view.stored, promised)) ??
      ahead(view)
    )
  }
}

function wentBack(view: ReplicaView, before: ReplicaView): string | undefined {
  if (view.commitIndex < before.commitIndex) {
    return `expected the commit index to rise from ${before.commitIndex}, found ${view.commitIndex}`
  }
  if (view.appliedIndex < before.appliedIndex) {
    return `expected what is applied to rise from ${before.appliedIndex}, found ${view.appliedIndex}`
  }
  // Who begins anew in Raft, or ends, goes on from what is stored, which is looked at below.
  const isSamePart = view.role !== 'observer' && before.role !== 'observer'
  if (!isSamePart) return undefined
  if (view.term < before.term) {
    return `expected the term to rise from ${before.term}, found ${view.term}`
  }
  const isSecondVote = before.vote !== NO_NODE && view.vote !== before.vote
  if (view.term === before.term && isSecondVote) {
    return `expected one vote in term ${view.term}, found one for ${before.vote} and then for ${view.vote}`
  }
  return undefined
}

function forgotten(stored: StoredView, promised: StoredView): string | undefined {
  const { term, vote } = stored.hardState
  const { term: toldTerm, vote: toldVote } = promised.hardState
  if (term < toldTerm) return `expected term ${toldTerm} to be remembered, found ${term}`
  if (term === toldTerm && toldVote !== NO_NODE && vote !== toldVote) {
    return `expected the vote for ${toldVote} in term ${term} to be remembered, found ${vote}`
  }
  if (isEntryKept(stored, promised)) return undefined
  const { lastIndex, lastTerm } = promised
  return `expected entry ${lastIndex} of term ${lastTerm} to be remembered, found the log to end with ${stored.lastIndex} of term ${stored.lastTerm}`
}

/**
 * Or replaced: a leader of a later term may do that, and what it sends first may be of an older
 * one. What a death leaves is replaced by something; a log that only ends earlier has lost it.
 */
function isEntryKept(stored: StoredView, promised: StoredView): boolean {
  const { lastIndex, lastTerm } = promised
  if (stored.snapshotIndex >= lastIndex || stored.log.term(lastIndex) === lastTerm) return true
  return stored.hardState.term > lastTerm && !isCutShort(stored, promised)
}

/** Of another life, and the same as far as it goes. */
function isCutShort({ log, lastIndex, lastTerm }: StoredView, promised: StoredView): boolean {
  const isSoFar = promised.log.term(lastIndex) === lastTerm
  return log !== promised.log && lastIndex < promised.lastIndex && isSoFar
}

function ahead({ appliedIndex, commitIndex, lastIndex }: ReplicaView): string | undefined {
  if (appliedIndex > commitIndex) {
    return `expected only what is committed, up to ${commitIndex}, to be applied, found ${appliedIndex}`
  }
  if (commitIndex > lastIndex) {
    return `expected only what is in the log, up to ${lastIndex}, to be committed, found ${commitIndex}`
  }
  return undefined
}
