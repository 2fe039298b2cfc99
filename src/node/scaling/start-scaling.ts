/**
 * Scaling advice of one peer: the watch and, if one is configured, the webhook.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Peer } from '../peer.ts'
import type { ScalingOptions } from './options.ts'
import { ScalingWatch } from './scaling-watch.ts'
import { Webhook } from './webhook.ts'

export interface StartScalingDeps {
  readonly peer: Pick<Peer, 'self' | 'meshId' | 'nodes' | 'agreement'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'scaling'>
  readonly newId: () => string
}

/** @returns what ends it. */
export function startScaling(options: ScalingOptions, deps: StartScalingDeps): () => Promise<void> {
  const { peer, clock } = deps
  const webhook = createWebhook(options, deps)
  const watch = new ScalingWatch(
    {
      ...deps,
      nodes: () => peer.nodes(),
      views: () => peer.agreement.views,
      onAdvice: advice => {
        const { self, meshId } = peer
        const at = new Date(clock.wallMs()).toISOString()
        webhook?.post({ type: 'scaling-advice', at, mesh: meshId, peer: self, ...advice })
      },
    },
    options.intervalMs,
  )
  return async () => {
    watch.close()
    await webhook?.close()
  }
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
