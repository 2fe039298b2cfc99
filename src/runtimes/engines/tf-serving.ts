/**
 * TensorFlow Serving: models by name, each in some versions, over its REST API.
 *
 * It lists no models, so those that the options name are asked for one by one. It cannot go on with
 * a text, and what its `:predict` takes differs from model to model, so no endpoint of OpenAI's can
 * be answered with it. Models come and go by its configuration file; over HTTP nothing can be done
 * to them.
 *
 * Source: tensorflow/serving 2.19: tensorflow_serving/g3doc/api_rest.md, serving_config.md
 * ("Monitoring configuration"), model_servers/http_rest_api_handler.cc (what it refuses),
 * servables/tensorflow/util.cc (metrics), apis/get_model_status.proto (states).
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { Unready } from '../../core/peer-state.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import { isMissing, jsonOf, metricsFrom, pathPart } from './engine-answer.ts'
import type {
  Ask,
  EngineProfile,
  EngineReading,
  EngineReadings,
  EngineReply,
  ListedModel,
} from './engine-profile.ts'
import { byLabel, histogramOf } from './exposition.ts'
import { servableStatus, unreadyServable } from './servable-status.ts'

const MICROSECOND_MS = 0.001

/** What it says if no model is named; a proxy before it may have changed the path. */
const refusal = z.object({
  error: z.string().regex(/^(?:Missing model name in request|Malformed request: GET)/),
})

/** The monitoring configuration's example; it has no default, and no metrics without one. */
const METRICS_PATH = '/monitoring/prometheus/metrics'

export const tfServing: EngineProfile = {
  kind: 'tf-serving',
  label: 'TensorFlow Serving',
  port: 8_501,
  writtenFor: '2.19',
  detect: { path: '/v1/models', matches: isItsRefusal },
  openaiPath: undefined,
  listModels,
  checkHealth: async (ask, signal) => {
    const reply = await ask({ method: 'GET', path: '/v1/models' }, signal)
    if (isItsRefusal(reply)) return
    throw new MeshError(`expected TF Serving to answer for itself, found ${reply.status}`, {
      code: 'ERR_ENGINE',
    })
  },
  readMetrics,
}

function isItsRefusal({ status, text }: EngineReply): boolean {
  return status >= 400 && status < 500 && refusal.safeParse(jsonOrUndefined(text)).success
}

async function listModels(
  ask: Ask,
  signal: AbortSignal,
  named: readonly string[] = [],
): Promise<readonly ListedModel[]> {
  const models: ListedModel[] = []
  for (const id of named) {
    const unready = await unreadyOf(ask, id, signal)
    models.push({ id, capabilities: [], unready })
  }
  return models
}

async function unreadyOf(
  ask: Ask,
  model: string,
  signal: AbortSignal,
): Promise<Unready | undefined> {
  const question = { method: 'GET' as const, path: `/v1/models/${pathPart(model)}` }
  const reply = await ask(question, signal)
  // Named in the options, and not in its configuration, or not yet read from there.
  if (isMissing(reply.status)) return { state: 'cold' }
  return unreadyServable(jsonOf(reply, { ...question, schema: servableStatus }))
}

async function readMetrics(ask: Ask, signal: AbortSignal): Promise<EngineReadings> {
  const samples = await metricsFrom(ask, { path: METRICS_PATH }, signal)
  const readings = new Map<string, EngineReading>()
  for (const [model, group] of byLabel(samples, 'model_name')) {
    const name = ':tensorflow:serving:request_latency'
    const latency = histogramOf(group, name, { unitMs: MICROSECOND_MS })
    if (model !== '' && latency !== undefined) readings.set(model, { counters: { latency } })
  }
  return readings
}
