/**
 * TorchServe: models as archives with a handler of their own, each with some workers.
 *
 * It serves at its port, is managed at the next one, and tells metrics at the one after; those count
 * requests and microseconds, for which the normal form has no place, so what is read of it is what
 * the management says of each model: the requests that wait and the workers that are ready. A model
 * is loaded and unloaded by giving it workers and taking them; it stays registered. What a handler
 * takes and gives is its own affair: of a model's context, quantisation and purpose nothing is said.
 *
 * TorchServe is in limited maintenance, by its own words; 0.12 is its last release.
 *
 * Source: pytorch/serve v0.12.0: docs/management_api.md, docs/inference_api.md, docs/metrics_api.md,
 * docs/model_api_control.md; frontend/server ApiDescriptionRequestHandler.java, OpenApiUtils.java.
 */
import { z } from 'zod'
import type { Unready } from '../../core/peer-state.ts'
import { translateForTorchserve } from '../kserve/torchserve-translation.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import { jsonFrom, pathPart, textFrom } from './engine-answer.ts'
import type {
  Ask,
  EngineProfile,
  EngineReading,
  EngineReadings,
  ListedModel,
} from './engine-profile.ts'

const MANAGEMENT_PORT_OFFSET = 1

/** Of one page of the list; TorchServe's own default. */
const PAGE_LENGTH = 100

const PAGES_MAX = 10

/** Asked for what waits, at each look: there is no question about all of them. */
const WATCHED_MAX = 16

const apiDescription = z.object({ info: z.object({ title: z.literal('TorchServe APIs') }) })

const page = z.object({
  nextPageToken: z.string().optional(),
  models: z.array(z.object({ modelName: z.string().min(1) })).max(PAGE_LENGTH),
})

/** The default version of one model, as an array of one. */
const description = z
  .array(
    z.object({
      modelName: z.string(),
      maxWorkers: z.int().nonnegative().catch(0),
      batchSize: z.int().positive().catch(1),
      workers: z.array(z.object({ status: z.string() })).catch([]),
      jobQueueStatus: z.object({ pendingRequests: z.int().nonnegative() }).optional(),
    }),
  )
  .min(1)

type Description = z.output<typeof description>[number]

export const torchserve: EngineProfile = {
  kind: 'torchserve',
  label: 'TorchServe',
  port: 8_080,
  writtenFor: '0.12',
  detect: {
    path: '/api-description',
    matches: ({ status, text }) =>
      status === 200 && apiDescription.safeParse(jsonOrUndefined(text)).success,
  },
  openaiPath: undefined,
  translate: translateForTorchserve,
  listModels,
  checkHealth: async (ask, signal) => {
    // 500 if a model lacks the workers it must have.
    await textFrom(ask, { method: 'GET', path: '/ping' }, signal)
  },
  readMetrics: async (ask, signal) => {
    const readings = new Map<string, EngineReading>()
    for (const model of await describeAll(ask, signal, WATCHED_MAX)) {
      readings.set(model.modelName, readingOf(model))
    }
    return readings satisfies EngineReadings
  },
  control: {
    actions: {
      load: (ask, model, signal) => scale(ask, { model, workers: 'min_worker=1' }, signal),
      unload: (ask, model, signal) =>
        scale(ask, { model, workers: 'min_worker=0&max_worker=0' }, signal),
    },
  },
}

async function listModels(
  ask: Ask,
  signal: AbortSignal,
  named: readonly string[] = [],
): Promise<readonly ListedModel[]> {
  return (await describeAll(ask, signal)).map(model => ({
    id: model.modelName,
    // Only a person knows which handler it has: the option `models` names those of vLLM's.
    capabilities: named.includes(model.modelName) ? ['chat', 'completion'] : [],
    parallelMax: model.maxWorkers === 0 ? undefined : model.maxWorkers * model.batchSize,
    unready: unreadyOf(model),
  }))
}

async function describeAll(
  ask: Ask,
  signal: AbortSignal,
  modelsMax = PAGES_MAX * PAGE_LENGTH,
): Promise<readonly Description[]> {
  const found: Description[] = []
  for (const name of (await namesOf(ask, signal)).slice(0, modelsMax)) {
    const path = `/models/${pathPart(name)}`
    const question = { method: 'GET' as const, path, portOffset: MANAGEMENT_PORT_OFFSET }
    const [model] = await jsonFrom(ask, { ...question, schema: description }, signal)
    if (model !== undefined) found.push(model)
  }
  return found
}

async function namesOf(ask: Ask, signal: AbortSignal): Promise<readonly string[]> {
  const names = new Set<string>()
  let next: string | undefined = '0'
  for (let left = PAGES_MAX; left > 0 && next !== undefined; left -= 1) {
    const found = await pageFrom(ask, next, signal)
    for (const { modelName } of found.models) names.add(modelName)
    next = found.nextPageToken
  }
  return [...names]
}

function pageFrom(ask: Ask, start: string, signal: AbortSignal): Promise<z.output<typeof page>> {
  const path = `/models?limit=${PAGE_LENGTH}&next_page_token=${pathPart(start)}`
  const portOffset = MANAGEMENT_PORT_OFFSET
  return jsonFrom(ask, { method: 'GET', path, portOffset, schema: page }, signal)
}

function unreadyOf({ workers }: Description): Unready | undefined {
  if (workers.some(({ status }) => status === 'READY')) return undefined
  return { state: workers.length === 0 ? 'cold' : 'loading' }
}

function readingOf(model: Description): EngineReading {
  return { queuedCount: model.jobQueueStatus?.pendingRequests, unready: unreadyOf(model) }
}

/** Returns when the workers are there, or gone with what they had to do. */
async function scale(
  ask: Ask,
  { model, workers }: { model: string; workers: string },
  signal: AbortSignal,
): Promise<void> {
  const path = `/models/${pathPart(model)}?${workers}&synchronous=true`
  await textFrom(ask, { method: 'PUT', path, portOffset: MANAGEMENT_PORT_OFFSET }, signal)
}
