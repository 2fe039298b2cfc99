/**
 * `skein chat`: talks to a model of the mesh; with a question, asks just that.
 */
import { type Answer, ask, type ChatMessage, firstChatModel } from './ask.ts'
import { type Client, clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { reportError } from './report-error.ts'
import { commandName, shellWord } from './shell-word.ts'
import { stopRequest } from './stop-request.ts'
import { safeText } from './table.ts'

/** Messages of a conversation that are sent again; older ones are forgotten. */
const MESSAGES_MAX = 40

export const chat = defineCommand({
  name: 'chat',
  summary: 'Talk to a model of the mesh, or ask it one question.',
  words: [
    {
      name: 'question',
      isOptional: true,
      meaning: 'Asked once. Without it, each line of input is a question; Ctrl-D ends.',
    },
  ],
  flags: {
    model: {
      type: 'string',
      value: 'MODEL',
      meaning: 'Which model. Default: the first of the mesh that chats.',
    },
    ...clientFlags,
  },

  async run({ flags, words: [question] }, io) {
    const client = createClient(io, flags)
    const model = flags.model ?? (await firstChatModel(client))
    const stop = stopRequest(io)

    const answerTo = async (messages: readonly ChatMessage[]) => {
      const onText = (text: string) => flags.json || io.write(safeText(text))
      const answer = await ask(client, { model, messages, onText, signal: stop.signal })
      if (flags.json) writeJson(io, { model, ...answer })
      else finishAnswer(io, client, answer)
      return answer
    }

    try {
      if (question !== undefined) await answerTo([{ role: 'user', content: question }])
      else
        await converse(io, {
          model,
          isJson: flags.json,
          isStopped: () => stop.signal.aborted,
          answerTo,
        })
      return 0
    } catch (error) {
      if (stop.signal.aborted) return 0
      throw error
    } finally {
      stop.release()
    }
  },
})

function finishAnswer(io: Io, { againFlags }: Client, { decisionId }: Answer): void {
  writeLine(io)
  if (decisionId === undefined) return
  const command = [commandName(io.variables), 'why', shellWord(decisionId), againFlags]
    .join(' ')
    .trim()
  io.complain(`(why there: ${safeText(command)})`)
}

interface Conversation {
  readonly model: string
  readonly isJson: boolean
  readonly isStopped: () => boolean
  readonly answerTo: (messages: readonly ChatMessage[]) => Promise<{ readonly content: string }>
}

async function converse(
  io: Io,
  { model, isJson, isStopped, answerTo }: Conversation,
): Promise<void> {
  io.complain(`Talking to ${safeText(model)}. Ctrl-D ends.`)
  let messages: readonly ChatMessage[] = []
  for await (const line of io.lines('> ')) {
    if (line.trim() === '') continue
    const asked: readonly ChatMessage[] = [...messages, { role: 'user', content: line }]
    try {
      const { content } = await answerTo(asked)
      messages = [...asked, { role: 'assistant' as const, content }].slice(-MESSAGES_MAX)
    } catch (error) {
      if (isStopped()) throw error
      // One failed answer does not end the conversation; the question is not kept.
      reportError(error, io, isJson)
    }
    if (isStopped()) break
  }
}
