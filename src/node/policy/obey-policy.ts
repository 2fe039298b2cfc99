/**
 * Keeps the scheduler and the engines of this peer at what the mesh has agreed on.
 */
import type { PeerId } from '../../core/ids.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { Clock } from '../clock.ts'
import type { Agreement } from '../consensus/agreement.ts'
import type { Engines } from '../engines.ts'
import { changesRules, schedulingRules } from './scheduling-rules.ts'

export interface ObeyPolicyDeps {
  readonly self: PeerId
  readonly agreement: Pick<Agreement, 'views' | 'watch'>
  readonly scheduler: Pick<Scheduler, 'step'>
  readonly engines: Pick<Engines, 'setDrained'>
  readonly clock: Clock
  /** Our engines take requests now, or do not any more. */
  readonly onLoadChanged: () => void
}

/** From now on until the peer ends. */
export function obeyPolicy(deps: ObeyPolicyDeps): void {
  const { self, agreement, scheduler, engines, clock, onLoadChanged } = deps
  let isDrained = false
  const obey = () => {
    const policy = schedulingRules(agreement.views)
    scheduler.step({ type: 'policy-changed', policy }, clock.nowMs())
    if (policy.drained.has(self) === isDrained) return
    isDrained = !isDrained
    engines.setDrained(isDrained)
    onLoadChanged()
  }
  agreement.watch(changes => {
    if (changesRules(changes)) obey()
  })
  obey()
}
