/**
 * POST /mesh/v1/scheduler/dispatch: what is sent, what is told of it, and that it always ends.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import type { Gateway, MeshAnswer, MeshRequest } from '../../src/node/gateway.ts'
import type { DecisionRecord } from '../../src/scheduler/decision.ts'
import {
  answerOf,
  fakeGateway,
  jsonAnswer,
  type StartOptions,
  startIngress,
  untilAborted,
} from './fake-gateway.ts'
import { startPolicyServer } from './policy-server.ts'

const PATH = '/mesh/v1/scheduler/dispatch'
const MIB = 1024 ** 2

const REQUEST = { model: 'm', messages: [{ role: 'user', content: 'Hello?' }], stream: true }

type Dispatch = Gateway['dispatch']

interface Asked {
  readonly gateway?: Partial<Gateway>
  readonly options?: StartOptions['options']
  readonly body?: object
  readonly headers?: Record<string, string>
}

async function ask({ gateway = {}, options = {}, body = {}, headers }: Asked) {
  await using server = await startIngress({ gateway, options })
  const response = await server.post(PATH, { request: REQUEST, ...body }, headers)
  const answer = (await response.json()) as Record<string, unknown>
  return { status: response.status, headers: response.headers, body: answer }
}

/** What becomes of it if the engine answers so. */
const answered = (answer: MeshAnswer) => ask({ gateway: { dispatch: async () => answer } })

const node = (peer: string, model: object) => ({
  ...{ peer, isSelf: false, status: 'alive', incarnation: 1, load: NO_LOAD },
  facts: { version: '1', name: peer, zone: '', labels: {}, addresses: [], models: [model] },
  ...{ ageMs: 0, rttMs: 0, isConnected: true, path: 'direct' },
})

const candidate = (peer: string, score: number) => ({
  ...{ peer, stateAgeMs: 0, reservedCount: 0, terms: { score } },
})

const record = {
  model: 'm',
  candidates: [candidate('p1', 1), candidate('p2', 2)],
  attempts: [{ peer: 'p1', errorCode: 'ERR_ENGINE' }, { peer: 'p2' }],
} as unknown as DecisionRecord

const price = { inputPerMillion: 1, outputPerMillion: 2 }
const nodes = () => [node('p1', { id: 'm', price }), node('p2', { id: 'm' })] as never

/** Tells of `told` on the way; `peer` answers for the model `m`. */
function dispatchTo(peer: string, ...told: readonly string[]): Dispatch {
  return request => {
    for (const each of told) request.onDecided?.('d1', each)
    return Promise.resolve({ ...jsonAnswer({ by: peer }), model: 'm', peer, decisionId: 'd1' })
  }
}

describe('a task that is dispatched', () => {
  test('is answered with who was chosen, who was cheapest and who did it', async () => {
    const sent: MeshRequest[] = []
    const { status, body } = await ask({
      gateway: {
        decision: () => record,
        nodes,
        dispatch(request, signal) {
          sent.push(request)
          return dispatchTo('p2', 'p1', 'p2')(request, signal)
        },
      },
      body: { taskId: 'mine' },
    })
    assert.equal(status, 200)
    assert.deepInclude(body, {
      ...{ taskId: 'mine', taskType: 'chat', success: true, error: null, decisionId: 'd1' },
      ...{ selectedPeer: 'p1', costOptimalPeer: 'p2', dispatchedPeer: 'p2' },
      ...{ circuitState: 'closed', result: { by: 'p2' } },
    })
    assert.isNumber(body['latencyMs'])
    assert.isFalse(sent[0]?.isStream)
  })

  test('to two at once was done by the one that answered', async () => {
    const gateway = { decision: () => record, nodes, dispatch: dispatchTo('p2', 'p1') }
    const { headers, body } = await ask({ gateway })
    assert.equal(body['dispatchedPeer'], 'p2')
    assert.equal(headers.get('x-skein-peer'), 'p2')
  })

  test('by an alias is told of as the model behind it', async () => {
    const circuit = { failureCount: 0, openForMs: 1, openingCount: 1 }
    const { body } = await ask({
      gateway: {
        decision: () => record,
        nodes,
        dispatch: dispatchTo('p2', 'p2'),
        scheduling: {
          ...fakeGateway().scheduling,
          circuits: () => [{ peer: 'p2', model: 'm', state: 'half-open', ...circuit }],
        },
      },
      body: { request: { ...REQUEST, model: 'an-alias' } },
    })
    assert.deepInclude(body, { costOptimalPeer: 'p2', circuitState: 'half-open' })
  })

  test('is answered with the error if it failed, which is no error of ours', async () => {
    const { status, body } = await ask({
      gateway: { dispatch: () => Promise.reject(new MeshError('broken', { code: 'ERR_ENGINE' })) },
    })
    assert.equal(status, 200)
    assert.deepInclude(body, { success: false, dispatchedPeer: null, result: null })
    assert.deepInclude(body['error'], { message: 'broken', skein_code: 'ERR_ENGINE' })
  })

  test('that nobody has answered names who was tried last', async () => {
    const { body } = await ask({
      gateway: {
        decision: () => record,
        dispatch(request) {
          request.onDecided?.('d1', 'p1')
          return Promise.reject(new MeshError('broken', { code: 'ERR_ENGINE' }))
        },
      },
    })
    assert.deepInclude(body, { success: false, selectedPeer: 'p1', dispatchedPeer: 'p2' })
  })

  test('must be a request as /v1 takes it', async () => {
    const { status } = await ask({ body: { request: { model: 'm' } } })
    assert.equal(status, 400)
  })
})

describe('an engine’s answer', () => {
  for (const status of [200, 500]) {
    test(`of ${status} that is no JSON is an error of the engine`, async () => {
      const { status: ours, body } = await answered(answerOf('text/html', ['<html>'], status))
      assert.equal(ours, 200)
      assert.deepInclude(body, { success: false, result: null })
      assert.deepInclude(body['error'], { skein_code: 'ERR_ENGINE' })
    })
  }

  test('that is an error is told as it is', async () => {
    const error = { error: { message: 'no such tool' } }
    const { body } = await answered({ ...jsonAnswer(error), status: 422 })
    assert.deepInclude(body, { success: false, error: error.error, result: null })
  })

  test('of more than 16 MiB is given up', async () => {
    let readCount = 0
    function* long() {
      while (readCount < 32) {
        readCount += 1
        yield 'x'.repeat(MIB)
      }
    }
    const { body } = await answered(answerOf('application/json', long()))
    assert.deepInclude(body['error'], { skein_code: 'ERR_ENGINE' })
    assert.include(JSON.stringify(body['error']), 'at most 16777216 bytes')
    assert.equal(readCount, 17)
  })

  test('of 16 MiB is taken', async () => {
    const half = 'x'.repeat(8 * MIB - 1)
    const { body } = await answered(answerOf('application/json', [`"${half}`, `${half}"`]))
    assert.deepInclude(body, { success: true, error: null })
  })
})

describe('the time of a dispatch', () => {
  const late: Record<string, Dispatch> = {
    'that nobody begins': (_, signal) => untilAborted(signal),
    'of somebody who does not even listen': () => new Promise(() => {}),
    'whose answer does not end': () => {
      async function* silent(): AsyncGenerator<Uint8Array, undefined> {
        await new Promise(() => {})
        yield Buffer.of()
        return undefined
      }
      return Promise.resolve({ ...jsonAnswer({}), chunks: silent() })
    },
  }
  for (const [what, dispatch] of Object.entries(late)) {
    test(`${what} is over after requestTimeoutMs`, async () => {
      let until: AbortSignal | undefined
      const gateway: Partial<Gateway> = {
        dispatch(request, signal) {
          until = signal
          return dispatch(request, signal)
        },
      }
      const { status, body } = await ask({ gateway, options: { requestTimeoutMs: 1 } })
      assert.equal(status, 200)
      assert.deepInclude(body['error'], { skein_code: 'ERR_DEADLINE_EXCEEDED' })
      assert.isTrue(until?.aborted)
    })
  }

  test('is the client’s own, if that is shorter', async () => {
    const { body } = await ask({
      gateway: { dispatch: (_, signal) => untilAborted(signal) },
      headers: { 'x-skein-deadline-ms': '1' },
    })
    assert.include(JSON.stringify(body['error']), 'within 1 ms')
  })

  test('ends when the client leaves, which is no bug', async () => {
    const client = new AbortController()
    let dispatch: Dispatch = () => assert.fail()
    const ended = new Promise<void>(resolve => {
      dispatch = async (_, signal) => {
        client.abort()
        await untilAborted(signal).finally(resolve)
        return assert.fail()
      }
    })
    await using server = await startIngress({
      gateway: { dispatch: (request, signal) => dispatch(request, signal) },
    })
    const asking = fetch(`${server.url}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ request: REQUEST }),
      signal: client.signal,
    })
    await Promise.all([asking.catch(() => {}), ended])
    await server.ingress.close(0)
    assert.notInclude(server.logLines.join(), 'by a bug')
  })
})

describe('the urgency of a dispatch', () => {
  function recorded() {
    const seen: MeshRequest[] = []
    const dispatch = (sent: MeshRequest) => {
      seen.push(sent)
      return Promise.resolve(jsonAnswer({}))
    }
    return { seen, gateway: { dispatch } }
  }

  test('is what headers and body say, and words do not reach the engine', async () => {
    const { seen, gateway } = recorded()
    const headers = { 'x-skein-deadline-ms': '60000' }
    await ask({ gateway, headers, body: { request: { ...REQUEST, priority: 'low' } } })
    await ask({ gateway, headers: { 'x-skein-priority': 'high' } })
    await ask({ gateway, body: { request: { ...REQUEST, priority: 7 } } })
    assert.deepEqual(
      seen.map(({ priority }) => priority),
      ['low', 'high', undefined],
    )
    assert.deepEqual(
      seen.map(({ body }) => JSON.parse(Buffer.from(body).toString()).priority),
      [0, undefined, 7],
    )
    assert.isAbove(seen[0]?.beginByMs ?? 0, 0)
    assert.isUndefined(seen[1]?.beginByMs)
  })

  for (const header of ['x-skein-priority', 'x-skein-deadline-ms']) {
    test(`is refused if ${header} is wrong`, async () => {
      for (const value of ['', 'soon']) {
        const { seen, gateway } = recorded()
        const { status, body } = await ask({ gateway, headers: { [header]: value } })
        assert.equal(status, 400)
        assert.deepInclude(body['error'], { param: header })
        assert.lengthOf(seen, 0)
      }
    })
  }

  test('is that of the tenant, with its weight', async () => {
    const { seen, gateway } = recorded()
    await using server = await startPolicyServer({ gateway })
    const spec = { priority: 'low', weight: 2.5 }
    await server.ask('PUT /mesh/v1/policy/tenants/acme', { body: { spec } })
    const key = { name: 'k', tenant: 'acme', role: 'operator' }
    const made = await server.ask('POST /mesh/v1/keys', { body: key })
    const headers = { authorization: `Bearer ${made.body.key}` }
    const { status } = await server.ask(`POST ${PATH}`, { body: { request: REQUEST }, headers })
    assert.equal(status, 200)
    assert.deepInclude(seen[0], { priority: 'low', weight: 2.5 })
  })
})
