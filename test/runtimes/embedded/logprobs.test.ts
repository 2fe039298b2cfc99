/**
 * Log probabilities of a completion, beside its text.
 */
import { afterEach, assert, describe, test } from 'vitest'
import { z } from 'zod'
import { eventData, readText } from '../../compliance/read-answer.ts'
import { answerTo, requestOf, soon } from './ask.ts'
import { closeAll, runtimeSaying } from './runtime-saying.ts'

const HIDDEN = '<|im_start|>'

/** Ends with the line break after which the script begins. */
const BODY = { prompt: 'x\n', temperature: 0, logprobs: 0 }

const logprobsShape = z.object({ tokens: z.array(z.string()), text_offset: z.array(z.int()) })

afterEach(closeAll)

async function completionOf(texts: readonly string[], fields: object = {}) {
  const runtime = await runtimeSaying(...texts)
  const answer = await answerTo(runtime, requestOf(runtime, 'completions', { ...BODY, ...fields }))
  return { text: answer.text, ...logprobsShape.parse(answer.logprobs) }
}

describe('text_offset', () => {
  test('is where a token stands in the text, of which a special token is no part', async () => {
    const { text, tokens, text_offset } = await completionOf(['Hello', HIDDEN, ' world'])
    assert.equal(text, 'Hello world')
    assert.deepEqual(tokens, ['Hello', HIDDEN, ' world'])
    assert.deepEqual(text_offset, [0, 5, 5])
  })

  test('goes on from chunk to chunk of a stream', async () => {
    const runtime = await runtimeSaying('Hello', HIDDEN, ' world')
    const request = requestOf(runtime, 'completions', { ...BODY, stream: true })
    const events = eventData(await readText(await runtime.generate(request, soon())))
    assert.equal(events.pop(), '[DONE]')
    const offsets = events.flatMap(event => {
      const { logprobs } = JSON.parse(event).choices[0]
      return logprobs === null ? [] : logprobsShape.parse(logprobs).text_offset
    })
    assert.deepEqual(offsets, [0, 5, 5])
  })
})

describe('the tokens of an answer', () => {
  test('are all there, also if none has text', async () => {
    const { text, tokens } = await completionOf([HIDDEN])
    assert.equal(text, '')
    assert.deepEqual(tokens, [HIDDEN])
  })

  test('end where the text does, before a stop sequence', async () => {
    const { text, tokens } = await completionOf(['Hello', ' wor', 'ld'], { stop: ['wor'] })
    assert.equal(text, 'Hello ')
    assert.deepEqual(tokens, ['Hello', ' wor'])
    const cut = await completionOf(['Hello', ' wor', 'ld'], { stop: ['lo world'] })
    assert.equal(cut.text, 'Hel')
    assert.deepEqual(cut.tokens, ['Hello'])
  })
})
