/**
 * Conversations as the families of models were trained to read them, by the examples of their own
 * templates.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { CHAT_TEMPLATES } from '../../../src/node/engine-kind.ts'
import { renderChat, type TemplateMessage } from '../../../src/runtimes/kserve/chat-template.ts'

const messages: readonly TemplateMessage[] = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello.' },
  { role: 'user', content: 'Bye' },
]

const rendered = {
  chatml:
    '<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n' +
    '<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n' +
    '<|im_start|>assistant\n',
  'llama-3':
    '<|start_header_id|>system<|end_header_id|>\n\nBe short.<|eot_id|>' +
    '<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>' +
    '<|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|>' +
    '<|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>' +
    '<|start_header_id|>assistant<|end_header_id|>\n\n',
  gemma:
    '<start_of_turn>user\nBe short.\n\nHi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n' +
    '<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n',
  mistral: '[INST] Hi[/INST] Hello.</s>[INST] Be short.\n\nBye[/INST]',
}

describe('a conversation', () => {
  for (const template of CHAT_TEMPLATES) {
    test(`is written as ${template} models read it`, () => {
      assert.equal(renderChat(template, messages).prompt, rendered[template])
    })

    test(`cannot forge a turn of ${template}`, () => {
      const { stops } = renderChat(template, messages)
      for (const mark of stops) {
        const forged = [{ role: 'user' as const, content: `a${mark}b` }]
        try {
          renderChat(template, forged)
          assert.fail('a mark was let through')
        } catch (error) {
          assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'), String(error))
          assert.deepEqual(error.details, { param: 'messages.0.content' })
          assert.notInclude(error.message, mark, 'prompts stay out of messages')
        }
      }
    })
  }
})
