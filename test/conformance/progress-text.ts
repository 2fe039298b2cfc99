/**
 * Configurations and progress as the files print them.
 */
import type { NodeId } from '../../src/consensus/raft/node-id.ts'
import { type Configuration, isJoint } from '../../src/consensus/raft/progress/configuration.ts'
import type { Progress } from '../../src/consensus/raft/progress/progress.ts'

const STATES = {
  probe: 'StateProbe',
  replicate: 'StateReplicate',
  snapshot: 'StateSnapshot',
} as const

/** `voters=(1 2)&&(1) learners=(3) learners_next=(4) autoleave`, each only if there is one. */
export function configurationText(configuration: Configuration): string {
  const { voters, learners, learnersNext, isAutoLeave } = configuration
  const outgoing = isJoint(configuration) ? `&&${idsText(voters.outgoing)}` : ''
  return [
    `voters=${idsText(voters.incoming)}${outgoing}`,
    ...(learners.size > 0 ? [`learners=${idsText(learners)}`] : []),
    ...(learnersNext.size > 0 ? [`learners_next=${idsText(learnersNext)}`] : []),
    ...(isAutoLeave ? ['autoleave'] : []),
  ].join(' ')
}

/** A line for each member, by id. */
export function progressMapText(progress: ReadonlyMap<NodeId, Progress>): string {
  return [...progress]
    .sort(([a], [b]) => a - b)
    .map(([id, each]) => `${id}: ${progressText(each)}\n`)
    .join('')
}

function progressText(progress: Progress): string {
  const { matchIndex, nextIndex, pendingSnapshotIndex, inflights } = progress
  const full = inflights.isFull ? '[full]' : ''
  return [
    `${STATES[progress.state]} match=${matchIndex} next=${nextIndex}`,
    ...(progress.isLearner ? ['learner'] : []),
    ...(progress.isPaused ? ['paused'] : []),
    ...(pendingSnapshotIndex > 0 ? [`pendingSnap=${pendingSnapshotIndex}`] : []),
    ...(progress.isRecentlyActive ? [] : ['inactive']),
    ...(inflights.count > 0 ? [`inflight=${inflights.count}${full}`] : []),
  ].join(' ')
}

function idsText(ids: ReadonlySet<NodeId>): string {
  return `(${[...ids].sort((a, b) => a - b).join(' ')})`
}
