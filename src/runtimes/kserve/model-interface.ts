/**
 * What a model of a KServe v2 server takes and gives, read from its configuration, and so what it
 * can be asked: to go on with a text, to embed texts, or nothing that an OpenAI client asks for.
 *
 *     text_input: STRING -> text_output: STRING            generate
 *     one required STRING -> one FP32                      embed
 *
 * Further inputs and outputs by which text backends take and tell more are found by name. All of
 * them are optional: a model is asked only for what it declares.
 *
 * Source: triton-inference-server/server r25.08, docs/protocol/extension_generate.md and
 * extension_model_configuration.md; triton-inference-server/common, protobuf/model_config.proto;
 * inputs of the backends: triton-inference-server/vllm_backend, src/model.py, and
 * triton-inference-server/tensorrtllm_backend, all_models/inflight_batcher_llm/ensemble/config.pbtxt.
 */
import { z } from 'zod'

const tensor = z.object({
  name: z.string().min(1),
  data_type: z.string(),
  dims: z.array(z.coerce.number()).catch([]),
  optional: z.boolean().optional(),
})

type Tensor = z.output<typeof tensor>

/** Of `GET /v2/models/{model}/config`. */
export const modelConfig = z.object({
  name: z.string().min(1),
  max_batch_size: z.int().nonnegative().catch(0),
  input: z.array(tensor).max(1_000).catch([]),
  output: z.array(tensor).max(1_000).catch([]),
  instance_group: z
    .array(z.object({ count: z.int().positive().catch(1) }))
    .max(1_000)
    .catch([]),
})

export type ModelConfig = z.output<typeof modelConfig>

/** A model that goes on with a text. */
export interface TextInterface {
  readonly does: 'generate'
  /** Names of what it takes, … */
  readonly inputs: ReadonlySet<string>
  /** … and of those that it must be given. */
  readonly required: ReadonlySet<string>
}

/** A model that makes vectors of texts. */
export interface EmbeddingInterface {
  readonly does: 'embed'
  readonly input: string
  readonly output: string
  /** Whether its first dimension counts the texts although it is declared without it. */
  readonly isBatched: boolean
  /** Texts it takes at once. `undefined`: as many as come. */
  readonly textsMax: number | undefined
}

export type ModelInterface = TextInterface | EmbeddingInterface

const TEXT = 'TYPE_STRING'

/** `undefined`: it does something else. */
export function interfaceOf(config: ModelConfig): ModelInterface | undefined {
  const isText = (name: string) => (each: Tensor) => each.name === name && each.data_type === TEXT
  if (config.input.some(isText('text_input')) && config.output.some(isText('text_output'))) {
    const namesOf = (tensors: readonly Tensor[]) => new Set(tensors.map(({ name }) => name))
    const required = config.input.filter(({ optional }) => optional !== true)
    return { does: 'generate', inputs: namesOf(config.input), required: namesOf(required) }
  }
  return embeddingInterfaceOf(config)
}

function embeddingInterfaceOf(config: ModelConfig): EmbeddingInterface | undefined {
  const [input, ...others] = config.input.filter(({ optional }) => optional !== true)
  const vectors = config.output.filter(({ data_type }) => data_type === 'TYPE_FP32')
  const [output, ...rest] = vectors
  if (input?.data_type !== TEXT || output === undefined) return undefined
  if (others.length > 0 || rest.length > 0) return undefined
  const isBatched = config.max_batch_size > 0
  const takesAny = !isBatched && (input.dims[0] ?? -1) === -1
  return {
    does: 'embed',
    input: input.name,
    output: output.name,
    isBatched,
    textsMax: takesAny ? undefined : Math.max(1, config.max_batch_size),
  }
}

/** Requests it works on at once. `undefined`: its backend decides. */
export function parallelMaxOf({ max_batch_size, instance_group }: ModelConfig): number | undefined {
  if (max_batch_size === 0) return undefined
  const instances = instance_group.reduce((sum, { count }) => sum + count, 0)
  return max_batch_size * Math.max(1, instances)
}
