/**
 * Two members compare what they know: afterwards they agree, whatever each of them had missed.
 *
 * Source: van Renesse et al., "Efficient Reconciliation and Flow Control for Anti-Entropy
 * Protocols", LADIS 2008. Machines as they are; the claims that ride along are heard first, as the
 * node does it.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  bucketHashes,
  differingBuckets,
  digestEntries,
  entriesIn,
  syncIntervalMs,
} from '../../src/membership/anti-entropy.ts'
import type { MembershipEffect, MembershipEvent } from '../../src/membership/events.ts'
import type { MemberStatus } from '../../src/membership/member.ts'
import type { Membership } from '../../src/membership/membership.ts'
import type { DigestEntry, Message } from '../../src/membership/message.ts'
import { membershipOptions } from '../../src/membership/options.ts'
import {
  accused,
  answering,
  connected,
  heard,
  loadOf,
  membershipOf,
  met,
  ofType,
  reachable,
  received,
  runUntil,
  SELF,
  saidTo,
  tick,
} from './scene.ts'

/** One of two that talk: the machine, and what it has said and not yet been delivered. */
class Side {
  readonly peer: string
  readonly machine: Membership
  readonly sent: Message[] = []
  readonly effects: MembershipEffect[] = []

  constructor(peer: string, events: readonly MembershipEvent[] = [], options = {}) {
    this.peer = peer
    this.machine = membershipOf({ self: peer, options, events })
    // Its news was told to others before; only the comparison is left.
    for (let left = 400; left > 0; left -= 1) {
      const { claims, accusations } = saidTo(this.machine, 'q', 0)
      if (claims.length + accusations.length === 0) break
    }
  }

  step(event: MembershipEvent, nowMs: number, to: string): void {
    const effects = this.machine.step(event, nowMs)
    this.effects.push(...effects)
    for (const send of ofType(effects, 'send')) if (send.to === to) this.sent.push(send.message)
  }

  /** What a claim named in a message is. */
  claim(peer: string) {
    return peer === this.peer ? this.machine.ownClaim : this.machine.member(peer)?.claim
  }
}

/** Everything said reaches the other, until nobody has anything to say. */
function talk(sides: readonly [Side, Side], nowMs = 0): number {
  let messageCount = 0
  while (sides.some(({ sent }) => sent.length > 0)) {
    for (const [from, to] of [sides, sides.toReversed()] as [Side, Side][]) {
      messageCount += deliver(from, to, nowMs)
    }
    if (messageCount > 200) throw new Error('two members do not stop talking')
  }
  return messageCount
}

/** @returns How many messages were on their way. */
function deliver(from: Side, to: Side, nowMs: number): number {
  const messages = from.sent.splice(0)
  for (const message of messages) {
    const claims = message.claims.flatMap(peer => from.claim(peer) ?? [])
    for (const claim of claims) to.step({ type: 'claim-heard', claim }, nowMs, from.peer)
    to.step({ type: 'message-received', from: from.peer, message }, nowMs, from.peer)
  }
  return messages.length
}

/** A connection is made: each hears the claim of the other, and the lower id begins. */
function meet(sides: readonly [Side, Side], nowMs = 0): number {
  for (const [self, other] of [sides, sides.toReversed()] as [Side, Side][]) {
    self.step(connected(other.peer), nowMs, other.peer)
    self.step({ type: 'claim-heard', claim: other.machine.ownClaim }, nowMs, other.peer)
  }
  for (const [self, other] of [sides, sides.toReversed()] as [Side, Side][]) {
    self.step(reachable(other.peer), nowMs, other.peer)
  }
  return talk(sides, nowMs)
}

/** Members but the two themselves. */
function known({ machine }: Side) {
  return machine
    .members()
    .filter(({ peer }) => peer !== 'a' && peer !== 'z')
    .map(({ peer, claim, status }) => ({
      peer,
      incarnation: claim.incarnation,
      version: claim.version,
      status,
    }))
    .toSorted((x, y) => (x.peer < y.peer ? -1 : 1))
}

const claimsKnown = (side: Side) => known(side).map(({ status: _, ...claim }) => claim)

interface Knowledge {
  readonly peer: string
  readonly incarnation: number
  readonly version: number
  readonly status: MemberStatus
}

/** What brings a table to know this. One author has said one thing with one version. */
function learnt({ peer, incarnation, version, status }: Knowledge): MembershipEvent[] {
  const isLeaving = status === 'left'
  const said = isLeaving ? 9 : version
  const claim = heard({ peer, incarnation, version: said, load: loadOf(said), isLeaving })
  if (status === 'alive' || status === 'left') return [claim]
  return [claim, accused({ peer, incarnation, status })]
}

const knowledge = fc.record({
  peer: fc.nat(40).map(index => `p${index}`),
  incarnation: fc.integer({ min: 1, max: 3 }),
  version: fc.integer({ min: 1, max: 5 }),
  status: fc.constantFrom<MemberStatus>('alive', 'alive', 'suspect', 'dead', 'left'),
})
const table = fc.array(knowledge, { maxLength: 60 }).map(all => all.flatMap(learnt))

describe('after one exchange', () => {
  test('both know the newest claims that either knew', () => {
    fc.assert(
      fc.property(table, table, (a, z) => {
        const sides = [new Side('a', a), new Side('z', z)] as const
        meet(sides)
        assert.deepEqual(claimsKnown(sides[0]), claimsKnown(sides[1]))
      }),
    )
  })

  test('nobody is alive to one of them and dead to the other in the same life', () => {
    fc.assert(
      fc.property(table, table, (a, z) => {
        const sides = [new Side('a', a), new Side('z', z)] as const
        meet(sides)
        const [left, right] = sides.map(side => new Map(known(side).map(one => [one.peer, one])))
        for (const [peer, { status }] of left ?? []) {
          const other = right?.get(peer)?.status
          assert.notDeepEqual([status, other].toSorted(), ['alive', 'dead'], peer)
        }
      }),
    )
  })

  test('a death that only one of them knew of is a doubt of the other', () => {
    const dead = [heard({ peer: 'p' }), accused({ peer: 'p', status: 'dead' })]
    const pairs: readonly (readonly [string, MembershipEvent[], MembershipEvent[]])[] = [
      ['of one that it thought alive', dead, [heard({ peer: 'p' })]],
      ['of one that it did not know', dead, []],
    ]
    for (const [rule, knows, lacks] of pairs) {
      for (const [a, z] of [
        [knows, lacks],
        [lacks, knows],
      ]) {
        const sides = [new Side('a', a), new Side('z', z)] as const
        meet(sides)
        const statuses = sides.map(side => known(side)[0]?.status).toSorted()
        assert.deepEqual(statuses, ['dead', 'suspect'], rule)
      }
    }
  })

  test('whoever began knows that it knows all that the other does', () => {
    fc.assert(
      fc.property(table, table, (a, z) => {
        const sides = [new Side('a', a), new Side('z', z)] as const
        meet(sides)
        assert.deepEqual(ofType(sides[0].effects, 'synced'), [{ type: 'synced', with: 'z' }])
      }),
    )
  })

  test('those that are doubted hear of it and refute', () => {
    // `a` has buried `z`, which knows nothing of that.
    const sides = [
      new Side('a', [
        heard({ peer: 'z', incarnation: 10 }),
        accused({ peer: 'z', incarnation: 10, status: 'dead' }),
      ]),
      new Side('z'),
    ] as const
    meet(sides)
    assert.equal(sides[1].machine.ownClaim.incarnation, 11)
    assert.equal(sides[0].machine.member('z')?.status, 'alive')
  })
})

describe('an exchange', () => {
  test('of two that agree is a digest and an answer without entries', () => {
    const events = [heard({ peer: 'p' }), heard({ peer: 'q', isLeaving: true })]
    const sides = [new Side('a', events), new Side('z', events)] as const
    meet(sides)
    runUntil(sides[0].machine, 400)
    const [a, z] = sides
    a.effects.length = 0
    z.effects.length = 0
    // Whoever meets again begins again.
    a.step(reachable('z'), 400, 'z')
    assert.equal(talk(sides, 400), 2)
    const [answer] = ofType(z.effects, 'send')
    assert.deepEqual(answer?.message.body, { type: 'entries', buckets: [], entries: [] })
    assert.lengthOf(ofType(a.effects, 'synced'), 1)
    assert.lengthOf(ofType(z.effects, 'synced'), 1)
  })

  test('begins with one other now and then, without any cause', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    const atMs: number[] = []
    for (let nowMs = 250; nowMs <= 60_000; nowMs += 250) {
      machine.step(received('y', { type: 'news' }), nowMs)
      machine.step(received('z', { type: 'news' }), nowMs)
      const sends = ofType(machine.step(tick, nowMs), 'send')
      if (sends.some(({ message }) => message.body.type === 'digest')) atMs.push(nowMs)
    }
    const gaps = atMs.slice(1).map((at, index) => at - (atMs[index] as number))
    assert.isAtLeast(gaps.length, 5)
    for (const gapMs of gaps) assert.ok(gapMs >= 7_500 && gapMs <= 10_250, `${gapMs} ms`)
  })

  test('begins at once, every period, while a doubt is older than others would have let it be', () => {
    // One of four is doubted, and too few confirm it for it to die after the least time.
    const machine = membershipOf({ events: [...met('x', 'y'), heard(), accused()] })
    const done = runUntil(machine, 3_700, answering('x', 'y'))
    const askedAtMs = done.flatMap(({ atMs, effect }) =>
      effect.type === 'send' && effect.message.body.type === 'digest' ? [atMs] : [],
    )
    const inquiries = askedAtMs.filter(atMs => atMs >= 2_000)
    assert.deepEqual(inquiries.slice(0, 4), [2_000, 2_500, 3_000, 3_500])
    assert.equal(machine.member('z')?.status, 'suspect')
  })

  test('brings all claims of a large table within a few rounds', () => {
    const many = Array.from({ length: 1_500 }, (_, index) =>
      heard({ peer: `p${index}`, facts: undefined }),
    )
    const options = { membersMax: 2_000 }
    const sides = [new Side('a', many, options), new Side('z', [], options)] as const
    meet(sides)
    for (let round = 1; round <= 4; round += 1) {
      sides[0].step(reachable('z'), round, 'z')
      talk(sides, round)
    }
    assert.deepEqual(claimsKnown(sides[1]), claimsKnown(sides[0]))
  })

  test('leaves out who is gone for half of the time that it is remembered', () => {
    const options = { forgetAfterMs: 20_000 }
    const gone = [heard({ peer: 'p', isLeaving: true })]
    for (const [atMs, count] of [
      [10_000, 1],
      [10_001, 0],
    ] as const) {
      const sides = [new Side('a', gone, options), new Side('z', [], options)] as const
      for (const { machine } of sides) runUntil(machine, atMs)
      meet(sides, atMs)
      assert.lengthOf(known(sides[1]), count, `${atMs}`)
    }
  })
})

const entryOf = (peer: string, change: Partial<DigestEntry> = {}): DigestEntry => ({
  peer,
  status: 'alive',
  incarnation: 1,
  version: 1,
  ...change,
})

describe('hashes', () => {
  test('are equal for equal entries in any order', () => {
    const entries = fc.array(knowledge, { maxLength: 30 }).chain(all => {
      const own = [...new Map(all.map(one => [one.peer, one])).values()]
      return fc.tuple(fc.constant(own), fc.shuffledSubarray(own, { minLength: own.length }))
    })
    fc.assert(
      fc.property(entries, ([all, shuffled]) => {
        assert.deepEqual(bucketHashes(all), bucketHashes(shuffled))
      }),
    )
  })

  const differences: readonly (readonly [string, DigestEntry[]])[] = [
    ['a version', [entryOf('p', { version: 2 })]],
    ['an incarnation', [entryOf('p', { incarnation: 2 })]],
    ['a death', [entryOf('p', { status: 'dead' })]],
    ['a farewell', [entryOf('p', { status: 'left' })]],
    ['a member', []],
  ]
  for (const [what, entries] of differences) {
    test(`tell ${what} apart, in one bucket`, () => {
      const [ours, theirs] = [
        bucketHashes([entryOf('p'), entryOf('q')]),
        bucketHashes([...entries, entryOf('q')]),
      ]
      assert.lengthOf(differingBuckets(ours, theirs), 1)
    })
  }

  test('do not tell a doubt from none, for it ends by itself', () => {
    const hashes = bucketHashes([entryOf('p', { status: 'suspect' })])
    assert.deepEqual(hashes, bucketHashes([entryOf('p')]))
  })

  test('that are missing differ', () => {
    assert.lengthOf(differingBuckets(bucketHashes([]), []), 32)
  })
})

describe('entries', () => {
  test('are of whole buckets, as many as one message carries', () => {
    const entries = Array.from({ length: 2_000 }, (_, index) => entryOf(`p${index}`))
    const all = Array.from({ length: 32 }, (_, bucket) => bucket)
    const taken = entriesIn(entries, all)
    assert.isAtMost(taken.entries.length, 512)
    assert.isAbove(taken.buckets.length, 4)
    const again = entriesIn(entries, taken.buckets)
    assert.deepEqual(again, taken)
  })

  test('of any one bucket fit into a message, however many members there may be', () => {
    const membersMax = 10_000
    assert.isFalse(membershipOptions.safeParse({ membersMax: membersMax + 1 }).success)
    const entries = Array.from({ length: membersMax }, (_, index) => entryOf(`12D3KooW${index}`))
    for (let bucket = 0; bucket < 32; bucket += 1) {
      assert.isAbove(entriesIn(entries, [bucket]).entries.length, 0)
    }
  })

  test('say version 0 of a life whose claim is not known yet', () => {
    const machine = membershipOf({ events: [heard({ version: 7 }), accused({ incarnation: 4 })] })
    const side = machine.member('z')
    assert.deepEqual([side?.incarnation, side?.claim.incarnation], [4, 1])
    const own = entryOf('m')
    assert.deepEqual(digestEntries(own, [], { nowMs: 0, forgetAfterMs: 10 }), [own])
    // It asks whoever knows more for that claim.
    const theirs = entryOf('z', { incarnation: 4, version: 2 })
    const buckets = Array.from({ length: 32 }, (_, bucket) => bucket)
    const body = { type: 'entries', buckets, entries: [theirs] } as const
    const [delta] = ofType(machine.step(received('q', body), 1), 'send')
    assert.deepEqual(delta?.message.body, { type: 'delta', wanted: ['z'] })
  })
})

describe('exchanges are begun less often', () => {
  // Above 32 members: times ceil(log2 N - log2 32) + 1, as HashiCorp memberlist scales them.
  const cases = [
    [2, 10_000],
    [32, 10_000],
    [33, 20_000],
    [64, 20_000],
    [65, 30_000],
    [1_000, 60_000],
  ] as const
  for (const [memberCount, expectedMs] of cases) {
    test(`every ${expectedMs} ms among ${memberCount}`, () => {
      assert.equal(syncIntervalMs(10_000, memberCount), expectedMs)
    })
  }
})

test('a claim that the other asks for and we do not have is not sent', () => {
  const machine = membershipOf({ events: met('y') })
  const effects = machine.step(received('y', { type: 'delta', wanted: ['nobody'] }), 1)
  assert.deepEqual(ofType(effects, 'send'), [])
  const [send] = ofType(
    machine.step(received('y', { type: 'delta', wanted: ['m', 'y'] }), 1),
    'send',
  )
  assert.deepEqual(send?.message.claims, [SELF])
})
