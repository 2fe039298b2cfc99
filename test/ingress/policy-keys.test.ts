/**
 * API keys of the policy: how they are made, when they are needed, and what each may do.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import { createIngress } from '../../src/ingress/ingress.ts'
import { ingressOptions } from '../../src/ingress/options.ts'
import { systemClock } from '../../src/node/clock.ts'
import type { MeshRequest } from '../../src/node/gateway.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { silent } from '../node/recorded-network.ts'
import { CHAT, fakeGateway, jsonAnswer, SELF } from './fake-gateway.ts'
import { localPolicy } from './local-policy.ts'
import { ALIAS, CHAT_ALIAS, startPolicyServer } from './policy-server.ts'

type Server = Awaited<ReturnType<typeof startPolicyServer>>

const FILE_KEY = 'sk-file'

const as = (key: string) => ({ authorization: `Bearer ${key}` })

async function keyOf(
  server: Server,
  body: Readonly<Record<string, unknown>>,
  by: Readonly<Record<string, string>> = {},
): Promise<string> {
  const answer = await server.ask('POST /mesh/v1/keys', { body, headers: by })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.key
}

describe('a key', () => {
  test('is shown once, and nothing that recognises it is shown ever', async () => {
    await using server = await startPolicyServer()
    const made = await server.ask('POST /mesh/v1/keys', {
      body: { name: 'app', role: 'inference' },
    })
    assert.match(made.body.key, /^sk-skein-app-[0-9a-f]{48}$/)
    assert.equal(made.headers.get('cache-control'), 'no-store')
    const stored = server.agreement.views.get('keys', 'app')
    assert.isDefined(stored)
    const { digest, salt } = stored.spec['hash'] as { digest: string; salt: string }
    const answers = [made]
    for (const path of ['policy/keys', 'policy/keys/app', 'policy:log']) {
      answers.push(await server.ask(`GET /mesh/v1/${path}`))
    }
    for (const { body } of answers) {
      const text = JSON.stringify(body)
      for (const secret of [digest, salt, '"hash"']) assert.notInclude(text, secret)
    }
    assert.notInclude(JSON.stringify(stored), made.body.key.split('-').at(-1) as string)
  })

  test('cannot be made twice under one name', async () => {
    await using server = await startPolicyServer()
    await keyOf(server, { name: 'app' })
    const again = await server.ask('POST /mesh/v1/keys', { body: { name: 'app' } })
    assert.equal(again.status, 409)
  })

  test('keeps its secret when the rest is put without it', async () => {
    await using server = await startPolicyServer()
    const key = await keyOf(server, { name: 'app' })
    const spec = { roles: ['operator'] }
    const put = await server.ask('PUT /mesh/v1/policy/keys/app', { body: { spec } })
    assert.equal(put.status, 200)
    assert.equal((await server.ask('GET /mesh/v1/raft', { headers: as(key) })).status, 200)
  })

  const wrong = [
    { body: {}, param: 'name' },
    { body: { name: 'a b' }, param: 'name' },
    { body: { name: 'a', role: 'root' }, param: 'role' },
    { body: { name: 'a', expiresAt: 'tomorrow' }, param: 'expiresAt' },
    { body: { name: 'a', expiresAt: '1960-01-01T00:00:00Z' }, param: 'expiresAt' },
    { body: { name: 'a', models: ['-x'] }, param: 'spec.models[0]' },
    { body: { name: 'a', tenant: 'nobody' }, param: 'keys/a' },
  ]
  for (const { body, param } of wrong) {
    test(`that is asked for as ${JSON.stringify(body)} is refused for its ${param}`, async () => {
      await using server = await startPolicyServer()
      const answer = await server.ask('POST /mesh/v1/keys', { body })
      assert.deepEqual([answer.status, answer.body.error.param], [400, param])
    })
  }
})

describe('on loopback without a key file', () => {
  test('no key is needed as long as nobody holds an admin’s', async () => {
    await using server = await startPolicyServer()
    await keyOf(server, { name: 'app', role: 'inference' })
    await keyOf(server, { name: 'ops', role: 'operator' })
    assert.equal((await server.ask('GET /mesh/v1/policy')).status, 200)
    // Clients of OpenAI send something always.
    assert.equal((await server.ask('GET /v1/models', { headers: as('sk-none') })).status, 200)
  })

  test('one is needed from the first admin’s on, and not any more when that is gone', async () => {
    await using server = await startPolicyServer()
    const admin = await keyOf(server, { name: 'root', role: 'admin' })
    assert.equal((await server.ask('GET /mesh/v1/policy')).status, 401)
    assert.equal((await server.ask('GET /healthz')).status, 200)
    assert.equal((await server.ask('GET /readyz')).status, 200)
    assert.equal((await server.ask('GET /mesh/v1/policy', { headers: as(admin) })).status, 200)
    await server.ask('DELETE /mesh/v1/policy/keys/root', { headers: as(admin) })
    assert.equal((await server.ask('GET /mesh/v1/policy')).status, 200)
  })

  test('one that is sent counts also where none is needed', async () => {
    await using server = await startPolicyServer()
    const key = await keyOf(server, { name: 'app', role: 'inference' })
    assert.equal((await server.ask('GET /mesh/v1/policy', { headers: as(key) })).status, 403)
    const wrong = as(`${key}0`)
    assert.equal((await server.ask('GET /mesh/v1/policy', { headers: wrong })).status, 401)
  })
})

describe('with a key file', () => {
  test('its keys may do everything, and those of the policy what their role says', async () => {
    await using server = await startPolicyServer({ deps: { apiKeys: [FILE_KEY] } })
    const key = await keyOf(server, { name: 'app' }, as(FILE_KEY))
    assert.include(server.agreement.authors, 'key-file')
    assert.equal((await server.ask('GET /v1/models', { headers: as(key) })).status, 200)
    assert.equal((await server.ask('GET /v1/models')).status, 401)
    assert.equal((await server.ask('GET /v1/models', { headers: as('sk-wrong') })).status, 401)
  })
})

describe('beyond loopback', () => {
  const start = (policy: ReturnType<typeof localPolicy>['policy']) =>
    createIngress(ingressOptions.parse({ host: '0.0.0.0', port: 0 }), {
      gateway: fakeGateway({ policy }),
      metrics: createMetrics(),
      logger: silent,
      clock: systemClock,
      newId: () => 'id',
      apiKeys: [],
    })

  test('a peer starts only if it knows a key', async () => {
    const { policy } = localPolicy(SELF)
    const refused = await start(policy).then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.isTrue(hasCode(refused, 'ERR_CONFIG'))
    const order = { roles: ['inference'], tenant: null, models: null, expiresAtMs: null } as const
    await policy.createKey(
      { name: 'app', ...order, roles: [...order.roles], description: '', labels: {} },
      { author: 'local' },
    )
    const ingress = await start(policy)
    await ingress.close(0)
  })
})

describe('a role', () => {
  const routes = [
    { route: 'GET /v1/models', role: 'inference' },
    { route: 'POST /v1/chat/completions', body: CHAT, role: 'inference' },
    { route: 'GET /mesh/v1/openapi.json', role: 'inference' },
    { route: 'GET /mesh/v1/nodes', role: 'operator' },
    { route: 'GET /metrics', role: 'operator' },
    { route: 'GET /mesh/v1/policy/keys', role: 'operator' },
    { route: `PUT ${CHAT_ALIAS}`, body: { spec: ALIAS }, role: 'operator' },
    { route: 'POST /mesh/v1/nodes/box:drain', body: {}, role: 'operator' },
    { route: 'POST /mesh/v1/models/tiny:pin', body: { peers: ['box'] }, role: 'operator' },
    { route: 'POST /mesh/v1/raft:transfer', body: { peer: SELF }, role: 'operator' },
    { route: 'PUT /mesh/v1/policy/tenants/acme', body: { spec: {} }, role: 'admin' },
    {
      route: 'POST /mesh/v1/policy:apply',
      body: { resources: [{ kind: 'tenants', name: 'acme', spec: {} }] },
      role: 'admin',
    },
    { route: 'DELETE /mesh/v1/policy/keys/inference', role: 'admin' },
    { route: 'POST /mesh/v1/keys', body: { name: 'more' }, role: 'admin' },
    { route: 'POST /mesh/v1/tickets', body: {}, role: 'admin' },
    { route: 'POST /mesh/v1/nodes/other:deny', body: {}, role: 'admin' },
    { route: 'POST /mesh/v1/raft:promote', body: { peer: SELF }, role: 'admin' },
  ] as const
  const roles = ['inference', 'operator', 'admin'] as const

  for (const { route, role: needed, ...rest } of routes) {
    test(`${needed} is what ${route} needs`, async () => {
      await using server = await startPolicyServer()
      // The admin's last, for no other can be made without it then.
      const keys: string[] = []
      for (const role of roles) keys.push(await keyOf(server, { name: role, role }))
      for (const [at, role] of roles.entries()) {
        const headers = as(keys[at] ?? '')
        const { status, body } = await server.ask(route, { ...rest, headers })
        if (roles.indexOf(role) >= roles.indexOf(needed)) assert.isBelow(status, 300, role)
        else assert.deepEqual([status, body.error.code], [403, 'forbidden'], role)
      }
    })
  }

  test('says who made a change', async () => {
    await using server = await startPolicyServer()
    const key = await keyOf(server, { name: 'ops', role: 'operator' })
    await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS }, headers: as(key) })
    assert.equal(server.policy.get('aliases', 'chat')?.owner, 'key:ops')
  })
})

describe('a key in force', () => {
  test('ends by the clock, when it is disabled, and with its tenant', async () => {
    await using server = await startPolicyServer()
    await server.ask('PUT /mesh/v1/policy/tenants/acme', { body: { spec: {} } })
    const expiresAt = new Date(server.clock.wallMs() + 1_000).toISOString()
    const status = async (key: string) => {
      const answer = await server.ask('GET /v1/models', { headers: as(key) })
      return [answer.status, answer.body.error?.message]
    }
    const short = await keyOf(server, { name: 'short', expiresAt })
    const off = await keyOf(server, { name: 'off' })
    const tenants = await keyOf(server, { name: 'theirs', tenant: 'acme' })
    for (const key of [short, off, tenants]) assert.equal((await status(key))[0], 200)

    server.clock.advance(1_000)
    assert.deepEqual(await status(short), [401, `The API key ended at ${expiresAt}.`])
    const disabled = { body: { spec: { isDisabled: true } } }
    await server.ask('PATCH /mesh/v1/policy/keys/off', disabled)
    assert.deepEqual(await status(off), [401, 'The API key is disabled.'])
    const suspended = { body: { spec: { isSuspended: true } } }
    await server.ask('PATCH /mesh/v1/policy/tenants/acme', suspended)
    assert.equal((await status(tenants))[0], 403)
  })

  test('may ask for the models it is limited to, by the name that is asked for', async () => {
    const seen: MeshRequest[] = []
    await using server = await startPolicyServer({
      gateway: {
        dispatch(request) {
          seen.push(request)
          return Promise.resolve(jsonAnswer({}))
        },
      },
    })
    await server.ask('PUT /mesh/v1/policy/tenants/acme', { body: { spec: {} } })
    const key = await keyOf(server, { name: 'app', models: ['chat'], tenant: 'acme' })
    const post = (model: string) =>
      server.ask('POST /v1/chat/completions', { body: { ...CHAT, model }, headers: as(key) })
    const refused = await post('tiny')
    assert.deepEqual(
      [refused.status, refused.body.error.code, refused.body.error.param],
      [403, 'model_not_found', 'model'],
    )
    assert.equal((await post('chat')).status, 200)
    assert.deepEqual(
      seen.map(({ caller }) => caller),
      [{ key: 'app', tenant: 'acme' }],
    )
  })

  test('reaches no engine', async () => {
    const seen: MeshRequest[] = []
    await using server = await startPolicyServer({
      gateway: {
        dispatch(request) {
          seen.push(request)
          return Promise.resolve(jsonAnswer({}))
        },
      },
    })
    const key = await keyOf(server, { name: 'app' })
    await server.ask('POST /v1/chat/completions', { body: CHAT, headers: as(key) })
    assert.notInclude(JSON.stringify(seen), key)
  })
})

describe('a request whose key is looked at for the first time', () => {
  test('takes no place if its client has gone meanwhile', async () => {
    let dispatched = 0
    await using server = await startPolicyServer({
      gateway: {
        dispatch() {
          dispatched += 1
          return Promise.resolve(jsonAnswer({}))
        },
      },
      options: { requestsMax: 1 },
    })
    const key = await keyOf(server, { name: 'app' })
    const leaving = new AbortController()
    const gone = fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...as(key) },
      body: JSON.stringify(CHAT),
      signal: leaving.signal,
    }).catch(() => undefined)
    leaving.abort()
    await gone
    const answer = await server.ask('POST /v1/chat/completions', { body: CHAT, headers: as(key) })
    assert.equal(answer.status, 200)
    assert.isAtMost(dispatched, 2)
  })
})
