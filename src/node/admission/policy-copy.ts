/**
 * What admission needs of the agreement: our copy of the policy, and ways to make sure of it.
 */
import type { Operation } from '../../consensus/policy/command.ts'
import type { Outcome } from '../../consensus/policy/outcome.ts'
import type { PolicyState } from '../../consensus/policy/policy-state.ts'
import type { PolicyViews } from '../../consensus/policy/views.ts'
import type { PeerId } from '../../core/ids.ts'
import type { PolicyWatcher } from '../consensus/agreement.ts'

export interface PolicyCopy {
  readonly views: PolicyViews
  readonly state: PolicyState
  change(operation: Operation, by: { author: string }): Promise<Outcome>
  catchUp(): Promise<void>
  /** Whether it votes on what is agreed, as far as our copy knows. */
  isVoter(peer: PeerId): boolean
  watch(watcher: PolicyWatcher): () => void
}
