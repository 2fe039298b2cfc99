/**
 * Answers that may call tools.
 *
 * If the model may choose, the library's chat engine runs it: it knows how each family of models
 * is told of functions and how it writes a call, and holds the arguments to their schema. If a
 * call is demanded, a grammar leaves nothing else to say: `{"name": …, "arguments": {…}}`.
 */
import type {
  ChatHistoryItem,
  ChatModelFunctions,
  GbnfJsonSchema,
  LlamaContextSequence,
  Token,
} from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import {
  type Emit,
  type Finish,
  type GenerationDeps,
  type GenerationPlace,
  type GenerationPlan,
  generate,
  type Piece,
  readPrompt,
} from './generation.ts'
import { grammarSchema, SchemaSize } from './json-schema.ts'
import type { Tool } from './read-request.ts'
import { PENALTY_WINDOW_TOKENS, type Sampling } from './sampling.ts'

/** The tools as the library's chat wrappers take them. */
export function toolFunctions(tools: readonly Tool[]): ChatModelFunctions {
  const size = new SchemaSize()
  return Object.fromEntries(
    tools.map(({ name, description, parameters }, index) => {
      const params = parametersSchema(parameters, index, size)
      return [name, { ...(description === undefined ? {} : { description }), params }]
    }),
  )
}

/** What a demanded call looks like. */
export function toolCallSchema(tools: readonly Tool[]): GbnfJsonSchema {
  const size = new SchemaSize()
  return {
    oneOf: tools.map(({ name, parameters }, index) => ({
      type: 'object',
      properties: { name: { const: name }, arguments: parametersSchema(parameters, index, size) },
    })),
  }
}

/** Tells the model of the tools when it must call one. */
export function toolInstruction(tools: readonly Tool[]): string {
  const listed = tools.map(({ name, description, parameters }) =>
    JSON.stringify({ name, description, parameters }),
  )
  return [
    'Answer with one call of one of these functions, as JSON with "name" and "arguments":',
    ...listed,
  ].join('\n')
}

function parametersSchema(
  parameters: Tool['parameters'] = { type: 'object', properties: {} },
  index: number,
  size: SchemaSize,
): GbnfJsonSchema {
  const field = `tools.${index}.function.parameters`
  return grammarSchema(parameters, { field, isStrict: false, size })
}

export interface ToolDeps extends GenerationDeps {
  readonly newId: () => string
}

/** A demanded call. If the limit cuts it off, what there is of it is the answer's text. */
export async function generateToolCall(
  plan: GenerationPlan,
  emit: Emit,
  place: GenerationPlace,
  deps: ToolDeps,
): Promise<Finish> {
  const pieces: Piece[] = []
  const finish = await generate(plan, async piece => void pieces.push(piece), place, deps)
  if (finish.reason === 'length') {
    for (const piece of pieces) await emit(piece)
    return finish
  }

  const call = readCall(pieces.map(piece => piece.text).join(''))
  const toolCall = {
    index: 0,
    id: `call_${deps.newId()}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }
  await emit({ text: '', toolCall })
  return { ...finish, reason: 'tool_calls' }
}

function readCall(text: string): { readonly name: string; readonly arguments: unknown } {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MeshError('expected the grammar to make JSON, found text that is not', {
      code: 'ERR_ENGINE',
      cause: error,
    })
  }
}

export interface ToolChoicePlan extends GenerationPlan {
  readonly history: readonly ChatHistoryItem[]
  readonly functions: ChatModelFunctions
  readonly isParallel: boolean
}

/** An answer in which the model may call tools. */
export async function generateWithTools(
  plan: ToolChoicePlan,
  emit: Emit,
  place: GenerationPlace,
  deps: ToolDeps,
): Promise<Finish> {
  const { job, signal } = place
  const { LlamaChat } = deps.engine.library
  const { cachedTokens } = await readPrompt(plan.prompt, place, deps)

  const outbox = new Outbox(emit)
  const chat = new LlamaChat({
    contextSequence: pacedSequence(() => outbox.flush(), { ...place, ...deps }),
    chatWrapper: deps.engine.wrapper,
  })
  try {
    const names = new Set<number>()
    const { repeatPenalty, ...sampling } = plan.sampling(() => [])
    const answer = await chat.generateResponse([...plan.history], {
      ...sampling,
      repeatPenalty: contextual(repeatPenalty),
      functions: plan.functions,
      documentFunctionParams: true,
      ...(plan.isParallel ? {} : { maxParallelFunctionCalls: 1 }),
      maxTokens: plan.outputTokensMax,
      customStopTriggers: [...plan.stopTexts],
      signal,
      onTextChunk: text => outbox.add({ text }),
      onFunctionCallParamsChunk: ({ callIndex: index, functionName: name, paramsChunk }) => {
        // Line breaks stand only between JSON's parts; the grammar ends with some.
        const text = paramsChunk.replaceAll('\n', '')
        const isFirst = !names.has(index)
        names.add(index)
        const opening = isFirst ? { id: `call_${deps.newId()}`, name } : {}
        if (isFirst || text !== '') {
          outbox.add({ text: '', toolCall: { index, ...opening, arguments: text } })
        }
      },
    })
    await outbox.flush()
    return {
      reason: reasonOf(answer.metadata.stopReason),
      promptTokens: plan.prompt.length,
      cachedTokens,
      completionTokens: job.outputTokens,
    }
  } finally {
    chat.dispose({ disposeSequence: false })
  }
}

function reasonOf(stopReason: string): Finish['reason'] {
  if (stopReason === 'functionCalls') return 'tool_calls'
  return stopReason === 'maxTokens' ? 'length' : 'stop'
}

/** The chat engine gathers the tokens to punish itself. */
function contextual(penalty: Sampling['repeatPenalty']) {
  if (penalty === undefined) return false
  const { punishTokens: _, maxPunishTokens: __, ...strengths } = penalty
  return { ...strengths, lastTokens: PENALTY_WINDOW_TOKENS }
}

/** What callbacks that cannot wait have said, until it can be passed on. */
class Outbox {
  readonly #emit: Emit
  #pieces: Piece[] = []

  constructor(emit: Emit) {
    this.#emit = emit
  }

  add(piece: Piece): void {
    if (piece.text !== '' || piece.toolCall !== undefined) this.#pieces.push(piece)
  }

  async flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    for (const piece of pieces) await this.#emit(piece)
  }
}

/**
 * The sequence, with a pause after each token in which its text is passed on: the chat engine
 * itself tells of text by callbacks and waits for nobody.
 */
function pacedSequence(
  pause: () => Promise<void>,
  { slot, job, signal, clock, meter }: GenerationPlace & GenerationDeps,
): LlamaContextSequence {
  const { sequence } = slot
  async function* evaluate(
    ...input: Parameters<LlamaContextSequence['evaluate']>
  ): AsyncGenerator<Token, void, undefined | Token | Token[]> {
    const tokens = sequence.evaluate(...input)
    let replacement: undefined | Token | Token[]
    try {
      for (let isFirst = true; ; isFirst = false) {
        const startedMs = clock.nowMs()
        const next = await tokens.next(replacement)
        signal.throwIfAborted()
        if (!isFirst) meter.tokenMeasured(clock.nowMs() - startedMs)
        if (next.done === true) return
        job.prefillTokensLeft = 0
        // The chat engine wants to see the token that ends the answer, which is not part of it.
        if (!sequence.model.isEogToken(next.value)) job.outputTokens += 1
        job.kvTokens = sequence.nextTokenIndex
        replacement = yield next.value
        await pause()
      }
    } finally {
      await tokens.return()
    }
  }
  return new Proxy(sequence, {
    get: (target, property, receiver) =>
      property === 'evaluate' ? evaluate : Reflect.get(target, property, receiver),
  })
}
