/**
 * `skein policy`, against a stand-in for a peer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { fakeMesh, resourceOf, SUMMARY } from './fake-mesh.ts'
import { jsonLines, runSkein } from './run-skein.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const BEFORE = resourceOf('aliases', 'chat', { targets: [{ model: 'a', weight: 100 }] })
const AFTER = resourceOf('aliases', 'chat', { targets: [{ model: 'a', weight: 90 }] }, 43)

describe('skein policy get', () => {
  test('counts the kinds', async () => {
    const { respond } = fakeMesh()
    const { stdout, stderr } = await runSkein(['policy', 'get'], { respond })
    assert.match(stdout, /^KIND {8}COUNT\naliases {5}0\ndenied {6}0\n/)
    assert.equal(stderr, 'revision 42, hash c0ffeec0ffee\n')
    const [line] = jsonLines(await runSkein(['policy', 'get', '-o', 'json'], { respond }))
    assert.deepEqual(line, SUMMARY)
  })

  test('lists a kind, filtered by labels and as fresh as can be', async () => {
    const route = 'GET /mesh/v1/policy/aliases?label=team%3Da&linearizable=true'
    const { respond } = fakeMesh({ [route]: { revision: 42, items: [BEFORE] } })
    const args = ['policy', 'get', 'aliases', '--label', 'team=a', '--fresh']
    const { stdout } = await runSkein(args, { respond })
    assert.equal(
      stdout,
      'NAME  REVISION  OWNER    LABELS  SPEC\n' +
        'chat  7         key:ops  -       {"targets":[{"model":"a","weight":100}]}\n',
    )
  })

  test('prints one resource in the form that apply takes', async () => {
    const route = 'GET /mesh/v1/policy/aliases/meta%2Fllama%3A7b'
    const { respond } = fakeMesh({ [route]: BEFORE })
    const { stdout } = await runSkein(['policy', 'get', 'aliases', 'meta/llama:7b'], { respond })
    const path = file('again.yaml', stdout)
    const applied = fakeMesh({ 'POST /mesh/v1/policy:apply': { revision: 42, changes: [] } })
    const again = await runSkein(['policy', 'apply', '-f', path], applied)
    assert.equal(again.stdout, 'unchanged  aliases/chat\n')
  })

  const mistakes = [
    {
      args: ['alias'],
      says: 'expected one of aliases, denied, drains, keys, placements, quotas, roster, routing, settings, tenants, tickets, found alias\nhint: Did you mean aliases?\n',
    },
    {
      args: ['aliases', '-o', 'ymal'],
      says: 'expected --output to be one of json, yaml, table, found ymal\nhint: Did you mean yaml?\n',
    },
    {
      args: ['aliases', '..'],
      says: 'expected a name in aliases, which begins with a letter or digit, found ..\n',
    },
    { args: ['aliases', '--label', 'team'], says: 'expected a label as name=value, found team\n' },
    {
      args: ['aliases', 'chat', '--label', 'a=b'],
      says: 'expected a name or --label, found both\n',
    },
  ]
  for (const { args, says } of mistakes) {
    test(`${args.join(' ')} exits with 2 and says what is meant`, async () => {
      const { exitCode, stderr } = await runSkein(['policy', 'get', ...args], fakeMesh())
      assert.deepEqual({ exitCode, stderr }, { exitCode: 2, stderr: `skein: ${says}` })
    })
  }
})

const TWO = `
# what the platform team decided
kind: aliases
name: chat
spec:
  targets: [{ model: a, weight: 90 }]
---
kind: tenants
name: acme
labels: { team: a }
`

describe('skein policy apply', () => {
  const path = file('two.yaml', TWO)

  test('sends all documents as one command and tells what changed', async () => {
    const change = {
      kind: 'aliases',
      name: 'chat',
      revision: 43,
      verb: 'update',
      resource: AFTER,
      previous: BEFORE,
    }
    const mesh = fakeMesh({ 'POST /mesh/v1/policy:apply': { revision: 43, changes: [change] } })
    const { stdout } = await runSkein(['policy', 'apply', '-f', path], mesh)
    assert.equal(
      stdout,
      'updated    aliases/chat\n  ~ spec.targets[0].weight: 100 → 90\nunchanged  tenants/acme\n',
    )
    assert.deepEqual(mesh.asked.at(-1)?.body, {
      resources: [
        { kind: 'aliases', name: 'chat', spec: { targets: [{ model: 'a', weight: 90 }] } },
        { kind: 'tenants', name: 'acme', labels: { team: 'a' }, spec: {} },
      ],
      prune: false,
      dryRun: false,
    })
  })

  test('tells of new resources with their fields, and of those that go', async () => {
    const changes = [
      { kind: 'aliases', name: 'chat', revision: 43, verb: 'create', resource: AFTER },
      { kind: 'roster', name: 'p', revision: 43, verb: 'delete', previous: BEFORE },
    ]
    const mesh = fakeMesh({ 'POST /mesh/v1/policy:apply': { revision: 43, changes } })
    const args = ['policy', 'apply', '--dry-run', '--prune', '-f', '-']
    const input = ['{"kind": "aliases", "name": "chat", "spec": {}}']
    const { stdout } = await runSkein(args, { ...mesh, input })
    assert.equal(
      stdout,
      'would be created  aliases/chat\n  + owner: "key:ops"\n  + labels: {}\n' +
        '  + spec.targets[0].model: "a"\n  + spec.targets[0].weight: 90\n' +
        'would be deleted  roster/p\n',
    )
    assert.include(mesh.asked.at(-1)?.body, { dryRun: true, prune: true })
  })

  test('shows control characters of others as what they are', async () => {
    const evil = resourceOf('tenants', 'acme', { description: 'a\u001b[2J\nb' })
    const changes = [{ kind: 'tenants', name: 'acme', revision: 1, verb: 'create', resource: evil }]
    const mesh = fakeMesh({ 'POST /mesh/v1/policy:apply': { revision: 1, changes } })
    const { stdout } = await runSkein(['policy', 'apply', '-f', path], mesh)
    assert.notInclude(stdout, '\u001b')
  })

  test('prints the refusal of the mesh with its hint', async () => {
    const refuse = {
      status: 400,
      code: 'ERR_INVALID_REQUEST',
      message: 'spec.tragets: expected targets',
      hint: 'Did you mean `targets`?',
    }
    const mesh = fakeMesh({ 'POST /mesh/v1/policy:apply': { refuse } })
    const { exitCode, stderr } = await runSkein(['policy', 'apply', '-f', path], mesh)
    assert.equal(exitCode, 1)
    assert.equal(stderr, `skein: ${refuse.message}\nhint: ${refuse.hint}\n`)
  })

  test('takes a file without resources, as `policy get` writes it of a kind that has none', async () => {
    const empty = { revision: 42, items: [] }
    const mesh = fakeMesh({ 'GET /mesh/v1/policy/aliases': empty })
    const { stdout } = await runSkein(['policy', 'get', 'aliases', '-o', 'yaml'], mesh)
    for (const text of [stdout, '# nothing\n', '---\n']) {
      for (const command of ['apply', 'diff', 'apply --prune', 'apply --dry-run']) {
        const args = ['policy', ...command.split(' '), '-f', file('empty.yaml', text)]
        const result = await runSkein(args, mesh)
        assert.equal(result.exitCode, 0)
        assert.match(result.stderr, /^Nothing (would change|changed)\.\n$/)
      }
    }
    assert.isTrue(mesh.asked.every(({ route }) => route.startsWith('GET ')))
  })

  const wrong = [
    { text: 'kind: [', says: /expected YAML, found at line 1, column \d+: / },
    { text: 'hello', says: /resource 1: expected \{kind, name, spec\}, found "hello"/ },
    {
      text: 'kind: a\nnmae: b\n',
      says: /expected kind, name, owner, labels, spec, found `nmae`\nhint: Did you mean `name`\?/,
    },
    { text: 'kind: a\n', says: /expected a name in `name`, found none or another thing/ },
    { text: 'kind: a\nname: b\nrevision: 4\n', says: /found `revision`\nhint: Leave it out\./ },
    { text: 'kind: a\nname: b\n---\nkind: a\nname: b\n', says: /found a\/b twice/ },
    { text: 'kind: a\nname: b\nspec: { x: .inf }\n', says: /found another at `spec\.x`/ },
    {
      text: 'kind: a\nname: b\nspec: { x: { __proto__: 1 } }\n',
      says: /resource 1: expected names of fields, found `spec\.x\.__proto__`/,
    },
    { text: '__proto__: a\nkind: b\nname: c\n', says: /found `__proto__`/ },
    { text: `kind: ${'['.repeat(100_000)}`, says: /expected values nested 64 deep at most/ },
    { text: '- '.repeat(65), says: /expected values nested 64 deep at most/ },
    { text: 'kind: a\nname: b\nspec: &s { x: *s }\n', says: /nested 64 deep at most/ },
    { text: 'kind: a\nkind: b\n', says: /Map keys must be unique/ },
    { text: bomb(), says: /expected at most 100 uses of an anchor, found more/ },
    {
      text: 'kind: a\nname: b\nlabels: &l { t: a }\n---\nkind: a\nname: c\nlabels: *l\n',
      says: /expected the anchor &l earlier in the same document, found none/,
    },
  ]
  for (const [index, { text, says }] of wrong.entries()) {
    test(`refuses ${JSON.stringify(text.slice(0, 30))} without asking anybody`, async () => {
      const mesh = fakeMesh()
      const args = ['policy', 'apply', '-f', file(`wrong-${index}.yaml`, text)]
      const { exitCode, stderr } = await runSkein(args, mesh)
      assert.equal(exitCode, 2)
      assert.match(stderr, says)
      assert.deepEqual(mesh.asked, [])
    })
  }

  test('says which file is not there, and that there must be one', async () => {
    const missing = await runSkein(['policy', 'apply', '-f', join(folder, 'none')], fakeMesh())
    assert.include(missing.stderr, 'found none\nhint: Give a file that is there')
    assert.equal(missing.exitCode, 2)
    const without = await runSkein(['policy', 'apply'], fakeMesh())
    assert.include(without.stderr, '`skein policy apply` needs -f FILE')
    const endless = await runSkein(['policy', 'apply', '-f', '/dev/zero'], fakeMesh())
    assert.include(endless.stderr, 'found more than 8388608 bytes')
  })
})

/** Says one thing 10^9 times. */
function bomb(): string {
  const lines = ['kind: a', 'name: b', 'spec:', '  a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 10; level += 1) {
    const inner = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')
    lines.push(`  a${level}: &a${level} [${inner}]`)
  }
  return lines.join('\n')
}

describe('skein policy diff', () => {
  const path = file('one.yaml', TWO)

  test('exits with 1 if anything would change, and changes nothing', async () => {
    const changes = [{ kind: 'tenants', name: 'acme', revision: 43, verb: 'delete' }]
    const mesh = fakeMesh({ 'POST /mesh/v1/policy:apply': { revision: 42, changes } })
    const { exitCode, stdout } = await runSkein(['policy', 'diff', '-f', path], mesh)
    assert.equal(exitCode, 1)
    assert.equal(stdout, 'would be deleted  tenants/acme\n')
    assert.propertyVal(mesh.asked.at(-1)?.body, 'dryRun', true)
  })

  test('exits with 0 if nothing would', async () => {
    const mesh = fakeMesh({ 'POST /mesh/v1/policy:apply': { revision: 42, changes: [] } })
    assert.equal((await runSkein(['policy', 'diff', '-f', path], mesh)).exitCode, 0)
  })
})

describe('skein policy delete', () => {
  const changes = [
    { kind: 'aliases', name: 'chat', revision: 43, verb: 'delete', previous: BEFORE },
  ]
  const mesh = fakeMesh({ 'DELETE /mesh/v1/policy/aliases/chat': { revision: 43, changes } })

  test('demands the revision that was given', async () => {
    const args = ['policy', 'delete', 'aliases', 'chat', '--revision', '7']
    const { stdout } = await runSkein(args, mesh)
    assert.equal(stdout, 'deleted    aliases/chat\n')
    assert.equal(mesh.asked.at(-1)?.headers['if-match'], '"7"')
    await runSkein(args.slice(0, 4), mesh)
    assert.isUndefined(mesh.asked.at(-1)?.headers['if-match'])
  })

  test('takes no revision that is none', async () => {
    const args = ['policy', 'delete', 'aliases', 'chat', '--revision', 'x']
    assert.equal((await runSkein(args, mesh)).exitCode, 2)
  })
})

test('skein policy log is a table of who did what', async () => {
  const record = {
    index: 9,
    atMs: 0,
    author: 'key:ops',
    requestId: 'r',
    action: 'batch',
    outcome: 'applied',
    items: [{ kind: 'aliases', name: 'chat', verb: 'update' }],
    moreCount: 2,
  }
  const mesh = fakeMesh({ 'GET /mesh/v1/policy:log?limit=5': { records: [record] } })
  const { stdout } = await runSkein(['policy', 'log', '--limit', '5'], mesh)
  assert.equal(
    stdout,
    'INDEX  TIME                      AUTHOR   ACTION  OUTCOME  WHAT\n' +
      '9      1970-01-01T00:00:00.000Z  key:ops  batch   applied  update aliases/chat, and 2 more\n',
  )
})

describe('skein policy watch', () => {
  const change = {
    kind: 'aliases',
    name: 'chat',
    revision: 43,
    verb: 'update',
    resource: AFTER,
    previous: BEFORE,
  }

  test('shows changes as they come, and goes on after the last when the connection breaks', async () => {
    const ids: (string | null)[] = []
    let raise = () => {}
    const { exitCode, stdout, stderr } = await runSkein(['policy', 'watch', '--from', '7'], {
      respond: request => {
        ids.push(request.headers.get('last-event-id'))
        assert.equal(new URL(request.url).searchParams.get('from'), '7')
        if (ids.length === 2)
          return Response.json(
            { error: { message: 'later', skein_code: 'ERR_STOPPING' } },
            { status: 503 },
          )
        const compacted = 'event: compacted\ndata: {}\n\n'
        return new Response(
          `${compacted}: hello\n\nid: 43\nevent: change\ndata: ${JSON.stringify(change)}\n\n`,
        )
      },
      onStart: signal => {
        raise = () => signal('SIGINT')
      },
      wait: async durationMs => {
        if (durationMs === 45_000) return await new Promise(() => {})
        if (ids.length === 2) raise()
      },
    })
    assert.equal(exitCode, 0)
    assert.equal(stdout, 'updated    aliases/chat\n  ~ spec.targets[0].weight: 100 → 90\n')
    assert.include(stderr, 'Changes are missing here')
    assert.deepEqual(ids, [null, '43'])
  })
})
