/**
 * What is done with one peer, one model or the voters; and the aliases among the models.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import type { MeshRequest, ModelView } from '../../src/node/gateway.ts'
import type { ModelActionRequest } from '../../src/node/model-control.ts'
import { modelFacts } from '../node/fake-runtime.ts'
import { answerOf, CHAT, fakeGateway, jsonAnswer, SELF, SERVER } from './fake-gateway.ts'
import { OTHER, startPolicyServer } from './policy-server.ts'

const served = (id: string, peers = [SELF]): ModelView => ({ id, facts: modelFacts(id), peers })

const { control } = fakeGateway()

describe('a peer', () => {
  test('is drained by name or id, and undrained', async () => {
    await using server = await startPolicyServer()
    const { agreement, ask } = server
    const drained = await ask('POST /mesh/v1/nodes/box:drain', { body: { reason: 'new GPU' } })
    assert.deepInclude(drained.body.changes[0], { kind: 'drains', name: SELF, verb: 'create' })
    assert.isTrue(agreement.views.isDrained(SELF))
    const undrained = await ask(`POST /mesh/v1/nodes/${SELF}:undrain`, { body: {} })
    assert.equal(undrained.body.changes[0].verb, 'delete')
    assert.equal((await ask('POST /mesh/v1/nodes/box:undrain', { body: {} })).status, 404)
  })

  test('that is drained again without a reason keeps the one it has', async () => {
    await using server = await startPolicyServer()
    const drain = (body: object) => server.ask('POST /mesh/v1/nodes/box:drain', { body })
    const reason = () => server.policy.get('drains', SELF)?.spec['reason']
    await drain({ reason: 'new GPU' })
    assert.deepEqual((await drain({})).body.changes, [])
    assert.equal(reason(), 'new GPU')
    await drain({ reason: 'sold' })
    assert.equal(reason(), 'sold')
    await drain({ reason: '' })
    assert.equal(reason(), '')
  })

  test('is denied, leaves the roster with it, and may join again when it is admitted', async () => {
    await using server = await startPolicyServer()
    const { body } = await server.ask('POST /mesh/v1/nodes/other:deny', { body: { reason: 'x' } })
    assert.equal(body.changes[0].name, OTHER)
    assert.isTrue(server.agreement.views.isDenied(OTHER))
    await server.ask('POST /mesh/v1/nodes/other:admit', { body: {} })
    assert.isFalse(server.agreement.views.isDenied(OTHER))
  })

  test('that does not exist is told with whom may be meant', async () => {
    await using server = await startPolicyServer()
    const { status, body } = await server.ask('POST /mesh/v1/nodes/othr:drain', { body: {} })
    assert.deepEqual([status, body.error.hint], [404, 'Did you mean other?'])
  })

  test('is not one of two with a name', async () => {
    const twin = (peer: string) => ({ peer, status: 'alive', facts: { name: 'box' } })
    const nodes = () => [twin(SELF), twin(OTHER)] as never
    await using server = await startPolicyServer({ gateway: { nodes } })
    const { status, body } = await server.ask('POST /mesh/v1/nodes/box:drain', { body: {} })
    assert.equal(status, 400)
    assert.include(body.error.message, OTHER)
  })

  test('knows no other verbs', async () => {
    await using server = await startPolicyServer()
    for (const path of ['box:explode', 'box', ':drain']) {
      const { status } = await server.ask(`POST /mesh/v1/nodes/${path}`, { body: {} })
      assert.equal(status, 404)
    }
  })
})

describe('a model', () => {
  const PLACEMENT = 'org/tiny:7b'

  test('is pinned, keeping what else is said of it, and unpinned', async () => {
    await using server = await startPolicyServer()
    const { agreement, ask } = server
    const spec = () => agreement.views.placement(PLACEMENT)
    const path = `POST /mesh/v1/models/${PLACEMENT}`
    const peers = [SELF]
    await ask(`${path}:pin`, { body: { peers: ['box'] } })
    assert.deepInclude(spec(), { peers, labels: {} })
    const priority = { body: { spec: { priority: 7 } } }
    await ask(`PATCH /mesh/v1/policy/placements/${PLACEMENT}`, priority)
    await ask(`${path}:pin`, { body: { labels: { gpu: 'h200' } } })
    await ask(`${path}:pin`, { body: { peers: ['box'], labels: { zone: 'a' } } })
    assert.deepInclude(spec(), { peers, labels: { zone: 'a' }, priority: 7 })
    await ask(`${path}:unpin`, { body: {} })
    assert.deepInclude(spec(), { peers: [], labels: {}, priority: 7 })
    await ask(`PATCH /mesh/v1/policy/placements/${PLACEMENT}`, {
      body: { spec: { priority: null } },
    })
    await ask(`${path}:unpin`, { body: {} })
    assert.isUndefined(spec())
  })

  test('is pinned to something', async () => {
    await using server = await startPolicyServer()
    const nothing = await server.ask('POST /mesh/v1/models/tiny:pin', { body: {} })
    assert.deepEqual([nothing.status, nothing.body.error.param], [400, 'peers'])
    const nobody = await server.ask('POST /mesh/v1/models/tiny:pin', { body: { peers: ['x'] } })
    assert.equal(nobody.status, 404)
  })

  const kinds = [
    { capability: 'chat', endpoint: 'chat/completions' },
    { capability: 'completion', endpoint: 'completions' },
    { capability: 'embedding', endpoint: 'embeddings' },
  ] as const
  for (const { capability, endpoint } of kinds) {
    test(`for ${capability} is warmed by as little as it can be asked`, async () => {
      const seen: MeshRequest[] = []
      const view = { ...served('tiny'), facts: modelFacts('tiny', { capabilities: [capability] }) }
      await using server = await startPolicyServer({
        gateway: {
          models: () => [view],
          dispatch(request) {
            seen.push(request)
            return Promise.resolve(jsonAnswer({}))
          },
        },
      })
      const { body } = await server.ask('POST /mesh/v1/models/tiny:warm', { body: {} })
      assert.deepInclude(body, { model: 'tiny', peer: SERVER })
      assert.equal(seen[0]?.endpoint, endpoint)
    })
  }

  test('that its engine does not answer for is not warm', async () => {
    await using server = await startPolicyServer({
      gateway: {
        models: () => [served('tiny')],
        dispatch: () => Promise.resolve(answerOf('application/json', ['{}'], 500)),
      },
    })
    const { status } = await server.ask('POST /mesh/v1/models/tiny:warm', { body: {} })
    assert.equal(status, 502)
  })

  for (const action of ['load', 'unload', 'sleep', 'wake', 'warm'] as const) {
    test(`is asked of the peer that is named to ${action}`, async () => {
      const seen: ModelActionRequest[] = []
      const act = (request: ModelActionRequest) => {
        seen.push(request)
        return Promise.resolve({ peer: SELF, unready: { state: 'cold' } as const })
      }
      await using server = await startPolicyServer({ gateway: { control: { ...control, act } } })
      const path = `POST /mesh/v1/models/org/tiny:7b:${action}`
      const { status, body } = await server.ask(path, { body: { peer: 'box' } })
      assert.equal(status, 200)
      assert.deepInclude(body, { model: 'org/tiny:7b', peer: SELF, unready: { state: 'cold' } })
      assert.deepEqual(seen, [{ model: 'org/tiny:7b', action, peer: SELF }])
      const nobody = await server.ask(path, { body: { peer: 'nobody' } })
      assert.deepEqual([nobody.status, nobody.body.error.param], [404, 'peer'])
    })
  }

  test('has LoRA adapters beside it, if the engine of the asked peer tells', async () => {
    const loras = async (model: string) => [`${model}-sql`]
    await using server = await startPolicyServer({ gateway: { control: { ...control, loras } } })
    const { body } = await server.ask('GET /mesh/v1/models/org/tiny:7b:loras')
    assert.deepEqual(body, { model: 'org/tiny:7b', peer: SELF, loras: ['org/tiny:7b-sql'] })
  })

  test('that works for somebody is not unloaded, which is said', async () => {
    const error = new MeshError('busy', { code: 'ERR_MODEL_IN_USE' })
    await using server = await startPolicyServer({
      gateway: { control: { ...control, act: () => Promise.reject(error) } },
    })
    const { status, body } = await server.ask('POST /mesh/v1/models/tiny:unload', { body: {} })
    assert.deepEqual([status, body.error.skein_code], [409, 'ERR_MODEL_IN_USE'])
  })
})

describe('the list of models', () => {
  async function listed(aliases: Readonly<Record<string, object>>, models: readonly ModelView[]) {
    await using server = await startPolicyServer({ gateway: { models: () => models } })
    for (const [name, spec] of Object.entries(aliases)) {
      const put = await server.ask(`PUT /mesh/v1/policy/aliases/${name}`, { body: { spec } })
      assert.equal(put.status, 200)
    }
    const { body } = await server.ask('GET /v1/models')
    const data = body.data as { id: string; skein: { alias_of?: string[]; peers: string[] } }[]
    return data.map(({ id, skein }) => [id, skein.alias_of, skein.peers])
  }

  test('has the aliases that lead to one of them', async () => {
    const aliases = {
      chat: { targets: [{ model: 'tiny' }, { model: 'off', weight: 0 }], fallbacks: ['big'] },
      deep: { targets: [{ model: 'chat' }] },
      less: { targets: [{ model: 'gone' }], variants: ['tiny'] },
      lost: { targets: [{ model: 'gone' }] },
    }
    assert.deepEqual(await listed(aliases, [served('tiny'), served('big', [OTHER])]), [
      ['big', undefined, [OTHER]],
      ['chat', ['tiny', 'big'], [SELF, OTHER]],
      ['deep', ['tiny', 'big'], [SELF, OTHER]],
      ['less', ['gone', 'tiny'], [SELF]],
      ['tiny', undefined, [SELF]],
    ])
  })

  test('has an alias in the place of the model of its name', async () => {
    const canary = {
      targets: [
        { model: 'tiny', weight: 95 },
        { model: 'next', weight: 5 },
      ],
    }
    assert.deepEqual(await listed({ tiny: canary }, [served('tiny'), served('next', [OTHER])]), [
      ['next', undefined, [OTHER]],
      ['tiny', ['tiny', 'next'], [SELF, OTHER]],
    ])
    const moved = { targets: [{ model: 'gone' }] }
    assert.deepEqual(await listed({ tiny: moved }, [served('tiny')]), [])
  })

  test('finds one alias by its id', async () => {
    await using server = await startPolicyServer({ gateway: { models: () => [served('tiny')] } })
    const spec = { targets: [{ model: 'tiny' }] }
    await server.ask('PUT /mesh/v1/policy/aliases/org/chat', { body: { spec } })
    const { body } = await server.ask('GET /v1/models/org/chat')
    assert.deepEqual([body.id, body.skein.alias_of], ['org/chat', ['tiny']])
  })
})

describe('an answer', () => {
  test('says which model made it', async () => {
    const names = [
      ['org/tiny:7b', 'org/tiny:7b'],
      ['mü', 'm%C3%BC'],
    ] as const
    for (const [model, shown] of names) {
      await using server = await startPolicyServer({
        gateway: { dispatch: () => Promise.resolve({ ...jsonAnswer({}), model }) },
      })
      const answer = await server.ask('POST /v1/chat/completions', { body: CHAT })
      assert.equal(answer.headers.get('x-skein-model'), shown)
    }
  })

  test('of a smaller variant says in whose place it is', async () => {
    for (const insteadOf of ['org/tiny:f16', undefined]) {
      await using server = await startPolicyServer({
        gateway: { dispatch: () => Promise.resolve({ ...jsonAnswer({}), model: 'q8', insteadOf }) },
      })
      const answer = await server.ask('POST /v1/chat/completions', { body: CHAT })
      assert.equal(answer.headers.get('x-skein-degraded-from'), insteadOf ?? null)
    }
  })

  test('to whom has used up a quota says when to come back', async () => {
    const details = { retryAfterMs: 2_500, quota: 'tenant:acme' }
    const error = new MeshError('too much', { code: 'ERR_QUOTA_EXCEEDED', details })
    await using server = await startPolicyServer({
      gateway: { dispatch: () => Promise.reject(error) },
    })
    const { status, headers, body } = await server.ask('POST /v1/chat/completions', { body: CHAT })
    assert.deepEqual([status, headers.get('retry-after')], [429, '3'])
    assert.deepInclude(body.error, { type: 'rate_limit_error', code: 'rate_limit_exceeded' })
    assert.equal(body.error.details.quota, 'tenant:acme')
  })
})

describe('the voters', () => {
  test('are shown with their names and how they are seen', async () => {
    await using server = await startPolicyServer()
    const { body } = await server.ask('GET /mesh/v1/raft')
    assert.deepEqual(body.voters, [{ peer: SELF, node: 1, name: 'box', status: 'alive' }])
    assert.deepInclude(body, { role: 'leader', leader: SELF, halted: null, learners: [] })
  })

  test('are changed by hand, by the id or name of a peer of the roster', async () => {
    await using server = await startPolicyServer()
    for (const type of ['transfer', 'promote', 'demote'] as const) {
      const { status } = await server.ask(`POST /mesh/v1/raft:${type}`, { body: { peer: SELF } })
      assert.equal(status, 202)
      assert.deepEqual(server.agreement.operated.at(-1), { type, node: 1 })
      const named = await server.ask(`POST /mesh/v1/raft:${type}`, { body: { peer: 'box' } })
      assert.equal(named.status, 202)
      assert.deepEqual(server.agreement.operated.at(-1), { type, node: 1 })
      const other = await server.ask(`POST /mesh/v1/raft:${type}`, { body: { peer: OTHER } })
      assert.equal(other.status, 404)
      const mistyped = await server.ask(`POST /mesh/v1/raft:${type}`, { body: { peer: 'bax' } })
      const { param, hint } = mistyped.body.error
      assert.deepEqual([mistyped.status, param, hint], [404, 'peer', 'Did you mean box?'])
    }
  })

  test('need another one to hand over to', async () => {
    await using server = await startPolicyServer()
    const { status, body } = await server.ask('POST /mesh/v1/raft:transfer', { body: {} })
    assert.deepEqual([status, body.error.param], [404, 'peer'])
    const nobody = await server.ask('POST /mesh/v1/raft:promote', { body: {} })
    assert.deepEqual([nobody.status, nobody.body.error.param], [400, 'peer'])
  })
})
