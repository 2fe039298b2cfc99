/**
 * GET /v1/models and /v1/models/{id}: what the mesh serves, as OpenAI lists models.
 *
 * `skein` holds what OpenAI has no field for. `created` is when this peer started to listen, since
 * nobody knows when a model was made and clients insist on a number.
 */
import { MeshError } from '../core/errors.ts'
import { unknownModel } from '../core/unknown-model.ts'
import type { Gateway, ModelView } from '../node/gateway.ts'
import { invalid, MODEL_LENGTH_MAX } from './fields.ts'
import type { Route } from './routes.ts'

export function modelRoutes(gateway: Gateway, createdSeconds: number): readonly Route[] {
  const openAiModel = ({ id, facts, peers }: ModelView) => ({
    id,
    object: 'model',
    created: createdSeconds,
    owned_by: facts.ownedBy,
    skein: {
      peers,
      context_tokens: facts.contextTokens,
      capabilities: facts.capabilities,
      caution: facts.caution ?? null,
    },
  })

  return [
    {
      method: 'GET',
      path: '/v1/models',
      handle: exchange =>
        exchange.sendJson(200, { object: 'list', data: gateway.models().map(openAiModel) }),
    },
    {
      // A wildcard, since ids may contain slashes, as those of Hugging Face do.
      method: 'GET',
      path: '/v1/models/*',
      handle(exchange, { params }) {
        const { '*': id } = params as { readonly '*': string }
        if (id.length > MODEL_LENGTH_MAX) {
          throw invalid('model', `a string of 1 to ${MODEL_LENGTH_MAX} characters`, id)
        }
        const models = gateway.models()
        const model = models.find(view => view.id === id)
        if (model === undefined) {
          const served = models.map(view => view.id)
          throw new MeshError(unknownModel(id, served), { code: 'ERR_MODEL_NOT_FOUND' })
        }
        exchange.sendJson(200, openAiModel(model))
      },
    },
  ]
}
