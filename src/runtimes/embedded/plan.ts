/**
 * From a request's fields to a plan: prompt tokens, limits, what ends the answer, which path it
 * takes. All that can be refused is refused here, before a place in the batch is asked for.
 */
import type { LlamaGrammar, Token } from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import { chatHistory, renderPrompt } from './chat-prompt.ts'
import type { Engine } from './engine.ts'
import {
  type Emit,
  type Finish,
  type GenerationPlace,
  type GenerationPlan,
  generate,
} from './generation.ts'
import { buildGrammar } from './grammar.ts'
import { grammarSchema } from './json-schema.ts'
import type {
  ChatBody,
  CompletionBody,
  ResponseFormat,
  SamplingFields,
  Tool,
  ToolChoice,
} from './read-request.ts'
import { samplingOptions } from './sampling.ts'
import {
  generateToolCall,
  generateWithTools,
  type ToolDeps,
  toolCallSchema,
  toolFunctions,
  toolInstruction,
} from './tool-generation.ts'

/** OpenAI's default for this older endpoint. */
const COMPLETION_DEFAULT_TOKENS = 16

export interface Work {
  readonly prompt: readonly Token[]
  readonly outputTokensMax: number
  readonly run: (emit: Emit, place: GenerationPlace, deps: ToolDeps) => Promise<Finish>
}

export async function planChat(body: ChatBody, engine: Engine, seed: number): Promise<Work> {
  const { tools, isDemanded } = offeredTools(body)
  const wanted = body.max_completion_tokens ?? body.max_tokens
  const lengths = body.messages.map(message => message.content?.length ?? 0)
  checkLength(Math.max(...lengths), engine)
  const history = chatHistory(body.messages)
  if (isDemanded) history.unshift({ type: 'system', text: toolInstruction(tools) })

  const functions = tools.length > 0 && !isDemanded ? toolFunctions(tools) : undefined
  const { stopTokens, stopTexts, tokens } = renderPrompt(engine, history, functions)
  const grammar = isDemanded
    ? await buildGrammar(engine.llama, toolCallSchema(tools), 'tools')
    : await formatGrammar(body.response_format, engine)
  const plan: GenerationPlan = {
    prompt: tokens,
    outputTokensMax: outputLimit(tokens.length, wanted, engine),
    stopTokens,
    stopTexts: [...stopTexts, ...(body.stop ?? [])],
    sampling: samplingOf(body, engine, seed),
    grammar,
    topLogprobs: body.logprobs === true ? (body.top_logprobs ?? 0) : undefined,
  }
  if (functions === undefined) {
    const run = isDemanded ? generateToolCall : generate
    return work(plan, (emit, place, deps) => run(plan, emit, place, deps))
  }
  const isParallel = body.parallel_tool_calls ?? true
  const toolPlan = { ...plan, stopTexts: body.stop ?? [], history, functions, isParallel }
  return work(plan, (emit, place, deps) => generateWithTools(toolPlan, emit, place, deps))
}

export function planCompletion(body: CompletionBody, engine: Engine, seed: number): Work {
  const prompt = completionPrompt(body.prompt, engine)
  const plan: GenerationPlan = {
    prompt,
    outputTokensMax: outputLimit(
      prompt.length,
      body.max_tokens ?? COMPLETION_DEFAULT_TOKENS,
      engine,
    ),
    stopTokens: new Set(),
    stopTexts: body.stop ?? [],
    sampling: samplingOf(body, engine, seed),
    topLogprobs: body.logprobs,
  }
  return work(plan, (emit, place, deps) => generate(plan, emit, place, deps))
}

/** Checks token ids from outside: llama.cpp would read beyond its tables. */
export function checkTokens(tokens: readonly number[], engine: Engine, field: string): Token[] {
  const { vocabularySize } = engine
  const wrong = tokens.find(token => token >= vocabularySize)
  if (wrong === undefined) return [...tokens] as Token[]
  throw invalid(field, `expected token ids below ${vocabularySize}, found ${wrong}`)
}

/**
 * Refuses a text that cannot fit the context however it is cut into tokens. Cutting a megabyte
 * would hold up the event loop, only to find the same.
 */
export function checkLength(charCount: number, { tokenMaxChars, contextTokens }: Engine): void {
  const tokensMin = Math.ceil(charCount / tokenMaxChars)
  if (tokensMin >= contextTokens) throw contextExceeded(tokensMin, contextTokens, 'at least ')
}

/** With OpenAI's code for it, which programs look for. */
export function contextExceeded(
  promptTokens: number,
  contextTokens: number,
  about = '',
): MeshError {
  return new MeshError(
    `expected a prompt of less than ${contextTokens} tokens, the context of this model, ` +
      `found ${about}${promptTokens}`,
    {
      code: 'ERR_INVALID_REQUEST',
      details: { code: 'context_length_exceeded', promptTokens, contextTokens },
      hint: 'Shorten the prompt, or serve the model with a larger contextTokens.',
    },
  )
}

function work({ prompt, outputTokensMax }: GenerationPlan, run: Work['run']): Work {
  return { prompt, outputTokensMax, run }
}

/** Which tools the model may or must call. */
function offeredTools({ tools, tool_choice, response_format }: ChatBody): {
  readonly tools: readonly Tool[]
  readonly isDemanded: boolean
} {
  const choice: ToolChoice = tool_choice ?? (tools === undefined ? 'none' : 'auto')
  if (choice === 'none') return { tools: [], isDemanded: false }

  const functions = (tools ?? []).map(tool => tool.function)
  if (functions.length === 0) throw invalid('tools', 'expected a tool to choose, found none')
  const names = new Set(functions.map(one => one.name))
  if (names.size < functions.length) throw invalid('tools', 'expected each name once')
  if (response_format !== undefined && response_format.type !== 'text') {
    throw invalid('response_format', 'expected none, or "text", together with tools')
  }
  if (typeof choice === 'string') return { tools: functions, isDemanded: choice === 'required' }

  const { name } = choice.function
  const named = functions.filter(one => one.name === name)
  if (named.length > 0) return { tools: named, isDemanded: true }
  throw invalid('tool_choice', `expected the name of one of the tools, found ${name}`)
}

function outputLimit(promptTokens: number, wanted: number | undefined, engine: Engine): number {
  const { contextTokens } = engine
  if (promptTokens >= contextTokens) throw contextExceeded(promptTokens, contextTokens)
  return Math.min(wanted ?? contextTokens, contextTokens - promptTokens)
}

function samplingOf(
  fields: ChatBody | CompletionBody,
  { library, model, vocabularySize }: Engine,
  seed: number,
): GenerationPlan['sampling'] {
  checkBias(fields.logit_bias, vocabularySize)
  const withLogprobs = fields.logprobs !== undefined && fields.logprobs !== false
  return recentTokens =>
    samplingOptions(fields, { library, model, seed, withLogprobs, recentTokens })
}

function checkBias(biases: SamplingFields['logit_bias'], vocabularySize: number): void {
  const wrong = Object.keys(biases ?? {}).find(token => Number(token) >= vocabularySize)
  if (wrong === undefined) return
  throw invalid(`logit_bias.${wrong}`, `expected a token id below ${vocabularySize}`)
}

function completionPrompt(prompt: string | number[], engine: Engine): Token[] {
  if (typeof prompt !== 'string') return checkTokens(prompt, engine, 'prompt')
  checkLength(prompt.length, engine)
  const tokens = engine.model.tokenize(prompt, true)
  const { bos, shouldPrependBosToken } = engine.model.tokens
  const all = shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens
  if (all.length === 0) throw invalid('prompt', 'expected at least one token, found none')
  return all
}

async function formatGrammar(
  format: ResponseFormat | undefined,
  engine: Engine,
): Promise<LlamaGrammar | undefined> {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined
    case 'json_object':
      return await buildGrammar(
        engine.llama,
        { type: 'object', additionalProperties: true },
        'response_format',
      )
    case 'json_schema': {
      const { schema, strict } = format.json_schema
      const field = 'response_format.json_schema.schema'
      const rewritten = grammarSchema(schema, { field, isStrict: strict === true })
      return await buildGrammar(engine.llama, rewritten, field)
    }
  }
}

function invalid(param: string, problem: string): MeshError {
  return new MeshError(`${param}: ${problem}`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param },
  })
}
