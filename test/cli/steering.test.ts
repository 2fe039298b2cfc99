/**
 * The commands that steer a mesh, against a stand-in for a peer: what each asks for and prints.
 */
import { assert, describe, test } from 'vitest'
import { type FakeMesh, fakeMesh, PEERS, resourceOf } from './fake-mesh.ts'
import { jsonLines, type Result, runSkein } from './run-skein.ts'

const DONE = { revision: 43, changes: [] }

/** What the last request was. */
function last({ asked }: FakeMesh) {
  const { route, body } = asked.at(-1) ?? {}
  return { route, body }
}

function run(line: string, mesh: FakeMesh): Promise<Result> {
  return runSkein(line.split(' '), mesh)
}

describe('one command is one request:', () => {
  const node = encodeURIComponent(PEERS.gpu2)
  const cases: readonly { line: string; route: string; body: unknown }[] = [
    { line: 'drain gpu2', route: `POST /mesh/v1/nodes/${node}:drain`, body: {} },
    {
      line: 'drain 12D3KooWBB --reason upgrade',
      route: `POST /mesh/v1/nodes/${node}:drain`,
      body: { reason: 'upgrade' },
    },
    { line: 'undrain …Bsecond', route: `POST /mesh/v1/nodes/${node}:undrain`, body: {} },
    {
      line: 'pin meta/llama:7b --to gpu1 --to gpu2 --to gpu1',
      route: 'POST /mesh/v1/models/meta%2Fllama%3A7b:pin',
      body: { peers: [PEERS.gpu1, PEERS.gpu2] },
    },
    {
      line: 'pin m --label gpu=h200 --label site=a',
      route: 'POST /mesh/v1/models/m:pin',
      body: { labels: { gpu: 'h200', site: 'a' } },
    },
    { line: 'unpin m', route: 'POST /mesh/v1/models/m:unpin', body: {} },
    {
      line: 'alias set chat llama:90 qwen2.5:7b phi:14:100 --fallback toy --fallback tiny',
      route: 'PUT /mesh/v1/policy/aliases/chat',
      body: {
        spec: {
          targets: [
            { model: 'llama', weight: 90 },
            { model: 'qwen2.5:7b' },
            { model: 'phi:14', weight: 100 },
          ],
          fallbacks: ['toy', 'tiny'],
        },
      },
    },
    {
      line: 'alias set chat llama-f16 --variant llama-q8 --variant llama-q4',
      route: 'PUT /mesh/v1/policy/aliases/chat',
      body: {
        spec: {
          targets: [{ model: 'llama-f16' }],
          variants: ['llama-q8', 'llama-q4'],
          fallbacks: [],
        },
      },
    },
    { line: 'alias delete chat', route: 'DELETE /mesh/v1/policy/aliases/chat', body: undefined },
    {
      line: 'tenants create acme --priority high',
      route: 'PUT /mesh/v1/policy/tenants/acme',
      body: { spec: { priority: 'high' } },
    },
    { line: 'tenants delete acme', route: 'DELETE /mesh/v1/policy/tenants/acme', body: undefined },
    { line: 'keys revoke ops', route: 'DELETE /mesh/v1/policy/keys/ops', body: undefined },
    {
      line: 'quota delete tenant:acme',
      route: 'DELETE /mesh/v1/policy/quotas/tenant%3Aacme',
      body: undefined,
    },
    {
      line: 'peers deny Cthird --reason stolen',
      route: `POST /mesh/v1/nodes/${PEERS.gone}:deny`,
      body: { reason: 'stolen' },
    },
    {
      line: 'peers admit 12D3KooWevil',
      route: 'POST /mesh/v1/nodes/12D3KooWevil:admit',
      body: {},
    },
    {
      line: 'raft transfer',
      route: 'POST /mesh/v1/raft:transfer',
      body: {},
    },
    {
      line: 'raft transfer gpu2',
      route: 'POST /mesh/v1/raft:transfer',
      body: { peer: PEERS.gpu2 },
    },
    { line: 'raft promote gpu1', route: 'POST /mesh/v1/raft:promote', body: { peer: PEERS.gpu1 } },
    { line: 'raft demote gpu1', route: 'POST /mesh/v1/raft:demote', body: { peer: PEERS.gpu1 } },
  ]
  for (const { line, route, body } of cases) {
    test(`skein ${line}`, async () => {
      const mesh = fakeMesh({ [route]: DONE })
      const { exitCode, stderr } = await run(line, mesh)
      assert.equal(exitCode, 0, stderr)
      assert.deepEqual(last(mesh), { route, body })
      const [json] = jsonLines(await run(`${line} --json`, mesh))
      assert.isObject(json)
    })
  }
})

describe('a word that makes no sense is told, and nothing is done:', () => {
  const cases = [
    { line: 'drain gpu7', says: 'found gpu7\nhint: Did you mean gpu1?', exitCode: 1 },
    { line: 'drain 12D3KooW', says: `fits gpu1 (…AAAfirst), gpu2 (…BBsecond), `, exitCode: 2 },
    { line: 'drain …KooW', says: 'expected the name or id of a peer', exitCode: 1 },
    { line: 'pin m', says: '`skein pin` needs --to NODE or --label NAME=VALUE', exitCode: 2 },
    { line: 'alias set chat', says: '`skein alias set` needs a target', exitCode: 2 },
    { line: 'alias set chat a:10001', says: 'expected a weight from 0 to 10000', exitCode: 2 },
    { line: 'tenants create a --priority hihg', says: 'hint: Did you mean high?', exitCode: 2 },
    { line: 'keys create a --role admni', says: 'hint: Did you mean admin?', exitCode: 2 },
    { line: 'keys create a --expires soon', says: 'expected --expires as 12h, 30d', exitCode: 2 },
    { line: 'keys create a --expires 1960-01-01', says: 'to be in the future', exitCode: 2 },
    { line: 'keys create a --expires 2027-02-30', says: 'expected --expires as', exitCode: 2 },
    { line: 'keys create a --expires 2027-13-01', says: 'expected --expires as', exitCode: 2 },
    { line: 'keys create a --expires 999999999d', says: 'at most 100000000d', exitCode: 2 },
    { line: 'invite --expires 99999999d', says: 'to be at most 30d, found', exitCode: 2 },
    { line: 'invite --expires 721h', says: 'to be at most 720h, found 721h', exitCode: 2 },
    { line: 'invite --expires 2099-01-01', says: 'to be at most 1970-01-31T', exitCode: 2 },
    { line: 'quota set tenant:a --tokens 1 --per 32d', says: 'at most 31d', exitCode: 2 },
    { line: 'keys revoke ..', says: 'expected a name in keys', exitCode: 2 },
    { line: 'alias set . m', says: 'expected a name in aliases', exitCode: 2 },
    { line: 'quota set acme --requests 1', says: 'hint: Did you mean tenant:acme?', exitCode: 2 },
    { line: 'quota set tenant:a', says: 'expected --requests, --tokens or', exitCode: 2 },
    { line: 'quota set tenant:a --requests 1 --per 1w', says: 'expected --per as', exitCode: 2 },
    { line: 'quota set tenant:a --requests -1', says: 'expected N after --requests', exitCode: 2 },
    { line: 'quota lsit', says: 'hint: Did you mean `skein quota', exitCode: 2 },
  ]
  for (const { line, says, exitCode } of cases) {
    test(`skein ${line}`, async () => {
      const mesh = fakeMesh()
      const result = await run(line, mesh)
      assert.equal(result.exitCode, exitCode)
      assert.include(result.stderr, says)
      assert.deepEqual(
        mesh.asked.filter(({ route }) => !route.startsWith('GET ')),
        [],
      )
    })
  }
})

describe('skein keys', () => {
  const route = 'POST /mesh/v1/keys'

  test('create prints the key alone, so that it can go into a file', async () => {
    const mesh = fakeMesh({ [route]: { key: 'sk-skein-ops-secret', name: 'ops' } })
    const line = 'keys create ops --role admin --tenant acme --models a,b --models c --expires 30d'
    const { stdout, stderr } = await run(line, mesh)
    assert.equal(stdout, 'sk-skein-ops-secret\n')
    assert.equal(stderr, 'Keep it: it is not shown again.\n')
    assert.deepEqual(last(mesh).body, {
      name: 'ops',
      role: 'admin',
      tenant: 'acme',
      models: ['a', 'b', 'c'],
      expiresAt: '1970-01-31T00:00:00.000Z',
    })
  })

  test('create asks for nothing that was not said', async () => {
    const mesh = fakeMesh({ [route]: { key: 'sk-skein-app-secret' } })
    const [line] = jsonLines(await run('keys create app --json', mesh))
    assert.deepEqual(line, { name: 'app', key: 'sk-skein-app-secret' })
    assert.deepEqual(last(mesh).body, { name: 'app', role: 'inference' })
  })

  test('list shows what each may do and until when', async () => {
    const spec = { roles: ['admin'], tenant: null, models: null, expiresAtMs: null }
    const items = [
      resourceOf('keys', 'ops', spec),
      resourceOf('keys', 'old', { ...spec, models: ['m'], tenant: 'acme', expiresAtMs: 0 }),
      resourceOf('keys', 'odd', { ...spec, expiresAtMs: 1e300, isDisabled: true }),
    ]
    const mesh = fakeMesh({ 'GET /mesh/v1/policy/keys': { revision: 1, items } })
    assert.equal(
      (await run('keys list', mesh)).stdout,
      'KEY  ROLES  TENANT  MODELS  EXPIRES                   STATUS\n' +
        'ops  admin  -       all     never                     active\n' +
        'old  admin  acme    m       1970-01-01T00:00:00.000Z  expired\n' +
        'odd  admin  -       all     -                         disabled\n',
    )
  })
})

describe('the last key of an admin', () => {
  const spec = { roles: ['admin'], tenant: null, models: null, expiresAtMs: null }
  const lines = ['keys revoke ops', 'policy delete keys ops'] as const
  const cases = [
    { beside: resourceOf('keys', 'app', { ...spec, roles: ['operator'] }), isTold: true },
    { beside: resourceOf('keys', 'old', { ...spec, expiresAtMs: 0 }), isTold: true },
    { beside: resourceOf('keys', 'off', { ...spec, isDisabled: true }), isTold: true },
    { beside: resourceOf('keys', 'root', spec), isTold: false },
  ]
  for (const { beside, isTold } of cases) {
    test(`${isTold ? 'goes with a warning' : 'is another'} beside ${JSON.stringify(beside)}`, async () => {
      const mesh = fakeMesh({
        'GET /mesh/v1/policy/keys': {
          revision: 1,
          items: [resourceOf('keys', 'ops', spec), beside],
        },
        'DELETE /mesh/v1/policy/keys/ops': DONE,
      })
      for (const line of lines) {
        const { exitCode, stderr } = await run(line, mesh)
        assert.equal(exitCode, 0)
        assert.equal(stderr.includes('warning: no key of an admin is left.'), isTold)
      }
    })
  }
})

describe('skein quota set', () => {
  const path = '/mesh/v1/policy/quotas/tenant%3Aacme'
  const minute = { windowMs: 60_000, requestsMax: 10, tokensMax: null }

  test('makes a quota if there is none, and only then', async () => {
    const mesh = fakeMesh({ [`PUT ${path}`]: DONE })
    await run('quota set tenant:acme --requests 10', mesh)
    assert.deepEqual(last(mesh).body, { spec: { limits: [minute], concurrencyMax: null } })
    assert.equal(mesh.asked.at(-1)?.headers['if-none-match'], '*')
  })

  test('keeps the limits for other times, unless somebody was faster', async () => {
    const before = resourceOf('quotas', 'tenant:acme', { limits: [minute], concurrencyMax: 4 })
    const mesh = fakeMesh({ [`GET ${path}?linearizable=true`]: before, [`PUT ${path}`]: DONE })
    await run('quota set tenant:acme --tokens 1000 --per 1d', mesh)
    const day = { windowMs: 86_400_000, requestsMax: null, tokensMax: 1_000 }
    assert.deepEqual(last(mesh).body, {
      labels: {},
      spec: { limits: [minute, day], concurrencyMax: 4 },
    })
    assert.equal(mesh.asked.at(-1)?.headers['if-match'], '"7"')
    await run('quota set tenant:acme --requests 20 --concurrency 2', mesh)
    assert.deepEqual(last(mesh).body, {
      labels: {},
      spec: { limits: [{ ...minute, requestsMax: 20 }], concurrencyMax: 2 },
    })
  })

  test('does not touch a quota of a form it does not know', async () => {
    const later = resourceOf('quotas', 'tenant:acme', { limits: 'many' })
    const mesh = fakeMesh({ [`GET ${path}?linearizable=true`]: later })
    const { exitCode, stderr } = await run('quota set tenant:acme --requests 10', mesh)
    assert.equal(exitCode, 1)
    assert.include(stderr, 'expected a quota of a form that this version knows')
  })
})

test('skein quota list shows each limit on a line', async () => {
  const limits = [{ windowMs: 3_600_000, requestsMax: 5, tokensMax: null }]
  const items = [resourceOf('quotas', 'key:app', { limits, concurrencyMax: 2 })]
  const mesh = fakeMesh({ 'GET /mesh/v1/policy/quotas': { revision: 1, items } })
  assert.equal(
    (await run('quota list', mesh)).stdout,
    'SUBJECT  PER  REQUESTS  TOKENS  CONCURRENT\n' +
      'key:app  1h   5         -       -\n' +
      'key:app  -    -         -       2\n',
  )
})

test('skein alias list shows targets, variants and fallbacks', async () => {
  const spec = { targets: [{ model: 'a', weight: 90 }], variants: ['a-q4'], fallbacks: ['b'] }
  const items = [resourceOf('aliases', 'chat', spec), resourceOf('aliases', 'odd', {})]
  const mesh = fakeMesh({ 'GET /mesh/v1/policy/aliases': { revision: 1, items } })
  assert.equal(
    (await run('alias list', mesh)).stdout,
    'ALIAS  TARGETS  VARIANTS  FALLBACKS\nchat   a:90     a-q4      b\nodd    -        -         -\n',
  )
})

test('skein tenants list shows priority and status', async () => {
  const items = [resourceOf('tenants', 'acme', { priority: 'high', isSuspended: true })]
  const mesh = fakeMesh({ 'GET /mesh/v1/policy/tenants': { revision: 1, items } })
  assert.include((await run('tenants list', mesh)).stdout, 'acme    high      suspended  -\n')
})

test('skein peers list shows members, seen or not, and who is denied', async () => {
  const { stdout } = await run('peers list', fakeMesh())
  assert.equal(
    stdout,
    'NAME  PEER       STATUS      ROLE    ADMITTED BY  ADMITTED AT               LABELS\n' +
      'gpu1  …AAAfirst  alive       member  local        1970-01-01T00:00:00.000Z  -\n' +
      'gpu2  …BBsecond  alive       member  local        1970-01-01T00:00:00.000Z  -\n' +
      '-     …CCCthird  never seen  member  local        1970-01-01T00:00:00.000Z  -\n' +
      '\n' +
      'DENIED  PEER          REASON\n' +
      '-       12D3KooWevil  stolen\n',
  )
})

describe('skein raft status', () => {
  const view = {
    role: 'follower',
    node: 2,
    term: 7,
    leader: null,
    lastLeader: PEERS.gpu1,
    voters: [{ peer: PEERS.gpu1, node: 1, status: 'dead' }],
    learners: [{ peer: null, node: 9 }],
    commitIndex: 41,
    appliedIndex: 40,
    firstIndex: 1,
    lastIndex: 42,
    hash: 'c0ffee'.repeat(10),
    staleSince: '2026-01-01T00:00:00.000Z',
    staleForMs: 90_000,
    halted: null,
    progress: [{ node: 1, state: 'replicate', matchIndex: 41 }],
  }

  test('shows the part of the asked peer, who votes, and how old what it knows is', async () => {
    const { stdout } = await run('raft status', fakeMesh({ 'GET /mesh/v1/raft': view }))
    assert.equal(
      stdout,
      'ROLE       follower, node 2\n' +
        'TERM       7\n' +
        'LEADER     none, last gpu1 (…AAAfirst)\n' +
        'LOG        1 to 42\n' +
        'COMMITTED  41, applied 40\n' +
        'HASH       c0ffeec0ffee\n' +
        'STALE      90 s, since 2026-01-01T00:00:00.000Z\n' +
        '\n' +
        'PART     PEER              NODE  STATUS  STATE      HAS\n' +
        'voter    gpu1 (…AAAfirst)  1     dead    replicate  41\n' +
        'learner  none              9     -       -          -\n',
    )
  })

  test('says if nothing more is applied', async () => {
    const halted = { ...view, halted: 'unsupported' }
    const { stdout } = await run('raft status', fakeMesh({ 'GET /mesh/v1/raft': halted }))
    assert.include(stdout, 'HALTED     unsupported\n')
  })
})

test('a refusal for want of a majority is printed with its hint', async () => {
  const refuse = {
    status: 503,
    code: 'ERR_NO_QUORUM',
    message: 'expected a majority of the voters to agree, found none',
    hint: 'The change may still be made.',
  }
  const mesh = fakeMesh({ 'POST /mesh/v1/models/m:unpin': { refuse } })
  const { exitCode, stderr } = await run('unpin m', mesh)
  assert.equal(exitCode, 1)
  assert.equal(stderr, `skein: ${refuse.message}\nhint: ${refuse.hint}\n`)
})
