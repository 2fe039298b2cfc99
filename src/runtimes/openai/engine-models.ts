/**
 * One look at an engine: which kind it is, whether it is well, and which models it has.
 *
 *     kind (named, or found out once) ──> its own list ──┐
 *                                    └──> OpenAI list ───┴──> facts for the mesh, and who is not ready
 *
 * Of a model in both lists, the engine's own says more; what neither says is guessed from its name.
 * Where the options name models, those are all there are: a cloud lists hundreds, TF Serving none.
 */
import { MeshError } from '../../core/errors.ts'
import type { ModelFacts, Unready } from '../../core/peer-state.ts'
import type { Logger } from '../../node/log.ts'
import type { RuntimeRequest } from '../../node/runtime.ts'
import { detectEngine } from '../engines/detect.ts'
import type { Ask, EngineProfile, ListedModel } from '../engines/engine-profile.ts'
import { openai } from '../engines/openai.ts'
import { PROFILES } from '../engines/profiles.ts'
import type { Translation } from '../engines/translation.ts'
import type { EngineAddress } from './base-url.ts'
import { jsonOrUndefined } from './json.ts'
import { guessedCapabilities, ID_LENGTH_MAX, MODELS_MAX, readModelList } from './model-list.ts'
import type { OpenaiOptions } from './options.ts'
import { refusalError } from './refusal.ts'

export interface EngineModelsDeps {
  readonly address: EngineAddress
  readonly ask: Ask
  readonly wallMs: () => number
  readonly log: Pick<Logger, 'warn'>
}

/** What engines say of a model besides its id; peers refuse longer ones with all that comes along. */
const TEXT_LENGTH_MAX = 256

export interface SeenModels {
  readonly facts: readonly ModelFacts[]
  /** Those that cannot answer at once. */
  readonly unready: ReadonlyMap<string, Unready>
}

export class EngineModels {
  readonly #options: OpenaiOptions
  readonly #deps: EngineModelsDeps
  #profile: EngineProfile | undefined
  #hasWarned = false

  constructor(options: OpenaiOptions, deps: EngineModelsDeps) {
    this.#options = options
    this.#deps = deps
    this.#profile = PROFILES.find(({ kind }) => kind === options.kind)
  }

  /** `openai` until it is known. */
  get profile(): EngineProfile {
    return this.#profile ?? openai
  }

  /** Before every path of its OpenAI API. `undefined`: it has none. */
  get openaiPath(): string | undefined {
    return this.#deps.address.openaiPath ?? this.profile.openaiPath
  }

  /** What to ask an engine that has no OpenAI API. `undefined`: it has one, or cannot do as if. */
  async translate(request: RuntimeRequest, signal: AbortSignal): Promise<Translation | undefined> {
    const { translate } = this.profile
    if (this.openaiPath !== undefined || translate === undefined) return undefined
    const { chatTemplate, answerTokensMax } = this.#options
    return await translate(request, { ...this.#deps, chatTemplate, answerTokensMax }, signal)
  }

  /** It is gone; what comes back may be of another kind. */
  forget(): void {
    if (this.#options.kind === undefined) this.#profile = undefined
  }

  /** @throws MeshError ERR_ENGINE if it does not answer, is not well, or has no list. */
  async look(signal: AbortSignal): Promise<SeenModels> {
    const { ask } = this.#deps
    if (this.#profile === undefined) {
      const found = await detectEngine(PROFILES, ask, signal)
      // One that will not show its list may still say why not.
      this.#profile = found.profile
    }
    const { models: named } = this.#options
    const [health, own, listed] = await Promise.allSettled([
      this.profile.checkHealth(ask, signal),
      this.profile.listModels(ask, signal, named),
      this.#openaiList(signal),
    ])
    if (listed.status === 'rejected') throw listed.reason
    if (own.status === 'rejected' && listed.value.length === 0) throw own.reason
    const details = own.status === 'fulfilled' ? own.value : []
    const isLoading = details.some(({ unready }) => unready?.state === 'loading')
    if (health.status === 'rejected' && !isLoading) throw health.reason
    const isComplete = this.profile.isListComplete === true && own.status === 'fulfilled'
    return this.#seen(byId([...details, ...(isComplete ? [] : listed.value)]))
  }

  /** @throws MeshError if it answers with anything but an OpenAI list. */
  async #openaiList(signal: AbortSignal): Promise<readonly ListedModel[]> {
    const { openaiPath } = this
    if (openaiPath === undefined) return []
    const { status, headers, text } = await this.#deps.ask(
      { method: 'GET', path: `${openaiPath}/models` },
      signal,
    )
    // Some providers have no list; whoever named the models knows them.
    if (this.#options.models !== undefined && (status === 404 || status === 405)) return []
    if (status !== 200) {
      const refusal = { status, retryAfter: headers['retry-after'], text }
      throw refusalError(refusal, this.#deps.wallMs()) ?? noList(`status ${status}`)
    }
    const models = readModelList(jsonOrUndefined(text))
    if (models === undefined) throw noList(headers['content-type'] ?? 'no type')
    return models
  }

  #seen(models: ReadonlyMap<string, ListedModel>): SeenModels {
    const { models: named } = this.#options
    const listed = this.#nameable([...models.values()]).slice(0, MODELS_MAX)
    const chosen = named?.map(id => models.get(id) ?? { id }) ?? listed
    return {
      facts: chosen.map(model => this.#factsOf(model)),
      unready: new Map(
        chosen.flatMap(({ id, unready }) => (unready === undefined ? [] : [[id, unready]])),
      ),
    }
  }

  /** Those whose name fits where names travel. */
  #nameable(models: readonly ListedModel[]): readonly ListedModel[] {
    const fitting = models.filter(({ id }) => id !== '' && id.length <= ID_LENGTH_MAX)
    if (fitting.length < models.length && !this.#hasWarned) {
      this.#hasWarned = true
      const { address, log } = this.#deps
      const count = models.length - fitting.length
      const facts = { engine: address.name, models: count, charactersMax: ID_LENGTH_MAX }
      log.warn('models are left out: their ids are too long, or empty', facts)
    }
    return fitting
  }

  #factsOf(model: ListedModel): ModelFacts {
    const { parallelMax, price } = this.#options
    const { digest, quantization, weightsBytes } = model
    return {
      id: model.id,
      engine: this.#deps.address.name,
      ownedBy: cut(model.ownedBy ?? 'unknown'),
      capabilities: this.#capabilitiesOf(model),
      contextTokens: model.contextTokens ?? 0,
      parallelMax: model.parallelMax ?? parallelMax,
      ...(digest === undefined ? {} : { digest: cut(digest) }),
      ...(quantization === undefined ? {} : { quantization: cut(quantization) }),
      ...(weightsBytes === undefined ? {} : { weightsBytes }),
      // None of ours: it must not count for the memory or the heat of any.
      ...(price === undefined ? {} : { price, gpus: [] }),
    }
  }

  #capabilitiesOf({ id, capabilities }: ListedModel): ModelFacts['capabilities'] {
    const isTranslated = this.openaiPath === undefined
    // There is nothing that a client could ask it for.
    if (isTranslated && this.profile.translate === undefined) return []
    if (this.#options.embeddingModels.includes(id)) return ['embedding']
    if (!isTranslated) return capabilities ?? guessedCapabilities(id)
    const can = capabilities ?? guessedCapabilities(id).filter(each => each !== 'chat')
    const chats = this.#options.chatTemplate !== undefined && can.includes('completion')
    return chats ? [...new Set(['chat' as const, ...can])] : can
  }
}

/** What is said first of a model counts; what it leaves out, a later list may say. */
function byId(models: readonly ListedModel[]): ReadonlyMap<string, ListedModel> {
  const merged = new Map<string, ListedModel>()
  for (const model of models) {
    const known = Object.entries(merged.get(model.id) ?? {}).filter(
      ([, said]) => said !== undefined,
    )
    merged.set(model.id, { ...model, ...(Object.fromEntries(known) as Partial<ListedModel>) })
  }
  return merged
}

function cut(text: string): string {
  return text.slice(0, TEXT_LENGTH_MAX)
}

function noList(found: string): MeshError {
  return new MeshError(`expected an OpenAI list of models at /models, found ${found}`, {
    code: 'ERR_ENGINE',
    hint: 'Check that the base URL is that of an OpenAI-compatible API.',
  })
}
