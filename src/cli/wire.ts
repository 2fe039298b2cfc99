/**
 * The answers of a peer's HTTP side that the commands read. Fields we do not know are dropped, so
 * that a peer of a later version can still be asked.
 */
import { z } from 'zod'
import type { GpuLoad, PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { ModelView } from '../node/gateway.ts'

const modelFacts = z.object({
  id: z.string(),
  engine: z.string(),
  ownedBy: z.string(),
  capabilities: z.array(
    z.enum(['chat', 'completion', 'embedding', 'tools', 'json-schema', 'logprobs', 'vision']),
  ),
  contextTokens: z.number(),
  parallelMax: z.number(),
  digest: z.string().optional(),
  quantization: z.string().optional(),
  caution: z.string().optional(),
  price: z.object({ inputPerMillion: z.number(), outputPerMillion: z.number() }).optional(),
})

const peerFacts: z.ZodType<PeerFacts> = z.object({
  version: z.string(),
  name: z.string(),
  zone: z.string(),
  labels: z.record(z.string(), z.string()),
  addresses: z.array(z.string()),
  models: z.array(modelFacts),
})

const gpuLoad: z.ZodType<GpuLoad> = z.object({
  name: z.string(),
  uuid: z.string().optional(),
  vramTotalBytes: z.number(),
  vramUsedBytes: z.number(),
  utilizationRatio: z.number(),
  memoryUtilizationRatio: z.number().optional(),
  temperatureCelsius: z.number().optional(),
  powerWatts: z.number().optional(),
  isThrottled: z.boolean(),
  isFaulty: z.boolean(),
  faults: z.array(z.string()).optional(),
})

export type GpuLine = z.output<typeof gpuLoad>

const unready = {
  state: z.enum(['cold', 'loading', 'sleeping', 'failed']),
  progressRatio: z.number().optional(),
  readyInMs: z.number().optional(),
}

const peerLoad: z.ZodType<PeerLoad> = z.object({
  models: z.array(
    z.object({
      model: z.string(),
      queuedCount: z.number(),
      runningCount: z.number(),
      prefillTokensLeft: z.number(),
      decodeTokensLeft: z.number(),
      prefillTokensPerSecond: z.number(),
      decodeTokensPerSecond: z.number(),
      kvUsedRatio: z.number().optional(),
      batchFillRatio: z.number().optional(),
      prefixHitRatio: z.number().optional(),
      latencyP95Ms: z.number().optional(),
      unready: z.object(unready).optional(),
      hotPrefixes: z.array(z.number()).optional(),
      metricsAgeMs: z.number().optional(),
    }),
  ),
  gpus: z.array(gpuLoad),
  isDraining: z.boolean(),
})

const nodeView = z.object({
  peer: z.string(),
  isSelf: z.boolean(),
  status: z.enum(['alive', 'suspect', 'dead', 'left']),
  incarnation: z.number(),
  facts: peerFacts.optional(),
  load: peerLoad,
  ageMs: z.number(),
  rttMs: z.number().optional(),
  isConnected: z.boolean(),
  // More may come.
  path: z.string(),
  // Of the asked peer only, and shown as it is.
  gpus: z.array(z.record(z.string(), z.unknown())).optional(),
})

export type NodeLine = z.output<typeof nodeView>

/** One of a list that says who it is, and of which more cannot be read. */
export interface MalformedNode {
  readonly peer: string
  /** What is missing or another thing, the first of it: `load.models.0.queuedCount`. */
  readonly field: string
}

/** What one peer says is no reason to show none of the others. */
export const nodeList = z
  .object({ nodes: z.array(z.looseObject({ peer: z.string() })) })
  .transform(({ nodes }) => {
    const found: NodeLine[] = []
    const malformed: MalformedNode[] = []
    for (const node of nodes) {
      const { data, error } = nodeView.safeParse(node)
      if (data !== undefined) found.push(data)
      else malformed.push({ peer: node.peer, field: error.issues[0]?.path.join('.') ?? '' })
    }
    return { nodes: found, malformed }
  })

/** Loose: kinds of events and their facts that we do not know are shown as they are. */
export const meshEvent = z.object({
  id: z.string(),
  // What a date can be made of.
  atWallMs: z.number().min(0).max(8.64e15),
  event: z.string(),
  facts: z.record(z.string(), z.unknown()),
})

export type EventLine = z.output<typeof meshEvent>

export const eventList = z.object({ events: z.array(meshEvent) })

const modelView: z.ZodType<ModelView> = z.object({
  id: z.string(),
  facts: modelFacts,
  peers: z.array(z.string()),
  unready: z.array(z.object({ peer: z.string(), ...unready })).optional(),
})

export type ModelLine = z.output<typeof modelView>

export const modelList = z.object({ models: z.array(modelView) })

export const issuedTicket = z.object({ ticket: z.string().startsWith('skein') })

/** JSON has no infinity: a score that is infinite arrives as `null`. */
const figure = z
  .number()
  .nullable()
  .transform(value => value ?? Number.POSITIVE_INFINITY)

const scoreTerms = z.object({
  workLeftMs: figure,
  prefillLeftMs: z.number().optional(),
  parallelism: figure,
  waitMs: figure,
  readMs: z.number().optional(),
  serviceMs: figure,
  netMs: figure,
  coldMs: figure,
  etaMs: figure,
  headroomRatio: figure,
  headroomOf: z.enum(['kv-cache', 'vram', 'nothing']).optional(),
  cachedTokens: z.number().optional(),
  requestCount: z.number().optional(),
  shareRatio: z.number().optional(),
  costDollars: z.number().optional(),
  score: figure,
})

const scoreWeights = z.object({
  workLeft: z.number(),
  service: z.number(),
  network: z.number(),
  cold: z.number(),
  cost: z.number(),
})

/** Loose where versions may differ: an exclusion or outcome we do not know is shown as it is. */
export const decisionRecord = z.object({
  candidatesOmittedCount: z.number().optional(),
  notLookedAtCount: z.number().optional(),
  withoutModelCount: z.number().optional(),
  id: z.string(),
  atWallMs: z.number(),
  ingress: z.string(),
  model: z.string(),
  inputTokens: z.number(),
  outputTokensExpected: z.number(),
  strategy: z.string(),
  rule: z
    .object({
      kvKneeRatio: z.number(),
      vramKneeRatio: z.number(),
      stickyPatience: z.number(),
      weights: scoreWeights.optional(),
      isByCost: z.literal(true).optional(),
    })
    .optional(),
  candidates: z.array(
    z.object({
      peer: z.string(),
      stateAgeMs: figure,
      reservedCount: z.number(),
      exclusion: z.string().optional(),
      terms: scoreTerms.optional(),
      home: z.number().optional(),
    }),
  ),
  chosen: z.string().optional(),
  attempts: z.array(
    z.object({
      peer: z.string(),
      errorCode: z.string().optional(),
      durationMs: z.number().optional(),
      isHedge: z.boolean().optional(),
      isCancelled: z.boolean().optional(),
    }),
  ),
  outcome: z.string(),
  retryDenial: z.string().optional(),
})

export type Decision = z.output<typeof decisionRecord>

export const decisionList = z.object({ decisions: z.array(decisionRecord) })

/** One event of a streamed answer of `/v1/chat/completions`. */
export const chatChunk = z.object({
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() }))
    .default([]),
  error: z.object({ message: z.string(), skein_code: z.string().optional() }).optional(),
})

/** The error object of every refusal. */
export const errorBody = z.object({
  error: z.object({
    message: z.string(),
    skein_code: z.string().optional(),
    hint: z.string().optional(),
  }),
})
