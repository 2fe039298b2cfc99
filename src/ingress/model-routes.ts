/**
 * GET /v1/models and /v1/models/{id}: what the mesh serves, as OpenAI lists models: those of its
 * engines, and the aliases of the policy that lead to one of them.
 *
 * `skein` holds what OpenAI has no field for. `created` is when this peer started to listen, since
 * nobody knows when a model was made and clients insist on a number.
 */
import { z } from 'zod'
import type { AliasSpec } from '../consensus/policy/kinds/aliases.ts'
import { MeshError } from '../core/errors.ts'
import { unknownModel } from '../core/unknown-model.ts'
import type { Gateway, ModelView } from '../node/gateway.ts'
import { type Caller, maySee } from './caller.ts'
import { invalid, MODEL_LENGTH_MAX } from './fields.ts'
import type { Route } from './routes.ts'

const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  skein: z.object({
    peers: z.array(z.string()),
    context_tokens: z.int(),
    capabilities: z.array(z.string()),
    caution: z.string().nullable(),
    alias_of: z.array(z.string()).optional(),
  }),
})

type OpenAiModel = z.output<typeof model>

const modelList = z.object({ object: z.literal('list'), data: z.array(model) })

/** A model, or an alias with the facts of the first model behind it that somebody serves. */
interface Offer extends ModelView {
  readonly aliasOf?: readonly string[]
}

export function modelRoutes(
  gateway: Pick<Gateway, 'models' | 'policy'>,
  createdSeconds: number,
): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/models',
      role: 'inference',
      about: { summary: 'The models and aliases that the caller may ask for.', answer: modelList },
      handle(exchange) {
        const data = offersFor(exchange.caller, gateway)
        const models = data.map(offer => openAiModel(offer, createdSeconds))
        exchange.sendJson(200, { object: 'list', data: models })
      },
    },
    {
      // A wildcard, since ids may contain slashes, as those of Hugging Face do.
      method: 'GET',
      path: '/v1/models/*',
      role: 'inference',
      about: { summary: 'One model or alias.', answer: model },
      handle(exchange, { params }) {
        const { '*': id } = params as { readonly '*': string }
        if (id.length > MODEL_LENGTH_MAX) {
          throw invalid('model', `a string of 1 to ${MODEL_LENGTH_MAX} characters`, id)
        }
        const offers = offersFor(exchange.caller, gateway)
        const found = offers.find(each => each.id === id)
        if (found === undefined) {
          const known = offers.map(each => each.id)
          throw new MeshError(unknownModel(id, known), { code: 'ERR_MODEL_NOT_FOUND' })
        }
        exchange.sendJson(200, openAiModel(found, createdSeconds))
      },
    },
  ]
}

function openAiModel({ id, facts, peers, aliasOf }: Offer, created: number): OpenAiModel {
  return {
    id,
    object: 'model',
    created,
    owned_by: facts.ownedBy,
    skein: {
      peers: [...peers],
      context_tokens: facts.contextTokens,
      capabilities: [...facts.capabilities],
      caution: facts.caution ?? null,
      ...(aliasOf === undefined ? {} : { alias_of: [...aliasOf] }),
    },
  }
}

/** By id. An alias hides a model of its name. */
function offersFor(caller: Caller, gateway: Pick<Gateway, 'models' | 'policy'>): readonly Offer[] {
  const offers = new Map<string, Offer>(gateway.models().map(view => [view.id, view]))
  const aliasOf = (name: string) => gateway.policy.views.spec('aliases', name)
  const aliases = gateway.policy
    .list('aliases', {})
    .map(({ name }): readonly [string, Offer | undefined] => {
      const models = modelsBehind(name, aliasOf)
      const views = models.flatMap(id => offers.get(id) ?? [])
      const peers = [...new Set(views.flatMap(view => view.peers))]
      return [name, views[0] && { ...views[0], id: name, peers, aliasOf: models }]
    })
  for (const [name, offer] of aliases) {
    if (offer === undefined) offers.delete(name)
    else offers.set(name, offer)
  }
  return [...offers.values()]
    .filter(({ id }) => maySee(caller, id))
    .toSorted((a, b) => a.id.localeCompare(b.id))
}

/** Every model that a request for the name may go to, the targets before the rest. */
function modelsBehind(name: string, aliasOf: (name: string) => AliasSpec | undefined): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const visit = (each: string, from: string | undefined) => {
    const alias = each === from ? undefined : aliasOf(each)
    if (alias === undefined) {
      found.add(each)
      return
    }
    if (seen.has(each)) return
    seen.add(each)
    const targets = alias.targets.filter(({ weight }) => weight > 0)
    for (const target of targets) visit(target.model, each)
    for (const other of [...alias.variants, ...alias.fallbacks]) visit(other, each)
  }
  visit(name, undefined)
  return [...found]
}
