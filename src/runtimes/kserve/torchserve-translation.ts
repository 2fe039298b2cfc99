/**
 * OpenAI's text endpoints by TorchServe's vLLM handler, which has them below each of its models:
 *
 *     /predictions/{model}/{version}/v1/chat/completions
 *
 * There the model has another name, that of its weights, so it is asked for and put in its place.
 * The handler reports failures with a status of success. What other handlers take and give is
 * nobody's to know, so they are not asked.
 *
 * Source: pytorch/serve v0.12.0, ts/torch_handler/vllm_handler.py, docs/llm_deployment.md,
 * docs/management_api.md ("Describe model").
 */
import { z } from 'zod'
import { hasCode, MeshError } from '../../core/errors.ts'
import { jsonBody } from '../embedded/answer-format.ts'
import { jsonFrom, pathPart } from '../engines/engine-answer.ts'
import type { Ask } from '../engines/engine-profile.ts'
import type { Translate } from '../engines/translation.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import { streamedAnswer, wholeAnswer } from './translated-stream.ts'

const MANAGEMENT_PORT_OFFSET = 1

const description = z.array(z.object({ modelVersion: z.string().min(1) })).min(1)

const served = z.object({ data: z.array(z.object({ id: z.string().min(1) })).min(1) })

/** vLLM's own `ErrorResponse`. */
const failure = z.object({
  object: z.literal('error'),
  message: z.string(),
  code: z.int().catch(500),
})

export const translateForTorchserve: Translate = async (request, { ask }, signal) => {
  if (request.endpoint === 'embeddings') {
    throw new MeshError('expected a model that makes vectors, found one that makes text', {
      code: 'ERR_INVALID_REQUEST',
      details: { param: 'model' },
    })
  }
  const path = await placeOf(ask, request.model, signal)
  const model = await servedName(ask, path, signal)
  const body = jsonBody({ ...objectOf(request.body), model })
  return {
    path: `${path}/v1/${request.endpoint}`,
    body,
    answer: exchange => {
      if (!request.isStream) return wholeAnswer(exchange, passedOn)
      let isFirst = true
      return streamedAnswer(exchange, {
        chunk: chunk => {
          if (isFirst) passedOn(new TextDecoder().decode(chunk))
          isFirst = false
          return [chunk]
        },
        end: () => [],
      })
    },
  }
}

async function placeOf(ask: Ask, model: string, signal: AbortSignal): Promise<string> {
  const path = `/models/${pathPart(model)}`
  const question = { method: 'GET' as const, path, portOffset: MANAGEMENT_PORT_OFFSET }
  const [found] = await jsonFrom(ask, { ...question, schema: description }, signal)
  return `/predictions/${pathPart(model)}/${pathPart(found?.modelVersion ?? '')}`
}

async function servedName(ask: Ask, place: string, signal: AbortSignal): Promise<string> {
  const question = { method: 'GET' as const, path: `${place}/v1/models`, schema: served }
  const list = await jsonFrom(ask, question, signal).catch((cause: unknown) => {
    if (!hasCode(cause, 'ERR_ENGINE')) throw cause
    throw new MeshError("expected a model of TorchServe's vLLM handler, found another handler", {
      code: 'ERR_NOT_SUPPORTED',
      hint: 'Name in `models` only those that were started with ts.llm_launcher.',
      cause,
    })
  })
  return list.data[0]?.id ?? ''
}

function objectOf(body: Uint8Array): object {
  const json = jsonOrUndefined(new TextDecoder().decode(body))
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  throw new MeshError('expected a JSON object as the body', { code: 'ERR_INVALID_REQUEST' })
}

/** @throws MeshError if it is a report of a failure. */
function passedOn(text: string): Uint8Array {
  const failed = failure.safeParse(jsonOrUndefined(text))
  if (!failed.success) return new TextEncoder().encode(text)
  const { message, code: status } = failed.data
  const isRefusal = status >= 400 && status < 500
  throw new MeshError(`the engine answered ${status}: ${message.slice(0, 500)}`, {
    code: isRefusal ? 'ERR_INVALID_REQUEST' : 'ERR_ENGINE',
    details: { upstream: { status } },
  })
}
