/**
 * Every section of the configuration, the peer's own and those of its parts. The one place that
 * knows them all: a peer does not know its edges, and an edge not another.
 */
import { consensusOptions } from './consensus/replica/options.ts'
import { gpuOptions } from './gpu/options.ts'
import { ingressOptions } from './ingress/options.ts'
import { membershipOptions, profileEdits } from './membership/options.ts'
import type { ConfigOf } from './node/config/config-schema.ts'
import type { Preset } from './node/config/preset.ts'
import { gossipOptions } from './node/gossip-options.ts'
import { enginesOptions, filePath, nodeOptions, p2pOptions } from './node/options.ts'
import { recordingOptions } from './node/recording/options.ts'
import { scalingOptions } from './node/scaling/options.ts'
import { tracingOptions } from './node/tracing/options.ts'
import { laneOptions } from './protocols/options.ts'
import { embeddedOptions } from './runtimes/embedded/options.ts'
import { openaiOptions } from './runtimes/openai/options.ts'
import { schedulerOptions } from './scheduler/options.ts'

export const configSections = {
  node: nodeOptions,
  p2p: p2pOptions,
  ingress: ingressOptions.extend({
    apiKeyPath: filePath()
      .nullable()
      .prefault(null)
      .describe('File with the API keys that clients must present, one per line. `null`: none.'),
  }),
  lane: laneOptions,
  gossip: gossipOptions,
  membership: membershipOptions,
  consensus: consensusOptions,
  scheduler: schedulerOptions,
  engines: enginesOptions,
  embedded: embeddedOptions,
  // Where and what an engine is stands in `engines.list`; the rest is the same for all of them.
  openai: openaiOptions.omit({
    baseUrl: true,
    kind: true,
    models: true,
    chatTemplate: true,
    price: true,
  }),
  gpu: gpuOptions,
  tracing: tracingOptions,
  recording: recordingOptions,
  scaling: scalingOptions,
} as const

/** Options that set others. */
export const configPresets: readonly Preset[] = [
  { key: 'membership.profile', fallback: 'lan', edits: profileEdits },
]

export type SkeinConfig = ConfigOf<typeof configSections>
