/**
 * What a peer keeps of the requests that were served: pages without gaps that nobody hears of, and
 * nothing in them that names a person or quotes a prompt.
 */
import { assert, describe, test } from 'vitest'
import { type Served, ServedRequests } from '../../../src/node/recording/served-requests.ts'
import { MODEL, textOf } from '../fake-runtime.ts'
import { MemoryPeers, type TestPeer } from '../memory-peers.ts'
import { failure, request, STAY } from '../router-scene.ts'
import { rejection } from '../until.ts'

const SALT = 'a salt of sixteen'

const served: Omit<Served, 'atWallMs'> = {
  model: MODEL,
  endpoint: 'chat/completions',
  inputTokens: 10,
  outputTokens: 5,
  outputTokensMax: undefined,
  prefix: { characterCount: 300, root: 7, marks: [9] },
  tenant: 'acme',
  priority: 'normal',
  peer: 'p',
  ttftMs: 3,
  endToEndMs: 12,
}

function requestsWith(count: number, keptMax = 8) {
  const requests = new ServedRequests({ self: 'me', run: 'run-1', wallMs: () => 1_000, keptMax })
  for (let index = 0; index < count; index += 1) {
    requests.end(requests.begin(), { ...served, inputTokens: index })
  }
  return requests
}

const tokensOf = (page: ReturnType<ServedRequests['read']>) =>
  page.requests.map(({ inputTokens }) => inputTokens)

describe('requests that were served', () => {
  test('are told page by page, each once', () => {
    const requests = requestsWith(5)
    const first = requests.read({ limit: 2 })
    const second = requests.read({ limit: 2, after: first.next })
    const third = requests.read({ limit: 2, after: second.next })
    const last = requests.read({ limit: 2, after: third.next })
    assert.deepEqual([first, second, third, last].map(tokensOf), [[0, 1], [2, 3], [4], []])
    assert.equal(last.next, third.next)
    assert.equal(first.missedCount, 0)
  })

  test('that are not kept any more are counted', () => {
    const requests = requestsWith(2)
    const { next } = requests.read({ limit: 10 })
    for (let index = 0; index < 20; index += 1) requests.end(requests.begin(), served)
    assert.deepEqual(
      [
        requests.read({ limit: 3, after: next }).missedCount,
        tokensOf(requestsWith(20).read({ limit: 9 })),
      ],
      [12, [12, 13, 14, 15, 16, 17, 18, 19]],
    )
  })

  test('after a cursor of another run: nobody knows how many are missing', () => {
    const page = requestsWith(3).read({ limit: 10, after: 'run-0-2' })
    assert.deepEqual([page.missedCount, page.requests.length], [null, 3])
    assert.isNull(requestsWith(3).read({ limit: 10, after: 'run-1-99' }).missedCount)
  })

  test('still open are told by the oldest, and those that failed are counted', () => {
    const requests = requestsWith(0)
    const number = requests.begin()
    assert.deepInclude(requests.read({ limit: 1 }), { openCount: 1, oldestOpenAtWallMs: 1_000 })
    requests.end(number, undefined)
    requests.end(number, undefined)
    assert.deepInclude(requests.read({ limit: 1 }), { openCount: 0, unservedCount: 1 })
  })

  test('have hashes only with a salt, equal for one salt, others for another', () => {
    const requests = requestsWith(2)
    const [bare] = requests.read({ limit: 1 }).requests
    assert.isUndefined(bare?.tenant)
    assert.isUndefined(bare?.prefix)
    const [one, two] = requests.read({ limit: 2, salt: SALT }).requests
    const [other] = requests.read({ limit: 1, salt: `${SALT}!` }).requests
    assert.match(one?.tenant ?? '', /^t-[0-9a-f]{8}$/)
    assert.equal(one?.tenant, two?.tenant)
    assert.deepEqual(one?.prefix, two?.prefix)
    assert.notEqual(one?.tenant, other?.tenant)
    assert.notDeepEqual(one?.prefix?.marks, other?.prefix?.marks)
    assert.notInclude(JSON.stringify(one), 'acme')
    assert.notInclude(one?.prefix?.marks ?? [], 9)
  })
})

describe('a mesh', () => {
  test('tells of every ingress at any peer', async () => {
    const mesh = new MemoryPeers()
    const [a, b, c] = (await mesh.startMesh({ models: [MODEL] }, {}, {})) as [
      TestPeer,
      TestPeer,
      TestPeer,
    ]
    await textOf(await b.peer.dispatch({ ...request, isStream: true }, STAY))
    await textOf(await b.peer.dispatch(request, STAY))
    a.runtime.answer = () => Promise.reject(failure('ERR_INVALID_REQUEST'))
    await rejection(b.peer.dispatch(request, STAY))
    const page = await c.peer.served.read(b.id, { limit: 10, salt: SALT }, STAY)
    assert.equal(page.peer, b.id)
    assert.equal(page.unservedCount, 1)
    assert.deepEqual(
      page.requests.map(({ model, peer, ttftMs }) => [model, peer, ttftMs !== undefined]),
      [
        [MODEL, a.id, true],
        [MODEL, a.id, false],
      ],
    )
    const own = await b.peer.served.read(b.id, { limit: 10, salt: SALT }, STAY)
    assert.deepEqual(own.requests, page.requests)
  })
})
