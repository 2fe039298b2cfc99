/**
 * The snapshot: all of the state, and nothing that was not written so.
 */
import { assert, describe, test } from 'vitest'
import { canonicalText, utf8Bytes } from '../../../src/consensus/policy/canonical.ts'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import { restorePolicy, SnapshotReader } from '../../../src/consensus/policy/restore.ts'
import { snapshotLines } from '../../../src/consensus/policy/snapshot.ts'
import { digest, KEY_HASH, put, remove, Scribe, TICKET_HASH } from './scribe.ts'

function busy(): Scribe {
  const scribe = Scribe.founded()
  scribe.applied(put('tenants', 'acme', { description: 'Ünïcode 😀' }, { labels: { a: 'b' } }))
  scribe.applied(put('keys', 'k1', { hash: KEY_HASH, tenant: 'acme' }))
  scribe.applied(put('tickets', 'aaaaaaaa', { hash: TICKET_HASH, expiresAtMs: 9_000 }))
  scribe.applied({ type: 'admit-peer', peer: 'b', ticket: 'aaaaaaaa', ticketHash: TICKET_HASH })
  scribe.refused(remove('tenants', 'acme'))
  return scribe
}

const restore = (lines: Iterable<string>) => restorePolicy({ digest }, lines)

describe('a restored state', () => {
  test('goes on where the other one was', () => {
    const scribe = busy()
    const restored = restore(scribe.snapshot())
    assert.equal(restored.status, 'restored')
    if (restored.status !== 'restored') return
    const twin = new Scribe(policyFormat, restored.state)
    assert.deepEqual(twin.snapshot(), scribe.snapshot())
    assert.deepEqual(twin.state.auditTrail(), scribe.state.auditTrail())

    const text = scribe.command(remove('tenants', 'acme'))
    const index = scribe.nextIndex
    assert.deepEqual(twin.state.apply(index, text), scribe.state.apply(index, text))
    assert.equal(twin.state.hash, scribe.state.hash)
  })

  test('remembers requests', () => {
    const once = { requestId: 'request-of-a-retry' }
    const scribe = busy()
    scribe.applied(put('tenants', 'once', {}), once)
    const restored = restore(scribe.snapshot())
    if (restored.status !== 'restored') throw new Error(restored.reason)
    const twin = new Scribe(policyFormat, restored.state)
    assert.isTrue(twin.applied(put('tenants', 'once', {}), once).isRepetition)
  })

  test('knows no changes from before, and says so', () => {
    const scribe = busy()
    const { appliedIndex } = scribe.state
    const restored = restore(scribe.snapshot())
    if (restored.status !== 'restored') throw new Error(restored.reason)
    assert.equal(restored.state.changesSince(appliedIndex - 1).status, 'compacted')
    assert.deepEqual(restored.state.changesSince(appliedIndex), { status: 'changes', changes: [] })
  })
})

test('a snapshot does not tell in which order things came to be', () => {
  const resources = (names: readonly string[]) => {
    const scribe = Scribe.founded()
    const operations = names.map(name => put('tenants', name, {}))
    scribe.applied({ type: 'batch', operations })
    return scribe.snapshot().filter(line => line.startsWith('{"resource"'))
  }
  assert.deepEqual(resources(['c', 'a', 'b']), resources(['a', 'b', 'c']))
})

test('a snapshot is of the moment it was asked for', () => {
  const scribe = busy()
  const before = scribe.snapshot()
  const lines = snapshotLines(scribe.state)
  scribe.applied(put('tenants', 'later', {}))
  assert.deepEqual([...lines], before)
})

test('no line of a snapshot is much longer than a command', () => {
  const scribe = Scribe.founded()
  const models = Array.from({ length: 256 }, (_, at) => `${at}-${'m'.repeat(249)}`)
  scribe.applied(put('keys', 'k1', { hash: KEY_HASH, models }))
  const longest = Math.max(...scribe.snapshot().map(utf8Bytes))
  assert.isAbove(longest, 64_000)
  assert.isBelow(longest, policyFormat.limits.commandMaxBytes)
})

describe('a damaged snapshot', () => {
  const lines = busy().snapshot()

  test('is found by any line that is missing', () => {
    for (const at of lines.keys()) {
      const damaged = restore(lines.filter((_, line) => line !== at))
      assert.equal(damaged.status, 'damaged', lines[at])
    }
  })

  test('is found by any line that is there twice', () => {
    for (const at of lines.keys()) {
      const damaged = restore(lines.flatMap((line, each) => (each === at ? [line, line] : [line])))
      assert.equal(damaged.status, 'damaged', lines[at])
    }
  })

  test('is found by any letter that is another, and never told by it', () => {
    for (const [at, line] of lines.entries()) {
      // Every third place is enough to meet every field.
      for (let place = 0; place < line.length; place += 3) {
        const letter = line[place] === 'z' ? 'y' : 'z'
        const changed = line.slice(0, place) + letter + line.slice(place + 1)
        const read = restore(lines.map((each, other) => (other === at ? changed : each)))
        assert.equal(read.status, 'damaged', changed)
        assert.notInclude(JSON.stringify(read), KEY_HASH.digest)
      }
    }
  })

  test('is found by a resource that breaks its own schema, though the hash is right', () => {
    const scribe = busy()
    const odd = scribe.snapshot().map(line => {
      if (!line.includes('"name":"acme"') || !line.startsWith('{"resource"')) return line
      return line.replace('"normal"', '"utmost"')
    })
    const damaged = restore(odd)
    assert.equal(damaged.status, 'damaged')
    assert.include(damaged.status === 'damaged' && damaged.reason, 'spec.priority')
  })
})

test('a snapshot of a later release is told from a damaged one', () => {
  const [head = '', ...rest] = busy().snapshot()
  const later = [
    head.replace('"version":1', `"version":${policyFormat.commandVersion + 1}`),
    ...rest,
  ]
  assert.equal(restore(later).status, 'unsupported')
})

test('lines are taken one by one, and the first wrong one ends it', () => {
  const reader = new SnapshotReader({ digest })
  assert.isUndefined(
    reader.push(canonicalText({ appliedIndex: 3, format: 'skein-policy', version: 1 })),
  )
  assert.equal(reader.push('{"resource":{}}')?.status, 'damaged')
  assert.equal(reader.finish().status, 'damaged')
})
