/**
 * Advice is posted until it is taken, a bounded number of times, and no more of it waits than said.
 */
import { assert, describe, test } from 'vitest'
import { WAITING_MAX, Webhook } from '../../../src/node/scaling/webhook.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'
import { silent } from '../recorded-network.ts'
import { until } from '../until.ts'

interface Request {
  readonly url: string
  readonly body: unknown
  readonly key: string | null
}

/** @param answers Status by status; then 200. An error is thrown. */
function scene(answers: (number | Error)[] = [], attemptsMax = 3) {
  const clock = new ManualClock()
  const requests: Request[] = []
  const outcomes: string[] = []
  let idCount = 0
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const key = new Headers(init?.headers).get('idempotency-key')
    requests.push({ url: String(url), body: JSON.parse(String(init?.body)), key })
    const answer = answers.shift() ?? 200
    if (answer instanceof Error) throw answer
    return new Response('thanks', { status: answer })
  }
  const webhook = new Webhook(
    { url: 'http://scaler/', timeoutMs: 1_000, attemptsMax },
    {
      clock,
      logger: silent,
      fetch,
      newId: () => `id-${++idCount}`,
      onOutcome: outcome => outcomes.push(outcome),
    },
  )
  return { clock, webhook, requests, outcomes }
}

describe('a post', () => {
  test('is sent as JSON, once if it is taken', async () => {
    const { webhook, requests, outcomes } = scene()
    webhook.post({ model: 'm' })
    await until(() => outcomes.length === 1)
    assert.deepEqual(requests, [{ url: 'http://scaler/', body: { model: 'm' }, key: 'id-1' }])
    assert.deepEqual(outcomes, ['sent'])
  })

  test('is repeated later and later, by the same key, until it is taken', async () => {
    const { clock, webhook, requests, outcomes } = scene([500, new Error('refused')])
    webhook.post({ model: 'm' })
    await until(() => clock.wakeCount === 1)
    assert.equal(clock.untilWakeMs, 1_000)
    clock.advance(1_000)
    await until(() => clock.wakeCount === 1 && requests.length === 2)
    assert.equal(clock.untilWakeMs, 2_000)
    clock.advance(2_000)
    await until(() => outcomes.length === 1)
    assert.deepEqual(
      requests.map(({ key }) => key),
      ['id-1', 'id-1', 'id-1'],
    )
    assert.deepEqual(outcomes, ['sent'])
  })

  test('is given up after attemptsMax, and the next one is sent', async () => {
    const { clock, webhook, requests, outcomes } = scene([503, 302], 2)
    webhook.post({ model: 'a' })
    webhook.post({ model: 'b' })
    await until(() => clock.wakeCount === 1)
    clock.advance(1_000)
    await until(() => outcomes.length === 2)
    assert.deepEqual(outcomes, ['failed', 'sent'])
    assert.equal(requests.length, 3)
  })

  test('that waits too long behind others is dropped, the oldest first', async () => {
    const { clock, webhook, requests, outcomes } = scene([500], 2)
    webhook.post({ post: 'first' })
    await until(() => clock.wakeCount === 1)
    for (let post = 0; post <= WAITING_MAX; post++) webhook.post({ post })
    assert.deepEqual(outcomes, ['dropped'])
    clock.advance(1_000)
    await until(() => outcomes.length === WAITING_MAX + 2)
    assert.deepEqual(requests.at(2)?.body, { post: 1 })
    assert.deepEqual(requests.at(-1)?.body, { post: WAITING_MAX })
  })

  test('ends with the peer, also while it waits to be repeated', async () => {
    const { clock, webhook, requests } = scene([500])
    webhook.post({ model: 'm' })
    await until(() => clock.wakeCount === 1)
    await webhook.close()
    assert.equal(clock.wakeCount, 0)
    webhook.post({ model: 'late' })
    assert.equal(requests.length, 1)
  })
})
