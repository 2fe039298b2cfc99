/**
 * Reads what an engine says about its models at `GET /v1/models`.
 *
 * The OpenAI list has little more than ids. How long a context is, engines say each in their own
 * field; what a model is for, none says, so it is guessed from the name.
 */
import { z } from 'zod'
import type { Capability } from '../../core/peer-state.ts'
import type { ListedModel } from '../engines/engine-profile.ts'

/** More than any engine serves; the rest is left out. */
export const MODELS_MAX = 1_000

/** Longer names do not fit where names travel. */
export const ID_LENGTH_MAX = 256

const tokens = z.int().positive().optional().catch(undefined)

const modelEntry = z.object({
  // Too long ones are left out later, and that is told.
  id: z.string().min(1),
  owned_by: z.string().max(ID_LENGTH_MAX).catch('unknown'),
  /** vLLM and SGLang. */
  max_model_len: tokens,
  /** llama-server. */
  meta: z.object({ n_ctx_train: tokens }).optional().catch(undefined),
})

/** Ollama sends `null` for no models. */
const modelList = z.object({
  object: z.literal('list'),
  data: z
    .array(z.unknown())
    .nullish()
    .transform(entries => entries ?? []),
})

/** Names of the embedding families that are in use; `embed` alone finds most. */
const EMBEDDING_NAME = /embed|\bbge\b|\bgte\b|\be5\b|minilm|arctic-l|stella|jina-clip/i

/** They score pairs of texts, which none of our endpoints does. */
const RERANKER_NAME = /re-?rank/i

/** What a model is for, as far as its name tells. */
export function guessedCapabilities(id: string): readonly Capability[] {
  if (RERANKER_NAME.test(id)) return []
  return EMBEDDING_NAME.test(id) ? ['embedding'] : ['chat', 'completion']
}

/** Whether the JSON is an OpenAI list, whatever is in it. */
export function isModelList(json: unknown): boolean {
  return modelList.safeParse(json).success
}

/** @returns `undefined` if the JSON is no OpenAI list. */
export function readModelList(json: unknown): readonly ListedModel[] | undefined {
  const list = modelList.safeParse(json)
  if (!list.success) return undefined
  const byId = new Map<string, ListedModel>()
  for (const candidate of list.data.data.slice(0, MODELS_MAX)) {
    const entry = modelEntry.safeParse(candidate)
    if (!entry.success || byId.has(entry.data.id)) continue
    const { id, owned_by: ownedBy, max_model_len, meta } = entry.data
    byId.set(id, { id, ownedBy, contextTokens: max_model_len ?? meta?.n_ctx_train })
  }
  return [...byId.values()]
}
