/**
 * Tool calls that the model chooses to make, said by a model that says what it is told to.
 */
import { afterEach, assert, describe, test } from 'vitest'
import { z } from 'zod'
import { eventData, readText } from '../../compliance/read-answer.ts'
import { answerTo, chat, refusal, soon } from './ask.ts'
import { closeAll, runtimeSaying } from './runtime-saying.ts'

/** How a call begins in the format of ChatML models. */
const CALL = '<tool_call>\n{"name": "'

const tool = (name: string) => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { city: { enum: ['Rome', 'Paris'] } } },
  },
})

const parameters = z.strictObject({ city: z.enum(['Rome', 'Paris']) })

const GREEDY = { temperature: 0, max_tokens: 100 }
const WITH_TOOL = { ...GREEDY, tools: [tool('get_weather')] }

afterEach(closeAll)

describe('a model that may call a tool', () => {
  test('may as well answer in words', async () => {
    const runtime = await runtimeSaying('Hello', ' world')
    const answer = await answerTo(runtime, chat(runtime, 'x', WITH_TOOL))
    assert.equal(answer.text, 'Hello world')
    assert.equal(answer.reason, 'stop')
    assert.equal(answer.completionTokens, 2)
  })

  test('calls it after its words, with arguments of its schema', async () => {
    const runtime = await runtimeSaying('Let me see. ', CALL)
    const answer = await answerTo(runtime, chat(runtime, 'x', WITH_TOOL))
    assert.equal(answer.text, 'Let me see. ')
    assert.equal(answer.reason, 'tool_calls')
    const [call] = answer.toolCalls
    assert.match(call?.id ?? '', /^call_/)
    assert.equal(call?.function.name, 'get_weather')
    parameters.parse(JSON.parse(call?.function.arguments ?? ''))
  })

  test('streams the call in parts, of which the first has id and name', async () => {
    const runtime = await runtimeSaying('Let me see. ', CALL)
    const answer = await runtime.generate(
      chat(runtime, 'x', { ...WITH_TOOL, stream: true }),
      soon(),
    )
    const events = eventData(await readText(answer))
    assert.equal(events.pop(), '[DONE]')
    const choices = events.map(event => JSON.parse(event).choices[0])
    const parts = choices.flatMap(choice => choice.delta.tool_calls ?? [])

    const [first, ...rest] = parts
    assert.equal(first.function.name, 'get_weather')
    assert.isString(first.id)
    assert.ok(rest.every(part => part.index === 0 && part.id === undefined))
    const text = parts.map(part => part.function.arguments).join('')
    parameters.parse(JSON.parse(text))
    assert.equal(choices.map(choice => choice.delta.content ?? '').join(''), 'Let me see. ')
    assert.equal(choices.at(-1).finish_reason, 'tool_calls')
  })

  test('is not told of tools it must not call', async () => {
    const runtime = await runtimeSaying('Hello')
    const none = { ...WITH_TOOL, tool_choice: 'none' }
    const without = await answerTo(runtime, chat(runtime, 'x', GREEDY))
    const forbidden = await answerTo(runtime, chat(runtime, 'x', none))
    assert.equal(forbidden.promptTokens, without.promptTokens)
  })

  test('calls the one that is named, out of several', async () => {
    const runtime = await runtimeSaying('Hello')
    const choice = { type: 'function', function: { name: 'b' } }
    const fields = { ...GREEDY, tools: [tool('a'), tool('b')], tool_choice: choice }
    const answer = await answerTo(runtime, chat(runtime, 'x', fields))
    assert.equal(answer.toolCalls[0]?.function.name, 'b')
  })

  const wide = (name: string) => ({
    type: 'function',
    function: { name, parameters: { enum: Array.from({ length: 600 }, (_, index) => index) } },
  })

  const wrong = [
    {
      field: 'tools.1.function.parameters.enum',
      fields: { tools: [wide('a'), wide('b')] },
    },
    {
      field: 'tools.1.function.parameters.enum',
      fields: { tools: [wide('a'), wide('b')], tool_choice: 'required' },
    },
    { field: 'tools', fields: { tool_choice: 'required' } },
    { field: 'tools', fields: { tools: [tool('a'), tool('a')] } },
    {
      field: 'tool_choice',
      fields: { tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'b' } } },
    },
    {
      field: 'response_format',
      fields: { tools: [tool('a')], response_format: { type: 'json_object' } },
    },
  ]
  for (const { field, fields } of wrong) {
    test(`is refused for ${field} in ${JSON.stringify(Object.keys(fields))}`, async () => {
      const runtime = await runtimeSaying('Hello')
      const pending = runtime.generate(chat(runtime, 'x', fields), soon())
      const { details } = await refusal(pending, 'ERR_INVALID_REQUEST')
      assert.equal(details['param'], field)
    })
  }
})
