/**
 * /mesh/v1/policy: reading it, and changing it under conditions.
 */
import { assert, describe, test } from 'vitest'
import { ALIAS, CHAT_ALIAS, startPolicyServer } from './policy-server.ts'

describe('a resource', () => {
  test('is put, read, patched and deleted, with its revision as ETag', async () => {
    await using server = await startPolicyServer()
    const put = await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS, labels: { a: 'b' } } })
    assert.equal(put.status, 200)
    assert.equal(put.headers.get('etag'), '"2"')
    assert.deepInclude(put.body.changes[0], { kind: 'aliases', name: 'chat', verb: 'create' })

    const read = await server.ask(`GET ${CHAT_ALIAS}`)
    assert.equal(read.headers.get('etag'), '"2"')
    assert.deepInclude(read.body, { owner: 'local', revision: 2, labels: { a: 'b' } })
    assert.deepEqual(read.body.spec, {
      targets: [{ model: 'tiny', weight: 100 }],
      variants: [],
      fallbacks: [],
    })

    const patch = await server.ask(`PATCH ${CHAT_ALIAS}`, {
      body: { spec: { fallbacks: ['other'] }, labels: { a: null } },
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    assert.deepInclude(patch.body.changes[0].resource, { revision: 3, labels: {} })
    assert.equal(patch.body.changes[0].verb, 'update')

    const gone = await server.ask(`DELETE ${CHAT_ALIAS}`)
    assert.equal(gone.body.changes[0].verb, 'delete')
    assert.isNull(gone.headers.get('etag'))
    assert.equal((await server.ask(`GET ${CHAT_ALIAS}`)).status, 404)
  })

  test('has a name with slashes and colons, as they are or encoded', async () => {
    await using server = await startPolicyServer()
    for (const name of ['org/tiny:7b', encodeURIComponent('org/tiny:8b')]) {
      const put = await server.ask(`PUT /mesh/v1/policy/placements/${name}`, { body: { spec: {} } })
      assert.equal(put.status, 200)
    }
    const { body } = await server.ask('GET /mesh/v1/policy/placements')
    assert.deepEqual(
      body.items.map(({ name }: { name: string }) => name),
      ['org/tiny:7b', 'org/tiny:8b'],
    )
  })

  test('that was so already keeps its revision, also as ETag', async () => {
    await using server = await startPolicyServer()
    await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS } })
    const again = await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS } })
    assert.deepEqual(again.body.changes, [])
    assert.equal(again.headers.get('etag'), '"2"')
  })

  test('is not sent to who has it', async () => {
    await using server = await startPolicyServer()
    await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS } })
    const read = await server.ask(`GET ${CHAT_ALIAS}`, { headers: { 'if-none-match': '"2"' } })
    assert.deepEqual([read.status, read.body], [304, ''])
  })
})

describe('a condition', () => {
  const cases = [
    { headers: { 'if-match': '"2"' }, status: 200 },
    { headers: { 'if-match': '*' }, status: 200 },
    { headers: { 'if-match': '"1"' }, status: 412 },
    { headers: { 'if-none-match': '*' }, status: 412 },
    { headers: { 'if-match': 'soon' }, status: 400 },
    { headers: { 'if-match': '"0"' }, status: 412 },
    { headers: { 'if-none-match': '"2"' }, status: 400 },
    { headers: { 'if-match': '"2"', 'if-none-match': '*' }, status: 400 },
  ]
  for (const { headers, status } of cases) {
    test(`${JSON.stringify(headers)} on what is at revision 2 gives ${status}`, async () => {
      await using server = await startPolicyServer()
      await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS } })
      const body = { spec: { targets: [{ model: 'big' }] } }
      const put = await server.ask(`PUT ${CHAT_ALIAS}`, { body, headers: headers as never })
      assert.equal(put.status, status)
      if (status === 412) assert.equal(put.body.error.skein_code, 'ERR_CONFLICT')
    })
  }

  test('holds for what is not there', async () => {
    await using server = await startPolicyServer()
    const body = { spec: ALIAS }
    const present = await server.ask(`PUT ${CHAT_ALIAS}`, { body, headers: { 'if-match': '*' } })
    assert.equal(present.status, 412)
    const absent = { 'if-none-match': '*' }
    assert.equal((await server.ask(`PUT ${CHAT_ALIAS}`, { body, headers: absent })).status, 200)
  })
})

describe('a request that is sent again', () => {
  const headers = { 'idempotency-key': 'request-0123456789' }

  test('is carried out once', async () => {
    await using server = await startPolicyServer()
    const first = await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS }, headers })
    await server.ask(`DELETE ${CHAT_ALIAS}`)
    const second = await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS }, headers })
    assert.deepEqual([first.body.isRepetition, second.body.isRepetition], [false, true])
    assert.equal(second.body.revision, first.body.revision)
    assert.equal((await server.ask(`GET ${CHAT_ALIAS}`)).status, 404)
  })

  test('with something else is a conflict', async () => {
    await using server = await startPolicyServer()
    await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS }, headers })
    const other = await server.ask(`DELETE ${CHAT_ALIAS}`, { headers })
    assert.equal(other.status, 409)
    assert.equal(other.body.error.details.reason, 'request-id-reused')
  })

  test('has a name of a form', async () => {
    await using server = await startPolicyServer()
    const short = { 'idempotency-key': 'short' }
    const put = await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS }, headers: short })
    assert.deepEqual([put.status, put.body.error.param], [400, 'idempotency-key'])
  })
})

describe('a dry run', () => {
  test('tells what would change, and changes nothing', async () => {
    await using server = await startPolicyServer()
    const put = await server.ask(`PUT ${CHAT_ALIAS}?dryRun`, { body: { spec: ALIAS } })
    assert.equal(put.body.changes[0].verb, 'create')
    assert.equal((await server.ask(`GET ${CHAT_ALIAS}`)).status, 404)
    const bad = await server.ask(`DELETE ${CHAT_ALIAS}?dryRun=true`)
    assert.equal(bad.status, 404)
  })
})

describe('apply', () => {
  const resources = [
    { kind: 'tenants', name: 'acme', spec: {} },
    { kind: 'aliases', name: 'chat', spec: ALIAS, owner: 'team:a' },
  ]

  test('makes all of it so, at one revision', async () => {
    await using server = await startPolicyServer()
    const { body } = await server.ask('POST /mesh/v1/policy:apply', { body: { resources } })
    const revisions = body.changes.map((change: { revision: number }) => change.revision)
    assert.deepEqual(revisions, [2, 2])
  })

  test('makes nothing so if one of them is wrong, and says which field of which', async () => {
    await using server = await startPolicyServer()
    const wrong = { kind: 'aliases', name: 'b', spec: { targets: [{ modle: 'x' }] } }
    const answer = await server.ask('POST /mesh/v1/policy:apply', {
      body: { resources: [...resources, wrong] },
    })
    assert.equal(answer.status, 400)
    const problems = answer.body.error.details.problems as { path: string; hint?: string }[]
    const unknown = problems.find(({ path }) => path === 'resources[2].spec.targets[0].modle')
    assert.equal(unknown?.hint, 'Did you mean `model`?')
    assert.equal((await server.ask(`GET ${CHAT_ALIAS}`)).status, 404)
  })

  test('takes away the others of the kinds it names, if it is told to prune', async () => {
    await using server = await startPolicyServer()
    await server.ask('PUT /mesh/v1/policy/aliases/old', { body: { spec: ALIAS } })
    await server.ask('PUT /mesh/v1/policy/placements/kept', { body: { spec: {} } })
    const dry = { body: { resources, prune: true, dryRun: true } }
    await server.ask('POST /mesh/v1/policy:apply', dry)
    assert.equal((await server.ask('GET /mesh/v1/policy/aliases/old')).status, 200)
    const { body } = await server.ask('POST /mesh/v1/policy:apply', {
      body: { resources, prune: true },
    })
    const deleted = body.changes.filter(({ verb }: { verb: string }) => verb === 'delete')
    assert.deepEqual(
      deleted.map(({ name }: { name: string }) => name),
      ['old'],
    )
    assert.equal((await server.ask('GET /mesh/v1/policy/placements/kept')).status, 200)
  })
})

describe('reading', () => {
  test('tells how much there is of each kind, up to where, and how current it is', async () => {
    await using server = await startPolicyServer()
    const { body } = await server.ask('GET /mesh/v1/policy')
    assert.deepInclude(body, { revision: 1, staleSince: null, staleForMs: 0 })
    assert.deepInclude(body.kinds, { roster: 1, aliases: 0 })
    assert.equal(body.hash, server.agreement.state.hash)
  })

  test('finds what has all of the labels', async () => {
    await using server = await startPolicyServer()
    for (const [name, labels] of [
      ['a', { team: 'x', tier: '1' }],
      ['b', { team: 'x' }],
    ] as const) {
      await server.ask(`PUT /mesh/v1/policy/tenants/${name}`, { body: { spec: {}, labels } })
    }
    const names = async (query: string) => {
      const { body } = await server.ask(`GET /mesh/v1/policy/tenants${query}`)
      return body.items.map(({ name }: { name: string }) => name)
    }
    assert.deepEqual(await names('?label=team=x'), ['a', 'b'])
    assert.deepEqual(await names('?label=team=x&label=tier=1'), ['a'])
    assert.equal((await server.ask('GET /mesh/v1/policy/tenants?label=x')).status, 400)
  })

  test('waits for what was agreed on before, if it is told to', async () => {
    await using server = await startPolicyServer()
    await server.ask('GET /mesh/v1/policy')
    assert.equal(server.agreement.catchUpCount, 0)
    for (const query of ['?linearizable', '?linearizable=true']) {
      await server.ask(`GET /mesh/v1/policy/aliases${query}`)
    }
    assert.equal(server.agreement.catchUpCount, 2)
    await server.ask('GET /mesh/v1/policy?linearizable=false')
    assert.equal(server.agreement.catchUpCount, 2)
  })

  test('shows who did what, newest first', async () => {
    await using server = await startPolicyServer()
    await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: ALIAS } })
    await server.ask(`DELETE ${CHAT_ALIAS}`)
    const { body } = await server.ask('GET /mesh/v1/policy:log?limit=2')
    const actions = body.records.map(({ action }: { action: string }) => action)
    assert.deepEqual(actions, ['delete', 'put'])
    assert.equal(body.records[0].author, 'local')
    for (const limit of ['0', '4097', 'x']) {
      assert.equal((await server.ask(`GET /mesh/v1/policy:log?limit=${limit}`)).status, 400)
    }
  })
})

describe('without a majority', () => {
  test('reading goes on, and says since when nothing new was heard', async () => {
    await using server = await startPolicyServer()
    server.agreement.hasQuorum = false
    const since = '2025-12-31T23:59:55.000Z'
    for (const path of ['/mesh/v1/policy', '/mesh/v1/raft']) {
      const { status, body } = await server.ask(`GET ${path}`)
      assert.deepEqual([status, body.staleSince, body.staleForMs], [200, since, 5_000])
    }
  })

  test('changes are refused with who led last, and what to do', async () => {
    await using server = await startPolicyServer()
    server.agreement.hasQuorum = false
    for (const [route, body] of [
      [`PUT ${CHAT_ALIAS}`, { spec: ALIAS }],
      ['POST /mesh/v1/nodes/box:drain', {}],
      ['POST /mesh/v1/keys', { name: 'ops' }],
      ['GET /mesh/v1/policy?linearizable', undefined],
    ] as const) {
      const answer = await server.ask(route, { body })
      assert.equal(answer.status, 503)
      const { skein_code, details, hint } = answer.body.error
      assert.equal(skein_code, 'ERR_NO_QUORUM')
      assert.equal(details.leader, server.agreement.self)
      assert.isString(hint)
    }
  })

  test('a dry run still tells', async () => {
    await using server = await startPolicyServer()
    server.agreement.hasQuorum = false
    const put = await server.ask(`PUT ${CHAT_ALIAS}?dryRun`, { body: { spec: ALIAS } })
    assert.equal(put.status, 200)
  })
})

describe('a method that is not there', () => {
  test('is answered with those that are', async () => {
    await using server = await startPolicyServer()
    const answer = await server.ask(`POST ${CHAT_ALIAS}`, { body: {} })
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, PUT, PATCH, DELETE')
  })

  test('needs the form of JSON if it has a body', async () => {
    await using server = await startPolicyServer()
    for (const route of [`PUT ${CHAT_ALIAS}`, `PATCH ${CHAT_ALIAS}`]) {
      const headers = { 'content-type': 'text/plain' }
      assert.equal((await server.ask(route, { body: {}, headers })).status, 415)
    }
  })
})
