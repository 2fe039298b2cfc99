/**
 * How urgent a request is and until when its answer is wanted: what clients say, and who may.
 */
import { assert, describe, test } from 'vitest'
import type { MeshRequest } from '../../src/node/gateway.ts'
import { CHAT, jsonAnswer, startIngress, untilAborted } from './fake-gateway.ts'
import { startPolicyServer } from './policy-server.ts'

const CHAT_PATH = '/v1/chat/completions'

function recorded() {
  const seen: MeshRequest[] = []
  const gateway = {
    dispatch(sent: MeshRequest) {
      seen.push(sent)
      return Promise.resolve(jsonAnswer({}))
    },
  }
  const priorities = (): unknown[] => seen.map(({ priority }) => priority)
  return { seen, gateway, priorities }
}

describe('a priority', () => {
  test('is what the header says, else what the body says', async () => {
    const { gateway, priorities } = recorded()
    await using server = await startIngress({ gateway })
    await server.post(CHAT_PATH, CHAT)
    await server.post(CHAT_PATH, { ...CHAT, priority: 'low' })
    await server.post(CHAT_PATH, CHAT, { 'x-skein-priority': 'high' })
    await server.post(CHAT_PATH, { ...CHAT, priority: 'low' }, { 'x-skein-priority': 'critical' })
    assert.deepEqual(priorities(), [undefined, 'low', 'high', 'critical'])
  })

  test('in words does not reach the engine; a number is the engine’s own', async () => {
    const { gateway, seen, priorities } = recorded()
    await using server = await startIngress({ gateway })
    await server.post(
      CHAT_PATH,
      `{"priority": "high", "model":"tiny","messages":[{"role":"user"}]}`,
    )
    await server.post(CHAT_PATH, { ...CHAT, priority: 7 })
    const bodies = seen.map(({ body }) => JSON.parse(Buffer.from(body).toString()))
    assert.deepEqual(
      bodies.map(({ priority }) => priority),
      [0, 7],
    )
    assert.deepEqual(priorities(), ['high', undefined])
  })

  test('that there is not is refused by name', async () => {
    const { gateway, seen } = recorded()
    await using server = await startIngress({ gateway })
    const answer = await server.post(CHAT_PATH, CHAT, { 'x-skein-priority': 'urgent' })
    assert.equal(answer.status, 400)
    const { error } = (await answer.json()) as { error: { message: string; param: string } }
    assert.equal(error.param, 'x-skein-priority')
    assert.include(error.message, 'low, normal, high, critical')
    assert.lengthOf(seen, 0)
  })

  test('of an empty header is refused as one that there is not', async () => {
    const { gateway, seen } = recorded()
    await using server = await startIngress({ gateway })
    const answer = await server.post(CHAT_PATH, CHAT, { 'x-skein-priority': '' })
    assert.equal(answer.status, 400)
    assert.include(await answer.text(), 'low, normal, high, critical; found an empty string')
    assert.lengthOf(seen, 0)
  })

  const keys = [
    { who: 'a key without a tenant', key: {}, own: undefined, highest: 'high' },
    { who: 'an operator', key: { role: 'operator' }, own: undefined, highest: 'critical' },
    { who: 'a tenant that is low', key: { tenant: 'low' }, own: 'low', highest: 'low' },
    { who: 'a tenant that is normal', key: { tenant: 'normal' }, own: 'normal', highest: 'normal' },
    {
      who: 'a tenant that is critical',
      key: { tenant: 'critical' },
      own: 'critical',
      highest: 'critical',
    },
  ] as const
  for (const { who, key, own, highest } of keys) {
    test(`of ${who} is ${own ?? 'normal'} unless it asks, up to ${highest}`, async () => {
      const { gateway, priorities } = recorded()
      await using server = await startPolicyServer({ gateway })
      for (const priority of ['low', 'normal', 'critical']) {
        await server.ask(`PUT /mesh/v1/policy/tenants/${priority}`, {
          body: { spec: { priority } },
        })
      }
      const made = await server.ask('POST /mesh/v1/keys', { body: { name: 'k', ...key } })
      const as = { authorization: `Bearer ${made.body.key}` }
      const ask = (headers: Record<string, string>) =>
        server.ask(`POST ${CHAT_PATH}`, { body: CHAT, headers: { ...as, ...headers } })
      await ask({})
      const statuses = []
      for (const priority of ['low', 'normal', 'high', 'critical']) {
        const { status } = await ask({ 'x-skein-priority': priority })
        statuses.push(status === 200 ? priority : status)
      }
      assert.equal(
        statuses.findLast(each => typeof each === 'string'),
        highest,
      )
      const [first, ...rest] = priorities()
      assert.equal(first, own)
      assert.deepEqual(
        rest,
        statuses.filter(each => typeof each === 'string'),
      )
      assert.isTrue(statuses.every(each => typeof each === 'string' || each === 403))
    })
  }
})

describe('a deadline', () => {
  test('is when the answer must have begun', async () => {
    const { gateway, seen } = recorded()
    await using server = await startIngress({ gateway })
    await server.post(CHAT_PATH, CHAT, { 'x-skein-deadline-ms': '60000' })
    await server.post(CHAT_PATH, CHAT)
    const [first, second] = seen
    assert.isAbove(first?.beginByMs ?? 0, performance.now())
    assert.isUndefined(second?.beginByMs)
  })

  test('that passes is 504, and ends the work', async () => {
    let signal: AbortSignal | undefined
    await using server = await startIngress({
      gateway: {
        dispatch(_, until) {
          signal = until
          return untilAborted(until)
        },
      },
    })
    const answer = await server.post(CHAT_PATH, CHAT, { 'x-skein-deadline-ms': '1' })
    assert.equal(answer.status, 504)
    assert.include(await answer.text(), 'within 1 ms')
    assert.isTrue(signal?.aborted)
  })

  for (const text of ['', '0', '-1', '1.5', 'soon', '86400001']) {
    test(`of ${JSON.stringify(text)} is refused`, async () => {
      await using server = await startIngress()
      const answer = await server.post(CHAT_PATH, CHAT, { 'x-skein-deadline-ms': text })
      assert.equal(answer.status, 400)
      assert.include(await answer.text(), 'must be an integer from 1 to 86400000; found')
    })
  }
})

test('the share of a tenant goes with its requests', async () => {
  const { gateway, seen } = recorded()
  await using server = await startPolicyServer({ gateway })
  await server.ask('PUT /mesh/v1/policy/tenants/acme', { body: { spec: { weight: 2.5 } } })
  const made = await server.ask('POST /mesh/v1/keys', { body: { name: 'k', tenant: 'acme' } })
  const headers = { authorization: `Bearer ${made.body.key}` }
  await server.ask(`POST ${CHAT_PATH}`, { body: CHAT, headers })
  assert.equal(seen[0]?.weight, 2.5)
})
