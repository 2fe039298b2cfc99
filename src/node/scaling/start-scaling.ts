/**
 * Scaling at one peer: the watch; what is done about it, if this peer leads; and the webhook, if one
 * is configured.
 */
import { forbiddenBy } from '../../scheduler/policy.ts'
import type { Clock } from '../clock.ts'
import type { Agreement } from '../consensus/agreement.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Peer } from '../peer.ts'
import { changesRules, schedulingRules } from '../policy/scheduling-rules.ts'
import type { PlacementRules } from './observe.ts'
import type { ScalingOptions } from './options.ts'
import { placedModels } from './placed-models.ts'
import { ReplicaKeeper } from './replica-keeper.ts'
import { ScalingWatch } from './scaling-watch.ts'
import { Webhook } from './webhook.ts'

export interface StartScalingDeps {
  readonly peer: Pick<Peer, 'self' | 'meshId' | 'nodes' | 'agreement' | 'control' | 'tell'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'scaling'>
  readonly newId: () => string
}

/** @returns what ends it. */
export function startScaling(options: ScalingOptions, deps: StartScalingDeps): () => Promise<void> {
  const { peer, clock } = deps
  const { self, meshId, agreement, control } = peer
  const webhook = createWebhook(options, deps)
  const { mayServe, stop } = followRules(agreement)
  const keeper = new ReplicaKeeper(
    { ...deps, agreement, control, onEvent: (event, facts) => peer.tell(event, facts) },
    options.actionTimeoutMs,
  )
  const watch = new ScalingWatch(
    {
      ...deps,
      nodes: () => peer.nodes(),
      views: () => agreement.views,
      mayServe,
      onLooked: look => {
        const at = new Date(clock.wallMs()).toISOString()
        for (const advice of look.advice) {
          webhook?.post({ type: 'scaling-advice', at, mesh: meshId, peer: self, ...advice })
        }
        keeper.look(() => placedModels({ ...look, views: agreement.views, mayServe }))
      },
    },
    options.intervalMs,
  )
  return async () => {
    watch.close()
    stop()
    await Promise.all([keeper.close(), webhook?.close()])
  }
}

interface FollowedRules extends Pick<PlacementRules, 'mayServe'> {
  readonly stop: () => void
}

/** Whether a peer may serve a model at all; one that drains may again. */
function followRules(agreement: Pick<Agreement, 'views' | 'watch'>): FollowedRules {
  let rules = schedulingRules(agreement.views)
  const stop = agreement.watch(changes => {
    if (changesRules(changes)) rules = schedulingRules(agreement.views)
  })
  const mayServe: PlacementRules['mayServe'] = (node, model) => {
    const reason = forbiddenBy(rules, node, model)
    return reason === undefined || reason === 'draining'
  }
  return { mayServe, stop }
}

function createWebhook(options: ScalingOptions, deps: StartScalingDeps): Webhook | undefined {
  const { webhookUrl: url, webhookTimeoutMs: timeoutMs, webhookAttemptsMax: attemptsMax } = options
  if (url === null) return undefined
  return new Webhook(
    { url, timeoutMs, attemptsMax },
    {
      ...deps,
      fetch: globalThis.fetch,
      onOutcome: outcome => deps.metrics.scaling.webhooks.inc({ outcome }),
    },
  )
}
