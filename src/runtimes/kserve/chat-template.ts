/**
 * Writes a conversation as the one text that a model without a chat endpoint goes on with.
 *
 * Each family of models was trained on marks of its own, and with the wrong ones it answers badly
 * without saying so. So a template is never guessed: whoever runs the engine names it. A message
 * that holds marks of the template is refused, since the model could not tell where it ends.
 *
 * Source: the models' own `chat_template`: Qwen/Qwen2.5-7B-Instruct (chatml, without its default
 * system message), meta-llama/Llama-3.1-8B-Instruct (without date and tools),
 * google/gemma-3-4b-it, mistralai/Mistral-7B-Instruct-v0.3.
 */
import { MeshError } from '../../core/errors.ts'
import type { ChatTemplate } from '../../node/engine-kind.ts'

export interface TemplateMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface RenderedChat {
  readonly prompt: string
  /** Texts at which the answer is over. */
  readonly stops: readonly string[]
}

interface Template {
  /** What only the template may write. */
  readonly marks: readonly string[]
  readonly stops: readonly string[]
  readonly render: (messages: readonly TemplateMessage[]) => string
}

const templates: Readonly<Record<ChatTemplate, Template>> = {
  chatml: {
    marks: ['<|im_start|>', '<|im_end|>'],
    stops: ['<|im_end|>'],
    render: messages => {
      const turns = messages.map(
        ({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`,
      )
      return `${turns.join('')}<|im_start|>assistant\n`
    },
  },
  'llama-3': {
    marks: ['<|begin_of_text|>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    stops: ['<|eot_id|>'],
    render: messages => {
      const head = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`
      // The tokenizer begins every text with <|begin_of_text|> by itself.
      const turns = messages.map(({ role, content }) => `${head(role)}${content.trim()}<|eot_id|>`)
      return turns.join('') + head('assistant')
    },
  },
  gemma: {
    marks: ['<start_of_turn>', '<end_of_turn>'],
    stops: ['<end_of_turn>'],
    render: messages => {
      const turns = withoutSystem(messages, 'first').map(({ role, content }) => {
        const name = role === 'assistant' ? 'model' : 'user'
        return `<start_of_turn>${name}\n${content.trim()}<end_of_turn>\n`
      })
      return `${turns.join('')}<start_of_turn>model\n`
    },
  },
  mistral: {
    marks: ['[INST]', '[/INST]', '</s>'],
    stops: ['</s>'],
    render: messages =>
      withoutSystem(messages, 'last')
        .map(({ role, content }) =>
          role === 'assistant' ? ` ${content.trim()}</s>` : `[INST] ${content}[/INST]`,
        )
        .join(''),
  },
}

/** @throws MeshError ERR_INVALID_REQUEST if a message holds marks of the template. */
export function renderChat(
  template: ChatTemplate,
  messages: readonly TemplateMessage[],
): RenderedChat {
  const { marks, stops, render } = templates[template]
  const index = messages.findIndex(({ content }) => marks.some(mark => content.includes(mark)))
  if (index !== -1) {
    throw new MeshError(`messages.${index}: expected none of the marks of ${template}, found one`, {
      code: 'ERR_INVALID_REQUEST',
      details: { param: `messages.${index}.content` },
    })
  }
  return { prompt: render(messages), stops }
}

/** For families that know no such role, what it says stands before what the user says, once. */
function withoutSystem(
  messages: readonly TemplateMessage[],
  turn: 'first' | 'last',
): readonly TemplateMessage[] {
  const said = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  const rest = messages.filter(({ role }) => role !== 'system')
  const isUser = ({ role }: TemplateMessage) => role === 'user'
  const place = turn === 'first' ? rest.findIndex(isUser) : rest.findLastIndex(isUser)
  return rest.map((message, index) =>
    index === place ? { ...message, content: [...said, message.content].join('\n\n') } : message,
  )
}
