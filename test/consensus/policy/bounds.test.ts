/**
 * Everything the policy keeps has a bound, and here each is reached.
 */
import { assert, describe, test } from 'vitest'
import { ChangeFeed } from '../../../src/consensus/policy/change-feed.ts'
import {
  type PolicyFormat,
  type PolicyLimits,
  policyFormat,
} from '../../../src/consensus/policy/format.ts'
import { policyKinds } from '../../../src/consensus/policy/kinds/policy-kinds.ts'
import { PolicyState } from '../../../src/consensus/policy/policy-state.ts'
import { KEY_HASH, patch, put, remove, Scribe, TICKET_HASH } from './scribe.ts'

const withLimits = (limits: Partial<PolicyLimits>): PolicyFormat => ({
  ...policyFormat,
  limits: { ...policyFormat.limits, ...limits },
})

describe('resources', () => {
  const kinds = { ...policyKinds, tenants: { ...policyKinds.tenants, countMax: 2 } }
  const format = { ...policyFormat, kinds }

  test('of a kind are refused beyond its bound, and one may take the place of another', () => {
    const scribe = Scribe.founded(format)
    scribe.applied(put('tenants', 'a', {}))
    scribe.applied(put('tenants', 'b', {}))
    assert.equal(scribe.refused(put('tenants', 'c', {})).code, 'too-many')
    scribe.applied(put('tenants', 'b', { priority: 'high' }))
    const operations = [put('tenants', 'c', {}), remove('tenants', 'a')]
    scribe.applied({ type: 'batch', operations })
    assert.deepEqual(
      scribe.views.list('tenants').map(({ name }) => name),
      ['b', 'c'],
    )
  })

  test('all together are refused beyond their bound, and may shrink there', () => {
    const scribe = Scribe.founded(withLimits({ stateMaxBytes: 1_500 }))
    const description = 'x'.repeat(256)
    let count = 0
    while (scribe.apply(put('tenants', `t${count}`, { description })).status === 'applied')
      count += 1
    assert.isAbove(count, 1)
    assert.isAtMost(scribe.state.table.bytes, 1_500)
    assert.equal(scribe.refused(put('tenants', 'one-more', { description })).code, 'too-many')
    scribe.applied(remove('tenants', 't0'))
    scribe.applied(patch('tenants', 't1', { description: '' }))
  })
})

test('the oldest requests are forgotten first', () => {
  const scribe = Scribe.founded(withLimits({ requestsKept: 3 }))
  const put3 = (at: number) =>
    scribe.applied(put('tenants', `t${at}`, {}), { requestId: `request-number-${at}` })
  for (const at of [1, 2, 3]) put3(at)
  assert.isTrue(put3(1).isRepetition)
  put3(4)
  assert.isTrue(put3(2).isRepetition)
  assert.isFalse(put3(1).isRepetition)
})

test('the oldest commands leave the audit trail first, and one lists only so many resources', () => {
  const scribe = Scribe.founded(withLimits({ auditKept: 2, auditItemsMax: 3 }))
  const operations = Array.from({ length: 5 }, (_, at) => put('tenants', `t${at}`, {}))
  scribe.applied(put('tenants', 'before', {}))
  scribe.applied({ type: 'batch', operations })
  scribe.refused({ type: 'batch', operations: [...operations, remove('tenants', 'nobody')] })
  const [applied, refused, ...more] = scribe.state.auditTrail()
  assert.deepEqual(more, [])
  assert.equal(applied?.items.length, 3)
  assert.equal(applied?.moreCount, 2)
  assert.equal(refused?.outcome, 'not-found')
  assert.equal(refused?.moreCount, 3)
})

test('a purge removes only so many, and the next one the rest', () => {
  const scribe = Scribe.founded(withLimits({ purgeMax: 2 }))
  for (const id of ['cccccccc', 'aaaaaaaa', 'bbbbbbbb']) {
    scribe.applied(put('tickets', id, { hash: TICKET_HASH, expiresAtMs: 5 }))
  }
  const purge = { type: 'purge-expired', kinds: ['tickets'] } as const
  const purged = () => scribe.applied(purge).changes.map(({ name }) => name)
  assert.deepEqual(purged(), ['aaaaaaaa', 'bbbbbbbb'], 'by name, however they came')
  assert.deepEqual(purged(), ['cccccccc'])
  assert.deepEqual(purged(), [])
})

describe('the feed of changes', () => {
  const change = (revision: number) =>
    ({
      kind: 'tenants',
      name: `t${revision}`,
      revision,
      resource: undefined,
      previous: undefined,
    }) as const

  const revisions = (feed: ChangeFeed, since: number) => {
    const read = feed.since(since)
    return read.status === 'changes'
      ? read.changes.map(({ revision }) => revision)
      : read.oldestRevision
  }

  test('has the latest changes only, and says when it cannot tell all', () => {
    const feed = new ChangeFeed(10, { countMax: 3, bytesMax: 1_000 })
    for (const revision of [11, 12, 12, 15, 16]) feed.push(change(revision), 1)
    assert.equal(revisions(feed, 10), 12, 'two are gone, one of them of revision 12')
    assert.deepEqual(revisions(feed, 12), [15, 16])
    assert.deepEqual(revisions(feed, 14), [15, 16])
    assert.deepEqual(revisions(feed, 99), [])
  })

  test('is bounded in bytes too, down to nothing', () => {
    const feed = new ChangeFeed(0, { countMax: 100, bytesMax: 10 })
    for (const revision of [1, 2, 3]) feed.push(change(revision), 4)
    assert.deepEqual(revisions(feed, 1), [2, 3])
    feed.push(change(4), 11)
    assert.equal(revisions(feed, 3), 4)
    assert.deepEqual(revisions(feed, 4), [])
  })

  test('is right however long it runs', () => {
    const feed = new ChangeFeed(0, { countMax: 4, bytesMax: 1_000 })
    for (let revision = 1; revision <= 100; revision++) {
      feed.push(change(revision), 1)
      const oldest = Math.max(0, revision - 4)
      assert.deepEqual(
        revisions(feed, oldest),
        Array.from({ length: revision - oldest }, (_, at) => oldest + at + 1),
      )
      if (oldest > 0) assert.equal(revisions(feed, oldest - 1), oldest)
    }
  })
})

test('one command costs the same in a large policy as in a small one', () => {
  let digests = 0
  const counted = (text: string) => {
    digests += 1
    return text.length.toString(16)
  }
  const cost = (size: number): number => {
    const scribe = new Scribe(policyFormat, new PolicyState({ digest: counted }))
    scribe.applied({ type: 'found-mesh', peer: 'a' })
    for (let at = 0; at < size; at++) scribe.applied(put('tenants', `t${at}`, {}))
    digests = 0
    scribe.applied(put('keys', 'k', { hash: KEY_HASH, tenant: 't0' }))
    return digests
  }
  assert.equal(cost(500), cost(5))
})
