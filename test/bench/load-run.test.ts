/**
 * The load generator against the mock engine: what it counts, never how fast.
 */
import { fileURLToPath } from 'node:url'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { type Child, startChild } from '../../bench/child-process.ts'
import { CHAT_PATH } from '../../bench/gateway-path.ts'
import { LoadProcess } from '../../bench/load-process.ts'
import { type LoadJob, runLoad } from '../../bench/load-run.ts'
import { MOCK_MODEL } from '../../bench/mock-engine.ts'
import { processUsage } from '../../bench/process-usage.ts'

const script = fileURLToPath(new URL('../../bench/mock-engine.ts', import.meta.url))

let engine: Child

beforeAll(async () => {
  engine = await startChild({ name: 'the mock engine', args: [script], readyMaxMs: 20_000 })
})

afterAll(async () => {
  await engine.stop()
})

const UNWATCHED = { onOpen: () => {}, onClose: () => {} }

function body(fields: object = {}): string {
  const messages = [{ role: 'user', content: 'Hello.' }]
  return JSON.stringify({ model: MOCK_MODEL, messages, ...fields })
}

/** Two connections, three requests on each, as fast as they go. */
function job(changes: Partial<LoadJob> = {}): LoadJob {
  return {
    port: Number(engine.ready['port']),
    path: CHAT_PATH,
    headers: {},
    body: body(),
    connectionCount: 2,
    spreadMs: 0,
    warmUpMs: 0,
    windowMs: 15_000,
    requestsPerConnection: 3,
    responseMaxMs: 15_000,
    ...changes,
  }
}

const STREAM = { stream: true, max_tokens: 5, user: 'token-interval-ms=0' }

describe('the load generator', () => {
  test('it counts every JSON answer', async () => {
    const result = await runLoad(job(), UNWATCHED)

    assert.equal(result.answeredCount, 6)
    assert.equal(result.tokenCount, 0)
    assert.deepEqual(result.errors, {})
    assert.isDefined(result.responseMs.p99)
  })

  test('it counts the tokens of streams and times each', async () => {
    const result = await runLoad(job({ body: body(STREAM), tokensPerStream: 5 }), UNWATCHED)

    assert.equal(result.answeredCount, 6)
    assert.equal(result.tokenCount, 30)
    assert.deepEqual(result.errors, {})
    assert.isDefined(result.ttftMs.p50)
    assert.isDefined(result.tokenGapMs.p50)
    assert.isDefined(result.tokenTransitMs.p50)
  })

  test('streams of a paced engine are open at once', async () => {
    const paced = { ...STREAM, user: 'token-interval-ms=100' }
    const connectionCount = 20
    const result = await runLoad(
      job({ body: body(paced), tokensPerStream: 5, connectionCount, requestsPerConnection: 1 }),
      UNWATCHED,
    )

    assert.equal(result.answeredCount, connectionCount)
    assert.isAbove(result.openStreamsMax, 1)
    assert.isAtMost(result.openStreamsMax, connectionCount)
  })

  test('a stream with too few tokens is an error', async () => {
    const result = await runLoad(job({ body: body(STREAM), tokensPerStream: 6 }), UNWATCHED)

    assert.equal(result.answeredCount, 0)
    assert.deepEqual(result.errors, { 'tokens are missing': 6 })
  })

  test('a status other than 200 is an error', async () => {
    const result = await runLoad(job({ path: '/nowhere' }), UNWATCHED)

    assert.equal(result.answeredCount, 0)
    assert.deepEqual(result.errors, { 'status 404': 6 })
  })

  test('nobody listening is an error', async () => {
    const closed = await startChild({ name: 'an engine', args: [script], readyMaxMs: 20_000 })
    await closed.stop()

    const result = await runLoad(job({ port: Number(closed.ready['port']) }), UNWATCHED)

    assert.deepEqual(result.errors, { ECONNREFUSED: 6 })
  })

  test('an answer that does not come in time is an error', async () => {
    const slow = { ...STREAM, user: 'token-interval-ms=60000' }
    const result = await runLoad(
      job({ body: body(slow), tokensPerStream: 5, responseMaxMs: 100, requestsPerConnection: 1 }),
      UNWATCHED,
    )

    assert.deepEqual(result.errors, { 'too late': 2 })
  })

  test('a closed window stops the loop after the answers that are under way', async () => {
    const events: string[] = []
    const endless = { requestsPerConnection: undefined, warmUpMs: 20, windowMs: 50 }
    const result = await runLoad(job(endless), {
      onOpen: () => events.push('opened'),
      onClose: () => events.push('closed'),
    })

    assert.deepEqual(events, ['opened', 'closed'])
    assert.isAtLeast(result.windowMs, 49)
    assert.deepEqual(result.errors, {})
  })

  test('it runs as a process of its own', async () => {
    const load = await LoadProcess.start()
    try {
      const events: string[] = []
      const result = await load.run(job(), { onClose: () => events.push('closed') })

      assert.equal(result.answeredCount, 6)
      assert.deepEqual(events, ['closed'])
    } finally {
      await load.stop()
    }
  })
})

describe('a child process', () => {
  test('it is gone once it is stopped', async () => {
    const child = await startChild({ name: 'an engine', args: [script], readyMaxMs: 20_000 })
    await child.stop()

    assert.throws(() => process.kill(child.pid, 0), /ESRCH/)
  })

  test('one that ends before it is ready says why', async () => {
    const args = ['--eval', 'throw new Error("no engine today")']
    const error = await startChild({ name: 'the engine', args, readyMaxMs: 20_000 }).catch(
      (reason: unknown) => reason,
    )

    assert.match(String(error), /the engine did not become ready: .*no engine today/s)
  })

  test('its memory and processor time can be read on Linux', () => {
    const usage = processUsage([engine.pid])

    if (process.platform !== 'linux') assert.isUndefined(usage)
    else assert.isAbove(usage?.rssBytes ?? 0, 10_000_000)
  })
})

describe('the mock engine', () => {
  test('it counts the streams that were cut off', async () => {
    const cancelledCount = async () => {
      const response = await fetch(`http://127.0.0.1:${engine.ready['port']}/mock/cancelled`)
      return ((await response.json()) as { count: number }).count
    }
    const before = await cancelledCount()
    const slow = { ...STREAM, user: 'token-interval-ms=60000' }
    await runLoad(
      job({ body: body(slow), tokensPerStream: 5, responseMaxMs: 100, requestsPerConnection: 1 }),
      UNWATCHED,
    )

    const deadline = AbortSignal.timeout(10_000)
    while ((await cancelledCount()) < before + 2) deadline.throwIfAborted()
  })
})
