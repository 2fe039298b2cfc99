/**
 * Reads the JSON bodies of the three endpoints into what the engine needs, or says which field
 * is wrong.
 *
 * Fields that we do not know are ignored, as OpenAI's clients send new ones before engines know
 * them. Fields that we know are checked, and one that we know and cannot do is refused: an answer
 * that quietly ignores `n: 3` is worse than none. `null` means "not given", as with OpenAI.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'

/** An optional field that may also be `null`. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform(value => value ?? undefined)

/** A field that would change the answer and is not supported with any other value. */
const only = <Value extends string | number | boolean>(value: Value) =>
  optional(z.literal(value, { error: `only ${JSON.stringify(value)} is supported by this engine` }))

/** Text beyond this cannot fit any context; it bounds what is tokenized. */
const TEXT_MAX_CHARS = 16 * 2 ** 20

const text = z.string().max(TEXT_MAX_CHARS)

const stopText = z.string().min(1).max(1_024)

const sampling = {
  max_tokens: optional(z.int().min(1)),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().gt(0).max(1)),
  top_k: optional(z.int().min(0)),
  min_p: optional(z.number().min(0).max(1)),
  seed: optional(z.int()),
  stop: optional(
    z.union([stopText.transform(one => [one]), z.array(stopText).max(4)], {
      error: 'expected a text or at most four texts, none of them empty',
    }),
  ),
  presence_penalty: optional(z.number().min(-2).max(2)),
  frequency_penalty: optional(z.number().min(-2).max(2)),
  repeat_penalty: optional(z.number().gt(0).max(2)),
  logit_bias: optional(
    z
      .record(
        z.string().regex(/^\d+$/, 'token ids are whole numbers'),
        z.number().min(-100).max(100),
      )
      .refine(biases => Object.keys(biases).length <= 300, { error: 'at most 300 tokens' }),
  ),
  n: only(1),
  stream_options: optional(z.object({ include_usage: z.boolean().nullish() })),
}

export type SamplingFields = Pick<
  z.output<typeof completionBody>,
  keyof typeof sampling & keyof z.output<typeof completionBody>
>

const textPart = z.object(
  { type: z.literal('text', { error: 'only text is supported by this model' }), text },
  { error: 'expected {"type": "text", "text": …}' },
)

/** A message's text: one string, or text parts that are joined. */
const content = z
  .union([text, z.array(textPart).max(1_024)])
  .transform(parts => (typeof parts === 'string' ? parts : parts.map(part => part.text).join('')))

const toolName = z.string().regex(/^[\w-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -')

const toolCall = z.object({
  id: z.string().min(1).max(256),
  function: z.object({ name: toolName, arguments: text }),
})

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content }),
  z.object({ role: z.literal('user'), content }),
  z.object({
    role: z.literal('assistant'),
    content: optional(content),
    tool_calls: optional(z.array(toolCall).max(128)),
  }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string().min(1).max(256) }),
])

export type ChatMessage = z.output<typeof message>

const jsonSchema = z.record(z.string(), z.unknown())

const tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: toolName,
    description: optional(text),
    parameters: optional(jsonSchema),
  }),
})

export type Tool = z.output<typeof tool>['function']

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ schema: jsonSchema, strict: optional(z.boolean()) }),
  }),
])

export type ResponseFormat = z.output<typeof responseFormat>

const toolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.object({ type: z.literal('function'), function: z.object({ name: toolName }) }),
  ],
  { error: 'expected "none", "auto", "required" or {"type": "function", "function": {"name": …}}' },
)

export type ToolChoice = z.output<typeof toolChoice>

const chatBody = z.object({
  ...sampling,
  messages: z.array(message).min(1).max(4_096),
  max_completion_tokens: optional(z.int().min(1)),
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int().min(0).max(20)),
  response_format: optional(responseFormat),
  tools: optional(z.array(tool).max(128)),
  tool_choice: optional(toolChoice),
  parallel_tool_calls: optional(z.boolean()),
})

export type ChatBody = z.output<typeof chatBody>

const tokenIds = z.array(z.int().min(0)).min(1)

const completionBody = z.object({
  ...sampling,
  prompt: z.union([text, z.tuple([text]).transform(([one]) => one), tokenIds], {
    error: 'expected one text or the tokens of one text',
  }),
  echo: only(false),
  best_of: only(1),
  suffix: optional(z.literal('', { error: 'this engine does not fill in the middle' })),
  logprobs: optional(z.int().min(0).max(20)),
})

export type CompletionBody = z.output<typeof completionBody>

/** As many as OpenAI takes. */
const EMBEDDING_INPUTS_MAX = 2_048

const embeddingBody = z.object({
  input: z
    .union([text, tokenIds, z.array(z.union([text, tokenIds])).min(1)], {
      error: 'expected a text, the tokens of a text, or an array of either',
    })
    .transform(listInputs)
    .refine(inputs => inputs.length <= EMBEDDING_INPUTS_MAX, {
      error: `expected at most ${EMBEDDING_INPUTS_MAX} inputs`,
    }),
  encoding_format: optional(z.enum(['float', 'base64'])),
  dimensions: optional(z.int().min(1)),
})

export type EmbeddingBody = z.output<typeof embeddingBody>

type EmbeddingInput = string | number[]

function listInputs(input: string | number[] | EmbeddingInput[]): EmbeddingInput[] {
  if (typeof input === 'string') return [input]
  return isTokens(input) ? [input] : input
}

function isTokens(input: number[] | EmbeddingInput[]): input is number[] {
  return typeof input[0] === 'number'
}

/** @throws MeshError ERR_INVALID_REQUEST, naming each field at fault. */
export function readChat(body: Uint8Array): ChatBody {
  return read(chatBody, body)
}

/** @throws MeshError ERR_INVALID_REQUEST, naming each field at fault. */
export function readCompletion(body: Uint8Array): CompletionBody {
  return read(completionBody, body)
}

/** @throws MeshError ERR_INVALID_REQUEST, naming each field at fault. */
export function readEmbedding(body: Uint8Array): EmbeddingBody {
  return read(embeddingBody, body)
}

function read<Schema extends z.ZodType>(schema: Schema, body: Uint8Array): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(body))
  if (parsed.success) return parsed.data

  const problems = parsed.error.issues.map(({ path, message: problem }) =>
    path.length === 0 ? problem : `${path.join('.')}: ${problem}`,
  )
  throw new MeshError(problems.join('; '), {
    code: 'ERR_INVALID_REQUEST',
    details: { param: parsed.error.issues[0]?.path.join('.') },
  })
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  } catch (error) {
    throw new MeshError('expected a JSON object as the body, found text that is not JSON', {
      code: 'ERR_INVALID_REQUEST',
      cause: error,
    })
  }
}
