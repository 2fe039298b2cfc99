/**
 * GET /mesh/v1/policy:watch: each change once and whole, also for who comes back.
 */
import { assert, describe, test } from 'vitest'
import { readSentEvents, type SentEvent } from '../../src/cli/server-sent-events.ts'
import { FEED_LIMITS } from '../../src/consensus/policy/change-feed.ts'
import { ALIAS, startPolicyServer } from './policy-server.ts'

type Server = Awaited<ReturnType<typeof startPolicyServer>>

const put = (name: string) =>
  ({ type: 'put', kind: 'aliases', name, schemaVersion: 1, spec: ALIAS }) as const

async function watch(server: Server, query = '', headers: Record<string, string> = {}) {
  const closing = new AbortController()
  const response = await fetch(`${server.url}/mesh/v1/policy:watch${query}`, {
    headers,
    signal: AbortSignal.any([closing.signal, AbortSignal.timeout(10_000)]),
  })
  assert.equal(response.status, 200)
  const events = readSentEvents(response.body as AsyncIterable<Uint8Array>)
  return {
    async take(count: number): Promise<SentEvent[]> {
      const taken: SentEvent[] = []
      while (taken.length < count) {
        const { done, value } = await events.next()
        if (done === true) break
        taken.push(value)
      }
      return taken
    },
    [Symbol.dispose]: () => closing.abort(),
  }
}

const names = (events: readonly SentEvent[]) => events.map(({ data }) => JSON.parse(data).name)

describe('a watcher', () => {
  test('is told what comes, with the revision as id', async () => {
    await using server = await startPolicyServer()
    server.agreement.apply(put('before'))
    using watching = await watch(server)
    server.agreement.apply(put('after'))
    const [event] = await watching.take(1)
    assert.equal(event?.id, '3')
    const { kind, name, verb, resource } = JSON.parse(event?.data ?? '')
    assert.deepEqual([kind, name, verb], ['aliases', 'after', 'create'])
    assert.deepEqual(resource.spec.targets, [{ model: 'tiny', weight: 100 }])
  })

  test('that names a revision is first told what came after it', async () => {
    await using server = await startPolicyServer()
    for (const name of ['a', 'b', 'c']) server.agreement.apply(put(name))
    using watching = await watch(server, '?from=2')
    assert.deepEqual(names(await watching.take(2)), ['b', 'c'])
    using resumed = await watch(server, '?from=2', { 'last-event-id': '3' })
    assert.deepEqual(names(await resumed.take(1)), ['c'])
  })

  test('of a revision that is not reached yet is told the newest', async () => {
    await using server = await startPolicyServer()
    server.agreement.apply(put('a'))
    const route = 'GET /mesh/v1/policy:watch'
    const query = await server.ask(`${route}?from=3`)
    assert.deepEqual([query.status, query.body.error.param], [400, 'from'])
    assert.include(query.body.error.message, 'up to 2, the newest; found 3')
    const header = await server.ask(route, { headers: { 'last-event-id': '999999' } })
    assert.deepEqual([header.status, header.body.error.param], [400, 'last-event-id'])
  })

  test('that comes from a peer which had heard more waits until this one has too', async () => {
    await using server = await startPolicyServer()
    const { agreement } = server
    agreement.catchUp = async () => {
      agreement.apply(put('a'))
    }
    using watching = await watch(server, '?from=2')
    agreement.apply(put('b'))
    assert.deepEqual(names(await watching.take(1)), ['b'])
  })

  test('gets the id with the last change of a revision, so that none is lost on the way', async () => {
    await using server = await startPolicyServer()
    using watching = await watch(server)
    server.agreement.apply({ type: 'batch', operations: [put('a'), put('b')] })
    const events = await watching.take(2)
    assert.deepEqual(
      events.map(({ id }) => id),
      [undefined, '2'],
    )
  })

  test('of changes that are not known any more must list anew, and goes on from there', async () => {
    await using server = await startPolicyServer()
    const batch = (round: number) =>
      Array.from({ length: 400 }, (_, at) => ({
        ...put(`a${at}`),
        labels: { round: String(round) },
      }))
    const rounds = Math.ceil(FEED_LIMITS.countMax / 400) + 1
    for (let round = 0; round < rounds; round++) {
      server.agreement.apply({ type: 'batch', operations: batch(round) })
    }
    using watching = await watch(server, '?from=1')
    const [compacted] = await watching.take(1)
    const revision = rounds + 1
    assert.deepEqual(
      [compacted?.event, compacted?.id, JSON.parse(compacted?.data ?? '')],
      ['compacted', String(revision), { revision }],
    )
    server.agreement.apply(put('new'))
    assert.deepEqual(names(await watching.take(1)), ['new'])
  })

  test('is told no secret', async () => {
    await using server = await startPolicyServer()
    using watching = await watch(server)
    await server.ask('POST /mesh/v1/keys', { body: { name: 'app' } })
    const [event] = await watching.take(1)
    assert.equal(JSON.parse(event?.data ?? '').name, 'app')
    assert.notInclude(event?.data ?? '', 'hash')
  })

  test('that goes is forgotten', async () => {
    await using server = await startPolicyServer()
    const before = server.agreement.watcherCount
    const watching = await watch(server)
    assert.equal(server.agreement.watcherCount, before + 1)
    watching[Symbol.dispose]()
    await until(() => server.agreement.watcherCount === before)
  })

  test('names a revision that is one', async () => {
    await using server = await startPolicyServer()
    for (const query of ['?from=x', '?since=1']) {
      assert.equal((await server.ask(`GET /mesh/v1/policy:watch${query}`)).status, 400)
    }
    const headers = { 'last-event-id': 'run-7' }
    assert.equal((await server.ask('GET /mesh/v1/policy:watch', { headers })).status, 400)
  })

  test('counts against the bound of all streams', async () => {
    await using server = await startPolicyServer({ options: { eventStreamsMax: 1 } })
    using _watching = await watch(server)
    const events = await server.ask('GET /mesh/v1/events')
    assert.deepEqual([events.status, events.body.error.skein_code], [429, 'ERR_OVERLOADED'])
  })
})

async function until(condition: () => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(10_000)
  while (!condition()) {
    deadline.throwIfAborted()
    await new Promise(resolve => setImmediate(resolve))
  }
}
