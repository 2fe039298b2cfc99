/**
 * One question to a model of the mesh, answered as it is made. What `chat` and `demo` share.
 */
import { isErrorCode, MeshError } from '../core/errors.ts'
import type { Client } from './client.ts'
import { readEvents } from './server-sent-events.ts'
import { chatChunk, modelList } from './wire.ts'

export interface ChatMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

export interface Answer {
  readonly content: string
  /** Who served it, and the decision to ask `why` for; `undefined` if the peer did not say. */
  readonly peer: string | undefined
  readonly decisionId: string | undefined
}

export interface Question {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** Longest answer in tokens; `undefined`: as long as the model likes. */
  readonly tokensMax?: number
  /** Called with each piece of the answer as it comes. */
  readonly onText: (text: string) => void
  readonly signal?: AbortSignal
}

/** The end of a stream, as OpenAI writes it. */
const DONE = '[DONE]'

/** @throws MeshError as `Client.stream`, ERR_ENGINE or the peer's error if the answer breaks off. */
export async function ask(client: Client, question: Question): Promise<Answer> {
  const { model, messages, tokensMax, onText, signal } = question
  const limit = tokensMax === undefined ? {} : { max_tokens: tokensMax }
  const body = { model, messages, stream: true, ...limit }
  const response = await client.stream('/v1/chat/completions', body, signal)

  let content = ''
  let isDone = false
  for await (const data of readEvents(response.body ?? emptyBody())) {
    if (data === DONE) isDone = true
    else {
      const text = textOf(data)
      content += text
      if (text !== '') onText(text)
    }
  }
  if (!isDone) {
    throw new MeshError('expected the answer to end with [DONE]; it broke off', {
      code: 'ERR_ENGINE',
      hint: 'Ask again: the mesh has probably noticed by now which peer is lost.',
    })
  }
  const header = (name: string) => response.headers.get(name) ?? undefined
  return { content, peer: header('x-skein-peer'), decisionId: header('x-skein-decision') }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

function textOf(data: string): string {
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch (cause) {
    throw new MeshError('expected JSON in every event of the answer, found another text', {
      code: 'ERR_BAD_FRAME',
      cause,
    })
  }
  const chunk = chatChunk.safeParse(json)
  if (!chunk.success) {
    throw new MeshError('expected a chat completion chunk in every event of the answer', {
      code: 'ERR_BAD_FRAME',
    })
  }
  const { error, choices } = chunk.data
  if (error !== undefined) {
    const { message, skein_code: code = '' } = error
    throw new MeshError(message, { code: isErrorCode(code) ? code : 'ERR_ENGINE' })
  }
  return choices[0]?.delta?.content ?? ''
}

/** @throws MeshError ERR_MODEL_NOT_FOUND if the mesh serves none that chats. */
export async function firstChatModel(client: Client): Promise<string> {
  const { models } = await client.get('/mesh/v1/models', modelList)
  const model = models.find(({ facts }) => facts.capabilities.includes('chat'))
  if (model !== undefined) return model.id
  throw new MeshError('expected a model that chats, found none in the mesh', {
    code: 'ERR_MODEL_NOT_FOUND',
    hint: 'Start a peer with an engine: `skein up --engine embedded`.',
  })
}
