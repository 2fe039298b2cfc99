/**
 * The configuration that a snapshot or the disk describes, put back as it was, with every member's
 * progress at its start.
 */
import { assert } from '../../../core/assert.ts'
import type { NodeId } from '../node-id.ts'
import type { Configuration } from '../progress/configuration.ts'
import type { Progress } from '../progress/progress.ts'
import type { ProgressTracker, TrackedConfiguration } from '../progress/progress-tracker.ts'
import { checked } from './changer.ts'
import type { ConfState } from './conf-change.ts'

/** @param tracker Makes the progress; its own configuration does not matter. */
export function restore(
  tracker: ProgressTracker,
  confState: ConfState,
  { lastIndex }: { readonly lastIndex: number },
): TrackedConfiguration {
  const configuration: Configuration = {
    voters: {
      incoming: new Set(confState.voters),
      outgoing: new Set(confState.votersOutgoing),
    },
    isAutoLeave: confState.isAutoLeave,
    learners: new Set(confState.learners),
    learnersNext: new Set(confState.learnersNext),
  }
  const { voters, learners } = configuration
  const voterIds = [...voters.incoming, ...voters.outgoing]
  const isEmpty = voterIds.length + learners.size === 0
  assert(isEmpty || voters.incoming.size > 0, 'removed all voters')
  const progress = new Map<NodeId, Progress>()
  for (const id of [...voterIds, ...learners]) {
    const isLearner = learners.has(id)
    const nextIndex = Math.max(lastIndex, 1)
    progress.set(id, tracker.createProgress({ nextIndex, isLearner, isRecentlyActive: true }))
  }
  return checked({ configuration, progress })
}
