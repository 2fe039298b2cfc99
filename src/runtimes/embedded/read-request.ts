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
import { expectation, requestProblem } from './request-problem.ts'

/** An optional field that may also be `null`. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform(value => value ?? undefined)

/** A field that would change the answer and is not supported with any other value. */
const only = <Value extends string | number | boolean>(value: Value) =>
  optional(z.literal(value, { error: `expected ${JSON.stringify(value)}, all this engine can do` }))

/** An array whose length is looked at before anything in it: each entry costs a report if wrong. */
const list = <Item extends z.ZodType>(item: Item, [min, max]: [number, number], kind?: string) => {
  const error = ({ code }: z.core.$ZodRawIssue) => (code === 'invalid_type' ? kind : undefined)
  return z.array(z.unknown(), { error }).min(min).max(max).pipe(z.array(item))
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object, not looked into. */
const anyObject = z.custom<Readonly<Record<string, unknown>>>(isObject, {
  error: ({ code }) => (code === 'custom' ? 'expected an object' : undefined),
})

/** Longer ones make grammars, or prompts, that hold up the event loop. */
const SCHEMAS_MAX_CHARS = 256 * 1_024

const isText = (value: unknown): value is string => typeof value === 'string'

const isTokens = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && typeof value[0] === 'number'

function withinChars({ value, issues }: z.core.ParsePayload): void {
  const input = JSON.stringify(value)
  if (input.length <= SCHEMAS_MAX_CHARS) return
  issues.push({ code: 'too_big', origin: 'json', maximum: SCHEMAS_MAX_CHARS, input })
}

/** Text beyond this cannot fit any context; it bounds what is tokenized. */
const TEXT_MAX_CHARS = 16 * 2 ** 20

const text = z.string().max(TEXT_MAX_CHARS)

const stopText = z.string().min(1).max(1_024)

/** As many as OpenAI takes. */
const BIASES_MAX = 300

const sampling = {
  max_tokens: optional(z.int().min(1)),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().gt(0).max(1)),
  top_k: optional(z.int().min(0)),
  min_p: optional(z.number().min(0).max(1)),
  seed: optional(z.int()),
  stop: optional(
    z.preprocess(
      value => (typeof value === 'string' ? [value] : value),
      list(stopText, [0, 4], 'expected a text or an array of at most four texts'),
    ),
  ),
  presence_penalty: optional(z.number().min(-2).max(2)),
  frequency_penalty: optional(z.number().min(-2).max(2)),
  repeat_penalty: optional(z.number().gt(0).max(2)),
  logit_bias: optional(
    anyObject
      .refine(biases => Object.keys(biases).length <= BIASES_MAX, {
        error: `expected the biases of at most ${BIASES_MAX} tokens`,
        abort: true,
      })
      .pipe(z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100))),
  ),
  n: only(1),
  stream_options: optional(z.object({ include_usage: z.boolean().nullish() })),
}

export type SamplingFields = Pick<
  z.output<typeof completionBody>,
  keyof typeof sampling & keyof z.output<typeof completionBody>
>

const textPart = z.object({ type: z.literal('text'), text })

/** A message's text: one string, or text parts that are joined. */
const content = z
  .preprocess(
    value => (typeof value === 'string' ? [{ type: 'text', text: value }] : value),
    list(textPart, [0, 1_024], 'expected a text or an array of text parts'),
  )
  .transform(parts => parts.map(part => part.text).join(''))

const toolName = z.string().regex(/^[\w-]{1,64}$/, {
  error: 'expected 1 to 64 letters, digits, _ or -',
})

/** As many as OpenAI takes. */
const TOOLS_MAX = 128

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
    tool_calls: optional(list(toolCall, [0, TOOLS_MAX])),
  }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string().min(1).max(256) }),
])

export type ChatMessage = z.output<typeof message>

const jsonSchema = anyObject.check(withinChars)

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

const modality = z.literal('text', { error: 'expected "text", all this engine can say' })

const chatFields = z.object({
  ...sampling,
  messages: list(message, [1, 4_096]),
  max_completion_tokens: optional(z.int().min(1)),
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int().min(0).max(20)),
  response_format: optional(responseFormat),
  tools: optional(list(tool, [0, TOOLS_MAX]).check(withinChars)),
  tool_choice: optional(toolChoice),
  parallel_tool_calls: optional(z.boolean()),
  modalities: optional(list(modality, [1, 16])),
})

const chatBody = chatFields.check(({ value, issues }) => {
  if (value.logprobs === true || (value.top_logprobs ?? 0) === 0) return
  issues.push({
    code: 'custom',
    path: ['top_logprobs'],
    message: 'expected none, as logprobs is not true',
    input: value.top_logprobs,
  })
})

export type ChatBody = z.output<typeof chatBody>

/** More fit no context. */
const TOKEN_IDS_MAX = 1_048_576

const isTokenId = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0

/** Not a union of schemas: that reports each of a million ids. */
const textOrTokens = z.custom<string | number[]>().check(({ value, issues }) => {
  const expected = (what: string, input: unknown) =>
    issues.push({ code: 'custom', message: `expected ${what}`, input })

  if (isText(value) ? value.length > TEXT_MAX_CHARS : !isTokensWithin(value)) {
    expected('one text or the tokens of one text', value)
    return
  }
  const wrong = isText(value) ? -1 : value.findIndex(id => !isTokenId(id))
  if (wrong >= 0) expected('ids of tokens, whole numbers of at least 0', value[wrong])
})

function isTokensWithin(value: unknown): boolean {
  return isTokens(value) && value.length <= TOKEN_IDS_MAX
}

const completionBody = z.object({
  ...sampling,
  prompt: z.preprocess(
    value => (Array.isArray(value) && value.length === 1 && isText(value[0]) ? value[0] : value),
    textOrTokens,
  ),
  echo: only(false),
  best_of: only(1),
  suffix: optional(z.literal('', { error: 'this engine does not fill in the middle' })),
  logprobs: optional(z.int().min(0).max(20)),
})

export type CompletionBody = z.output<typeof completionBody>

/** As many as OpenAI takes. */
const EMBEDDING_INPUTS_MAX = 2_048

const embeddingBody = z.object({
  input: z.preprocess(
    value => (isText(value) || isTokens(value) ? [value] : value),
    list(
      textOrTokens,
      [1, EMBEDDING_INPUTS_MAX],
      'expected a text, the tokens of a text, or an array of either',
    ),
  ),
  encoding_format: optional(z.enum(['float', 'base64'])),
  dimensions: optional(z.int().min(1)),
})

export type EmbeddingBody = z.output<typeof embeddingBody>

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
  const parsed = schema.safeParse(parseJson(body), { error: expectation, reportInput: true })
  if (parsed.success) return parsed.data
  throw requestProblem(parsed.error)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch (error) {
    // Without `cause`: V8 quotes the text around the fault, and no prompt may reach the logs.
    // biome-ignore lint/style/useErrorCause: see above.
    throw new MeshError(
      `expected a JSON object in UTF-8 as the body, found text that is not ${error instanceof SyntaxError ? 'JSON' : 'UTF-8'}`,
      { code: 'ERR_INVALID_REQUEST' },
    )
  }
}
