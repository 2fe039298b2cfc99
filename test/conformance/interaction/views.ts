/**
 * What can be looked at: `raft-log`, `raft-state` and `status`.
 */
import { isVoter } from '../../../src/consensus/raft/quorum/joint.ts'
import { progressMapText } from '../progress-text.ts'
import type { Cluster, ClusterNode } from './cluster.ts'
import { entryText, ROLES } from './describe.ts'

/** What is in storage. */
export function showLog({ output }: Cluster, { storage }: ClusterNode): void {
  const { firstIndex, lastIndex } = storage
  if (lastIndex < firstIndex) {
    output.write(`log is empty: first index=${firstIndex}, last index=${lastIndex}`)
    return
  }
  const entries = storage.entries(firstIndex, lastIndex + 1, Number.POSITIVE_INFINITY) ?? []
  for (const entry of entries) output.writeLine(entryText(entry))
}

/** Each node as it sees itself. */
export function showStates({ output, nodes }: Cluster): void {
  for (const { raw } of nodes) {
    const { id, role, configuration, term, leader } = raw.status()
    const voter = isVoter(configuration.voters, id) ? '(Voter)' : '(Non-Voter)'
    output.writeLine(`${id}: ${ROLES[role]} ${voter} Term:${term} Lead:${leader}`)
  }
}

/** A leader's picture of everyone; others have none. */
export function showStatus({ output }: Cluster, { raw }: ClusterNode): void {
  output.write(progressMapText(raw.status().progress))
}
