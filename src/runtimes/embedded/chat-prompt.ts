/**
 * Turns the messages of a chat into the tokens its model was trained to continue.
 *
 * The format comes from the model file (its chat template), through the library's chat wrappers.
 * Text of the messages never becomes special tokens, so a user cannot end their own turn.
 */
import type {
  ChatHistoryItem,
  ChatModelFunctionCall,
  ChatModelFunctions,
  ChatModelResponse,
  ChatWrapper,
  LlamaModel,
  LlamaText,
  Token,
} from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import type { ChatMessage } from './read-request.ts'

export interface ChatPrompt {
  readonly tokens: Token[]
  /** Tokens that end the model's turn besides its end-of-generation tokens. */
  readonly stopTokens: ReadonlySet<Token>
  /** Texts that end the model's turn. */
  readonly stopTexts: readonly string[]
}

/** @throws MeshError ERR_INVALID_REQUEST if tool results and tool calls do not fit together. */
export function chatHistory(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const history: ChatHistoryItem[] = []
  const calls = new Map<string, ChatModelFunctionCall>()
  for (const [index, message] of messages.entries()) {
    switch (message.role) {
      case 'system':
      case 'developer':
        history.push({ type: 'system', text: message.content })
        break
      case 'user':
        history.push({ type: 'user', text: message.content })
        break
      case 'assistant':
        modelTurn(history).response.push(...assistantParts(message, index, calls))
        break
      case 'tool':
        callOf(message.tool_call_id, index, calls).result = message.content
    }
  }
  modelTurn(history)
  return history
}

/** @throws MeshError ERR_INVALID_REQUEST if the model's template refuses the messages. */
export function renderPrompt(
  { model, wrapper }: { readonly model: LlamaModel; readonly wrapper: ChatWrapper },
  history: readonly ChatHistoryItem[],
  functions?: ChatModelFunctions,
): ChatPrompt {
  const offered =
    functions === undefined ? {} : { availableFunctions: functions, documentFunctionParams: true }
  try {
    const state = wrapper.generateContextState({ chatHistory: history, ...offered })
    return {
      tokens: state.contextText.tokenize(model.tokenizer),
      ...stopsOf(model, state.stopGenerationTriggers),
    }
  } catch (error) {
    // Templates are programs in the model file, and some refuse, for example, two turns in a row.
    const reason = error instanceof Error ? error.message : String(error)
    throw new MeshError(`messages: the model's chat template refuses them: ${reason}`, {
      code: 'ERR_INVALID_REQUEST',
      details: { param: 'messages' },
      cause: error,
    })
  }
}

/** The open turn of the model, at the end of the history. */
function modelTurn(history: ChatHistoryItem[]): ChatModelResponse {
  const last = history.at(-1)
  if (last?.type === 'model') return last
  const turn: ChatModelResponse = { type: 'model', response: [] }
  history.push(turn)
  return turn
}

function assistantParts(
  message: ChatMessage & { role: 'assistant' },
  index: number,
  calls: Map<string, ChatModelFunctionCall>,
): ChatModelResponse['response'] {
  const toolCalls = (message.tool_calls ?? []).map((call, place) => {
    const at = `messages.${index}.tool_calls.${place}.function.arguments`
    const part: ChatModelFunctionCall = {
      type: 'functionCall',
      name: call.function.name,
      params: parseArguments(call.function.arguments, at),
      result: '',
      startsNewChunk: place === 0,
    }
    calls.set(call.id, part)
    return part
  })
  return message.content === undefined ? toolCalls : [message.content, ...toolCalls]
}

function parseArguments(text: string, at: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MeshError(`${at}: expected JSON, found text that is not`, {
      code: 'ERR_INVALID_REQUEST',
      details: { param: at },
      cause: error,
    })
  }
}

function callOf(
  id: string,
  index: number,
  calls: ReadonlyMap<string, ChatModelFunctionCall>,
): ChatModelFunctionCall {
  const call = calls.get(id)
  if (call !== undefined) return call
  const at = `messages.${index}.tool_call_id`
  throw new MeshError(`${at}: expected the id of an earlier tool call, found ${id}`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param: at },
  })
}

function stopsOf(
  model: LlamaModel,
  triggers: readonly LlamaText[],
): Pick<ChatPrompt, 'stopTokens' | 'stopTexts'> {
  const tokenized = triggers.map(trigger => trigger.tokenize(model.tokenizer))
  const single = tokenized.filter(tokens => tokens.length === 1).flat()
  const texts = tokenized
    .filter(tokens => tokens.length > 1)
    .map(tokens => model.detokenize(tokens, true))
  return { stopTokens: new Set(single), stopTexts: texts.filter(text => text !== '') }
}
