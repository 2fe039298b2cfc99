/**
 * The commands that ask a running peer, each against a small fake of its HTTP side.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import type { ModelView, NodeView } from '../../src/node/gateway.ts'
import { jsonLines, type Respond, runSkein } from './run-skein.ts'
import { DECISION } from './sample-decision.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-client-'))
afterAll(() => rmSync(folder, { recursive: true }))

const MODEL: ModelView = {
  id: 'toy-15m',
  facts: {
    id: 'toy-15m',
    engine: 'embedded',
    ownedBy: 'skein',
    capabilities: ['chat', 'completion'],
    contextTokens: 512,
    parallelMax: 4,
    caution: 'A toy.',
  },
  peers: ['peer-b', 'peer-c'],
}

const NODES: readonly NodeView[] = [
  {
    peer: 'peer-b',
    isSelf: false,
    status: 'suspect',
    facts: {
      version: '0.1.0',
      name: 'box\u001b[31m',
      zone: '',
      labels: {},
      addresses: [],
      models: [MODEL.facts],
    },
    load: {
      models: [
        {
          model: 'toy-15m',
          queuedCount: 2,
          runningCount: 3,
          prefillTokensLeft: 0,
          decodeTokensLeft: 0,
          prefillTokensPerSecond: 0,
          decodeTokensPerSecond: 0,
        },
      ],
      gpus: [],
      isDraining: true,
    },
    ageMs: 1_234,
    rttMs: 0.42,
    isConnected: true,
    path: 'direct',
    incarnation: 1_767_225_600_001,
  },
  {
    peer: 'peer-a',
    isSelf: true,
    status: 'alive',
    facts: undefined,
    load: NO_LOAD,
    ageMs: 0,
    rttMs: undefined,
    isConnected: true,
    path: 'self',
    incarnation: 1_767_225_600_000,
  },
]

const json = (body: unknown, status = 200) => Response.json(body, { status })

/** Answers `body` to `METHOD /path` and 404 to all else. */
function peerThat(answers: Readonly<Record<string, unknown>>): Respond {
  return ({ method, url }) => {
    const key = `${method} ${new URL(url).pathname}`
    return key in answers ? json(answers[key]) : json({ error: { message: `no ${key}` } }, 404)
  }
}

function stream(...events: readonly string[]): Response {
  const text = events.map(event => `data: ${event}\n\n`).join('')
  const headers = { 'x-skein-peer': 'peer-b', 'x-skein-decision': DECISION.id }
  return new Response(text, { headers })
}

const chunk = (content: string) => JSON.stringify({ choices: [{ delta: { content } }] })

describe('skein nodes', () => {
  test('lists the peers sorted, without their control characters', async () => {
    const respond = peerThat({ 'GET /mesh/v1/nodes': { nodes: NODES, later: 1 } })
    const { exitCode, stdout } = await runSkein(['nodes'], { respond })
    assert.equal(exitCode, 0)
    assert.equal(
      stdout,
      'NAME      PEER    STATUS             ZONE  MODELS   QUEUED  RUNNING  RTT     AGE      PATH    INCARNATION\n' +
        '-         peer-a  alive              -     -        0       0        -       0 ms     self    1767225600000\n' +
        'box\ufffd[31m  peer-b  suspect, draining  -     toy-15m  2       3        0.4 ms  1234 ms  direct  1767225600001\n',
    )
  })

  test('shows no numbers of peers that are gone', async () => {
    const gone = NODES.map(node => ({ ...node, status: node.isSelf ? 'dead' : 'left' }))
    const { stdout } = await runSkein(['nodes'], {
      respond: peerThat({ 'GET /mesh/v1/nodes': { nodes: gone } }),
    })
    const [, ...rows] = stdout.trimEnd().split('\n')
    assert.match(rows[0] ?? '', /peer-a {2}dead .* - {7}- {8}- {7}0 ms/)
    assert.match(rows[1] ?? '', /peer-b {2}left {4}- {5}toy-15m {2}- {7}- {8}0.4 ms {2}1234 ms/)
  })

  test('with --json prints what the peer said', async () => {
    const respond = peerThat({ 'GET /mesh/v1/nodes': { nodes: NODES } })
    const [line] = jsonLines(await runSkein(['nodes', '--json'], { respond }))
    assert.deepEqual(line, JSON.parse(JSON.stringify({ nodes: NODES.toReversed() })))
  })
})

describe('skein models', () => {
  const respond = peerThat({ 'GET /mesh/v1/models': { models: [MODEL] } })

  test('lists the models with the peers that serve them', async () => {
    const { stdout } = await runSkein(['models'], { respond })
    assert.equal(
      stdout,
      'MODEL    PEERS  STATE  ENGINE    CONTEXT  CAN               NOTE\n' +
        'toy-15m  2      ready  embedded  512      chat, completion  A toy.\n',
    )
  })

  test('with --json prints what the peer said', async () => {
    const [line] = jsonLines(await runSkein(['models', '--json'], { respond }))
    assert.deepEqual(line, { models: [MODEL] })
  })

  test('says so if there are none', async () => {
    const none = peerThat({ 'GET /mesh/v1/models': { models: [] } })
    assert.include((await runSkein(['models'], { respond: none })).stderr, 'no peer serves a model')
  })
})

describe('skein invite', () => {
  test('prints the line to run on the next machine and passes the limits on', async () => {
    let sent: unknown
    const respond: Respond = async request => {
      sent = await request.json()
      return json({ ticket: 'skein1new' })
    }
    const { stdout } = await runSkein(['invite', '--expires', '5m', '--uses', '3', '--observer'], {
      respond,
    })
    assert.equal(stdout, 'skein join skein1new\n')
    assert.deepEqual(sent, { uses: 3, validForMs: 300_000, role: 'observer' })

    const [line] = jsonLines(await runSkein(['invite', '--json'], { respond }))
    assert.deepEqual(line, { ticket: 'skein1new' })
    assert.deepEqual(sent, {})
  })
})

describe('skein why', () => {
  const respond = peerThat({
    [`GET /mesh/v1/decisions/${DECISION.id}`]: DECISION,
    'GET /mesh/v1/nodes': { nodes: NODES },
  })

  test('explains the decision with the names of the peers', async () => {
    const { exitCode, stdout } = await runSkein(['why', DECISION.id], { respond })
    assert.equal(exitCode, 0)
    assert.include(stdout, 'box\ufffd[31m (peer-b) was chosen')
  })

  test('with --json prints the record', async () => {
    const [line] = jsonLines(await runSkein(['why', DECISION.id, '--json'], { respond }))
    assert.deepEqual(line, JSON.parse(JSON.stringify(DECISION)))
  })

  test('cannot be led to another path by the id', async () => {
    const { stderr } = await runSkein(['why', '../nodes'], { respond })
    assert.include(stderr, 'no GET /mesh/v1/decisions/..%2Fnodes')
  })
})

describe('skein chat', () => {
  const withModels =
    (answer: (body: Record<string, unknown>) => Response): Respond =>
    async request =>
      new URL(request.url).pathname === '/mesh/v1/models'
        ? json({ models: [MODEL] })
        : answer((await request.json()) as Record<string, unknown>)

  test('asks one question of the first model that chats and streams the answer', async () => {
    const bodies: unknown[] = []
    const respond = withModels(body => {
      bodies.push(body)
      return stream(chunk('Hel'), chunk('lo\u0007.'), '{"choices":[]}', '[DONE]')
    })
    const { exitCode, stdout, stderr } = await runSkein(['chat', 'Hi?'], { respond })
    assert.deepEqual(bodies, [
      { model: 'toy-15m', messages: [{ role: 'user', content: 'Hi?' }], stream: true },
    ])
    assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: 'Hello\ufffd.\n' })
    assert.include(stderr, `skein why ${DECISION.id}`)
  })

  test('with --json prints one object for each answer', async () => {
    const respond = withModels(({ model }) => stream(chunk(String(model)), '[DONE]'))
    const result = await runSkein(['chat', 'Hi?', '--json', '--model', 'big'], { respond })
    assert.deepEqual(jsonLines(result), [
      { model: 'big', content: 'big', peer: 'peer-b', decisionId: DECISION.id },
    ])
  })

  test('without a question answers each line and remembers the conversation', async () => {
    const asked: unknown[] = []
    const respond = withModels(({ messages }) => {
      asked.push(messages)
      return stream(chunk(`answer ${asked.length}`), '[DONE]')
    })
    const { stdout } = await runSkein(['chat'], { respond, input: ['one', ' ', 'two'] })
    assert.equal(stdout, 'answer 1\nanswer 2\n')
    assert.deepEqual(asked[1], [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'answer 1' },
      { role: 'user', content: 'two' },
    ])
  })

  test('remembers 40 messages at most', async () => {
    let longest = 0
    const respond = withModels(({ messages }) => {
      longest = Math.max(longest, (messages as unknown[]).length)
      return stream(chunk('ok'), '[DONE]')
    })
    const input = Array.from({ length: 30 }, (_, index) => `question ${index}`)
    await runSkein(['chat'], { respond, input })
    assert.equal(longest, 41)
  })

  test('goes on after a question that failed, without it', async () => {
    const asked: unknown[] = []
    const respond = withModels(({ messages }) => {
      asked.push(messages)
      if (asked.length === 1)
        return json({ error: { message: 'full', skein_code: 'ERR_OVERLOADED' } }, 429)
      return stream(chunk('fine'), '[DONE]')
    })
    const { exitCode, stdout, stderr } = await runSkein(['chat'], { respond, input: ['a', 'b'] })
    assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: 'fine\n' })
    assert.include(stderr, 'skein: full\nhint: Every peer with this model is busy')
    assert.deepEqual(asked[1], [{ role: 'user', content: 'b' }])
  })

  const broken = [
    { rule: 'an answer that breaks off', events: [chunk('Hel')], says: 'it broke off' },
    {
      rule: 'an error in the middle of an answer',
      events: [chunk('Hel'), '{"error":{"message":"GPU fell off","skein_code":"ERR_ENGINE"}}'],
      says: 'skein: GPU fell off',
    },
    { rule: 'an event that is not JSON', events: ['{'], says: 'expected JSON in every event' },
    { rule: 'an event of another kind', events: ['{"choices":3}'], says: 'chat completion chunk' },
    {
      rule: 'an event without end',
      events: ['x'.repeat(4_194_305)],
      says: 'events of at most 4194304 characters',
    },
  ]
  for (const { rule, events, says } of broken) {
    test(`fails on ${rule}`, async () => {
      const respond = withModels(() => stream(...events))
      const { exitCode, stderr } = await runSkein(['chat', 'Hi?'], { respond })
      assert.equal(exitCode, 1)
      assert.include(stderr, says)
    })
  }

  test('says what is missing if no model chats', async () => {
    const respond = peerThat({ 'GET /mesh/v1/models': { models: [] } })
    const { exitCode, stderr } = await runSkein(['chat', 'Hi?'], { respond })
    assert.equal(exitCode, 1)
    assert.include(stderr, 'found none in the mesh')
  })
})

describe('a peer that is asked', () => {
  test('is the one of --node, else of SKEIN_NODE, else the one of this machine', async () => {
    const asked: string[] = []
    const respond: Respond = ({ url }) => {
      asked.push(new URL(url).origin)
      return json({ nodes: [] })
    }
    const variables = { SKEIN_NODE: 'http://gpu2:7733' }
    await runSkein(['nodes', '--node', 'http://gpu1:7733'], { respond, variables })
    await runSkein(['nodes'], { respond, variables })
    await runSkein(['nodes'], { respond })
    assert.deepEqual(asked, ['http://gpu1:7733', 'http://gpu2:7733', 'http://127.0.0.1:7733'])
  })

  test('gets the first key of the file, comments skipped', async () => {
    const path = join(folder, 'keys')
    writeFileSync(path, '# mine\n\nsk-first-key\nsk-second-key\n')
    const keys: (string | null)[] = []
    const respond: Respond = ({ headers }) => {
      keys.push(headers.get('authorization'))
      return json({ nodes: [] })
    }
    await runSkein(['nodes', '--api-key-file', path], { respond })
    await runSkein(['nodes'], { respond, variables: { SKEIN_API_KEY_FILE: path } })
    await runSkein(['nodes'], { respond })
    assert.deepEqual(keys, ['Bearer sk-first-key', 'Bearer sk-first-key', null])
  })

  const keyFiles = [
    { rule: 'an empty key file', text: '# nothing\n', says: '1 to 10000 API keys' },
    { rule: 'a key with a space', text: 'sk-first key-of-mine\n', says: 'in line 1 of' },
    { rule: 'a short key', text: 'ok-long-enough\nshort\n', says: 'in line 2 of' },
    { rule: 'too many keys', text: 'sk-12345678\n'.repeat(10_001), says: 'found 10001' },
  ]
  for (const [index, { rule, text, says }] of keyFiles.entries()) {
    test(`${rule} is a mistake that names the file, not the key`, async () => {
      const path = join(folder, `keys-${index}`)
      writeFileSync(path, text)
      const { exitCode, stderr } = await runSkein(['nodes', '--api-key-file', path])
      assert.equal(exitCode, 2)
      assert.include(stderr, says)
      assert.include(stderr, path)
      assert.notInclude(stderr, 'key-of-mine')
    })
  }

  test('may be missing, and so may the key file', async () => {
    const respond: Respond = () => {
      throw new TypeError('fetch failed')
    }
    const { exitCode, stderr } = await runSkein(['nodes'], { respond })
    assert.equal(exitCode, 1)
    assert.equal(
      stderr,
      'skein: no peer answers at http://127.0.0.1:7733\n' +
        'hint: Start one with `skein up`, or name a running one with --node URL.\n',
    )
    const absent = await runSkein(['nodes', '--api-key-file', join(folder, 'absent')])
    assert.equal(absent.exitCode, 2)
    assert.include(absent.stderr, join(folder, 'absent'))
  })

  test('passes its own errors on with code and hint', async () => {
    const error = { message: 'all full', skein_code: 'ERR_OVERLOADED', hint: 'Wait 3 s.' }
    const respond = () => json({ error }, 429)
    const result = await runSkein(['nodes', '--json'], { respond })
    assert.equal(result.exitCode, 1)
    assert.deepEqual(jsonLines(result), [
      { event: 'error', code: 'ERR_OVERLOADED', message: 'all full', hint: 'Wait 3 s.' },
    ])
  })

  test('that wants a key is answered with the flag, not with a header', async () => {
    const error = { message: 'no key', skein_code: 'ERR_UNAUTHENTICATED', hint: 'Send a header.' }
    const { stderr } = await runSkein(['nodes'], { respond: () => json({ error }, 401) })
    assert.equal(
      stderr,
      'skein: no key\nhint: Give the key of the mesh with --api-key-file FILE.\n',
    )
  })

  test('that is no Skein peer is told apart', async () => {
    const page = () => new Response('<html>', { status: 200 })
    const { stderr } = await runSkein(['nodes'], { respond: page })
    assert.include(
      stderr,
      'expected an answer of a Skein peer at http://127.0.0.1:7733, found text that is no JSON\n',
    )
    const other = await runSkein(['nodes'], { respond: () => json({ nodes: [{ peer: 1 }] }) })
    assert.include(other.stderr, 'found JSON whose `nodes.0.peer` is missing or another thing\n')
    const list = await runSkein(['nodes'], { respond: () => json([]) })
    assert.include(list.stderr, 'found other JSON\n')
    const refusing = () => new Response('<html>', { status: 418 })
    const refused = await runSkein(['nodes'], { respond: refusing })
    assert.include(refused.stderr, '/mesh/v1/nodes answered 418 without a reason')
  })
})
