/**
 * OpenAI's text endpoints by Triton's generate extension, and embeddings by KServe v2 inference.
 *
 *     completions, chat/completions -> generate or generate_stream     (text-request, generate)
 *     embeddings                    -> infer                           (embed)
 *
 * What the model takes is asked for each time: it may have been loaded anew with another
 * configuration, and beside the time an answer takes the question is nothing.
 */
import { randomUUID } from 'node:crypto'
import { MeshError } from '../../core/errors.ts'
import type { RuntimeRequest } from '../../node/runtime.ts'
import { jsonBody } from '../embedded/answer-format.ts'
import { jsonFrom, pathPart } from '../engines/engine-answer.ts'
import type { Translate, Translation, TranslationDeps } from '../engines/translation.ts'
import { embeddingAnswer, inferBody, readEmbeddingRequest } from './embed.ts'
import { EventReader } from './event-reader.ts'
import { generateBody, readPiece, withoutPrompt } from './generate.ts'
import {
  type EmbeddingInterface,
  interfaceOf,
  modelConfig,
  type TextInterface,
} from './model-interface.ts'
import { TextAnswer } from './text-answer.ts'
import { readTextRequest, type TextRequest } from './text-request.ts'
import { streamedAnswer, wholeAnswer } from './translated-stream.ts'

export const translateForTriton: Translate = async (request, deps, signal) => {
  const path = `/v2/models/${pathPart(request.model)}`
  const question = { method: 'GET' as const, path: `${path}/config`, schema: modelConfig }
  const model = interfaceOf(await jsonFrom(deps.ask, question, signal))
  if (request.endpoint === 'embeddings') {
    if (model?.does !== 'embed') throw doesNot('makes vectors of texts')
    return embedding(request, { path, model })
  }
  if (model?.does !== 'generate') throw doesNot('goes on with a text')
  return text(request, { path, model, deps })
}

function embedding(
  { body, model: name }: RuntimeRequest,
  { path, model }: { readonly path: string; readonly model: EmbeddingInterface },
): Translation {
  const request = readEmbeddingRequest(body, model)
  const told = { model: name, output: model.output }
  return {
    path: `${path}/infer`,
    body: jsonBody(inferBody(request, model)),
    answer: exchange =>
      wholeAnswer(exchange, json => jsonBody(embeddingAnswer(json, request, told))),
  }
}

interface TextContext {
  readonly path: string
  readonly model: TextInterface
  readonly deps: TranslationDeps
}

function text(request: RuntimeRequest, { path, model, deps }: TextContext): Translation {
  const { isStream } = request
  const { answerTokensMax } = deps
  const asked = readTextRequest(request, deps.chatTemplate)
  const answer = new TextAnswer({
    head: {
      id: `${asked.isChat ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`,
      created: Math.floor(deps.wallMs() / 1_000),
      model: request.model,
    },
    isChat: asked.isChat,
    includeUsage: asked.includeUsage,
    maxTokens: asked.maxTokens ?? answerTokensMax,
  })
  const clean = model.inputs.has('exclude_input_in_output')
    ? (said: string) => said
    : promptRemover(asked)
  const pieceOf = (json: string) => {
    const piece = readPiece(json)
    return { ...piece, text: clean(piece.text) }
  }
  const events = new EventReader()
  let opening = answer.opening()
  return {
    path: `${path}/${isStream ? 'generate_stream' : 'generate'}`,
    body: jsonBody(generateBody(asked, model, { isStream, answerTokensMax })),
    answer: exchange => {
      if (!isStream) return wholeAnswer(exchange, json => answer.whole(pieceOf(json)))
      return streamedAnswer(exchange, {
        chunk: chunk => {
          const said = events.add(chunk).flatMap(data => answer.piece(pieceOf(data)))
          const parts = [...opening, ...said]
          if (said.length === 0) return []
          opening = []
          return parts
        },
        end: () => [...opening, ...answer.closing()],
      })
    },
  }
}

/** From what is said first; nothing later repeats the prompt. */
function promptRemover({ prompt }: TextRequest): (said: string) => string {
  let isFirst = true
  return said => {
    const kept = isFirst ? withoutPrompt(said, prompt) : said
    isFirst = false
    return kept
  }
}

function doesNot(what: string): MeshError {
  return new MeshError(`expected a model that ${what}, found one that does not`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param: 'model' },
  })
}
