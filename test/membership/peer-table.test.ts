/**
 * Who is alive, suspect, dead and gone; and who is dialled when.
 */
import { assert, describe, test } from 'vitest'
import type { MemberStatus, MembershipEvent } from '../../src/membership/peer-table.ts'
import {
  claimOf,
  connected,
  connectionLost,
  dialFailed,
  factsOf,
  heard,
  loadOf,
  ofType,
  runUntil,
  SELF,
  tableOf,
  tick,
} from './scene.ts'

const left = heard({ version: 9, isLeaving: true })

/** What brings `z` into each status by 20 s, with the deadline of that status ahead. */
const ways: Record<MemberStatus, readonly { atMs: number; event: MembershipEvent }[]> = {
  alive: [
    { atMs: 0, event: heard() },
    { atMs: 20_000, event: heard({ version: 2 }) },
  ],
  suspect: [
    { atMs: 0, event: heard() },
    { atMs: 20_000, event: tick },
  ],
  dead: [
    { atMs: 0, event: heard() },
    { atMs: 6_000, event: tick },
    { atMs: 11_000, event: tick },
  ],
  left: [{ atMs: 0, event: left }],
}

function tableWith(status: MemberStatus) {
  const table = tableOf()
  for (const { atMs, event } of ways[status]) table.step(event, atMs)
  assert.equal(table.member('z')?.status, status)
  return table
}

describe('the status', () => {
  const cases: readonly {
    readonly from: MemberStatus
    readonly event: MembershipEvent
    readonly to: MemberStatus
    readonly rule: string
  }[] = [
    { from: 'alive', event: heard({ version: 3 }), to: 'alive', rule: 'a newer claim' },
    { from: 'suspect', event: heard({ version: 3 }), to: 'alive', rule: 'a newer claim' },
    { from: 'dead', event: heard({ version: 3 }), to: 'alive', rule: 'a newer claim' },
    { from: 'suspect', event: heard(), to: 'suspect', rule: 'the same claim again' },
    { from: 'dead', event: heard({ version: 0 }), to: 'dead', rule: 'an older claim' },
    { from: 'suspect', event: connected(), to: 'alive', rule: 'a connection' },
    { from: 'dead', event: connected(), to: 'alive', rule: 'a connection' },
    { from: 'left', event: connected(), to: 'left', rule: 'a connection' },
    { from: 'left', event: connectionLost(), to: 'left', rule: 'a lost connection' },
    { from: 'left', event: heard({ version: 3 }), to: 'left', rule: 'what it said before it left' },
    { from: 'left', event: heard({ incarnation: 2 }), to: 'alive', rule: 'a new start' },
    { from: 'dead', event: heard({ incarnation: 2 }), to: 'alive', rule: 'a new start' },
    { from: 'alive', event: left, to: 'left', rule: 'its farewell' },
    { from: 'suspect', event: left, to: 'left', rule: 'its farewell' },
    { from: 'dead', event: left, to: 'left', rule: 'its farewell' },
    { from: 'alive', event: dialFailed(), to: 'alive', rule: 'a failed dial' },
    { from: 'dead', event: dialFailed(), to: 'dead', rule: 'a failed dial' },
  ]
  for (const { from, event, to, rule } of cases) {
    test(`is ${to} after ${rule} if it was ${from}`, () => {
      const table = tableWith(from)
      const changes = ofType(table.step(event, 20_001), 'status-changed')
      assert.equal(table.member('z')?.status, to)
      const expected = from === to ? [] : [{ type: 'status-changed', peer: 'z', status: to }]
      assert.deepEqual(changes, expected)
    })
  }

  test('goes from alive over suspect to dead to forgotten in silence', () => {
    const table = tableOf({ events: [heard({ facts: factsOf('z') })] })
    const done = runUntil(table, 100_000_000).filter(({ effect }) => effect.type !== 'publish')
    assert.deepEqual(done, [
      { atMs: 6_000, effect: { type: 'status-changed', peer: 'z', status: 'suspect' } },
      { atMs: 11_000, effect: { type: 'status-changed', peer: 'z', status: 'dead' } },
      { atMs: 86_411_000, effect: { type: 'peer-forgotten', peer: 'z' } },
    ])
    assert.equal(table.member('z'), undefined)
  })

  test('is suspect in silence even with a connection', () => {
    const table = tableOf({ events: [heard(), connected()] })
    table.step(tick, 6_000)
    assert.equal(table.member('z')?.status, 'suspect')
  })

  test('does not fall while claims keep coming', () => {
    const table = tableOf({ events: [heard()] })
    const done = []
    for (let version = 2; version < 20; version++) {
      const atMs = (version - 1) * 5_000
      done.push(...runUntil(table, atMs).map(({ effect }) => effect))
      done.push(...table.step(heard({ version }), atMs))
    }
    assert.deepEqual(ofType(done, 'status-changed'), [])
    assert.equal(table.member('z')?.status, 'alive')
  })

  test('of one who has left is forgotten too', () => {
    const table = tableOf({ events: [left] })
    const done = runUntil(table, 86_400_000)
    assert.deepEqual(done.at(-1), {
      atMs: 86_400_000,
      effect: { type: 'peer-forgotten', peer: 'z' },
    })
  })

  test('is suspect at once when the connection is lost, with one dial at once', () => {
    const table = tableOf({ events: [heard(), connected()] })
    assert.deepEqual(table.step(connectionLost(), 500), [
      { type: 'status-changed', peer: 'z', status: 'suspect' },
      { type: 'dial', peer: 'z', addresses: ['/z'] },
    ])
    assert.deepEqual(table.step(connectionLost(), 501), [])
    // Whose turn it is to dial first does not matter for one that was connected.
    const lower = tableOf({ events: [heard({ peer: 'a' }), connected('a')] })
    assert.equal(ofType(lower.step(connectionLost('a'), 500), 'dial').length, 1)
    assert.deepEqual(ofType(table.step(tick, 5_500), 'status-changed'), [
      { type: 'status-changed', peer: 'z', status: 'dead' },
    ])
  })
})

describe('a claim', () => {
  test('of someone new says who it is, what it offers, and dials it', () => {
    const claim = claimOf({ load: loadOf(4) })
    const table = tableOf()
    assert.deepEqual(table.step({ type: 'claim-heard', claim }, 7), [
      { type: 'status-changed', peer: 'z', status: 'alive' },
      { type: 'state-changed', peer: 'z', facts: claim.facts, load: loadOf(4), heardAtMs: 7 },
      { type: 'dial', peer: 'z', addresses: ['/z'] },
    ])
    assert.deepEqual(table.member('z'), {
      peer: 'z',
      status: 'alive',
      facts: claim.facts,
      load: loadOf(4),
      heardAtMs: 7,
      isConnected: false,
      claim,
    })
  })

  test('heard again, or after a newer one, changes nothing', () => {
    const table = tableOf({ events: [heard({ version: 5 })] })
    const before = table.members()
    assert.deepEqual(table.step(heard({ version: 5 }), 1_000), [])
    assert.deepEqual(table.step(heard({ version: 4, load: loadOf(9) }), 1_000), [])
    assert.deepEqual(table.members(), before)
    assert.equal(runUntil(table, 6_000).at(-1)?.atMs, 6_000)
    assert.equal(table.member('z')?.status, 'suspect')
  })

  test('without facts keeps those we have', () => {
    const table = tableOf({ events: [heard()] })
    table.step(heard({ version: 2, facts: undefined, factsVersion: 1 }), 1)
    assert.equal(table.member('z')?.facts?.name, 'z')
    table.step(heard({ version: 3, facts: undefined, factsVersion: 8 }), 2)
    assert.equal(table.member('z')?.facts?.name, 'z')
  })

  test('that brings missing facts late tells them with the age of the load', () => {
    const table = tableOf()
    table.step(heard({ version: 2, facts: undefined }), 100)
    const effects = table.step(heard({ version: 1 }), 900)
    assert.deepEqual(ofType(effects, 'state-changed')[0]?.heardAtMs, 100)
    assert.equal(table.member('z')?.facts?.name, 'z')
  })

  test('of one more than membersMax is ignored and counted', () => {
    const table = tableOf({ options: { membersMax: 2 }, events: [heard(), heard({ peer: 'y' })] })
    assert.deepEqual(table.step(heard({ peer: 'x' }), 1), [])
    assert.equal(table.ignoredCount, 1)
    assert.equal(table.member('x'), undefined)
    assert.equal(ofType(table.step(heard({ version: 2 }), 1), 'state-changed').length, 1)
  })
})

describe('a connection', () => {
  test('made before the first claim is remembered', () => {
    const table = tableOf({ events: [connected()] })
    assert.deepEqual(table.members(), [])
    const effects = table.step(heard(), 1)
    assert.deepEqual(ofType(effects, 'dial'), [])
    assert.isTrue(table.member('z')?.isConnected)
  })

  test('of one more unknown peer than membersMax is ignored and counted', () => {
    const table = tableOf({ options: { membersMax: 1 }, events: [connected('y')] })
    table.step(connected('x'), 0)
    assert.equal(table.ignoredCount, 1)
    table.step(heard({ peer: 'x', facts: factsOf('x') }), 1)
    assert.isFalse(table.member('x')?.isConnected)
  })

  test('ends the dialling', () => {
    const table = tableOf({ events: [heard(), dialFailed(), connected()] })
    for (let version = 2; version < 30; version++) {
      table.step(heard({ version }), version * 1_000)
      assert.deepEqual(ofType(table.step(tick, version * 1_000), 'dial'), [])
    }
  })
})

/** Keeps `peer` alive by a claim a second, and gives the times it was dialled. */
function dialTimes(peer: string, dialFails: boolean): readonly number[] {
  const table = tableOf()
  const times: number[] = []
  const note = (atMs: number, dials: number) => {
    for (let index = 0; index < dials; index++) {
      times.push(atMs)
      if (dialFails) table.step(dialFailed(peer), atMs)
    }
  }
  for (let version = 1; version <= 120; version++) {
    const atMs = version * 1_000
    for (const one of runUntil(table, atMs)) note(one.atMs, one.effect.type === 'dial' ? 1 : 0)
    note(atMs, ofType(table.step(heard({ peer, version }), atMs), 'dial').length)
  }
  return times
}

describe('a peer without a connection', () => {
  test('is dialled at once if its id is higher, later if it is lower', () => {
    assert.equal(dialTimes('z', true)[0], 1_000)
    assert.isTrue('a' < SELF)
    assert.equal(dialTimes('a', true)[0], 4_000)
  })

  test('is dialled again after waits that double up to a limit, each shortened up to half', () => {
    const times = dialTimes('z', true)
    const waits = times.slice(1).map((atMs, index) => atMs - (times[index] as number))
    for (const [index, waitMs] of waits.entries()) {
      const fullMs = Math.min(30_000, 1_000 * 2 ** index)
      assert.ok(waitMs >= fullMs / 2 && waitMs <= fullMs, `${waitMs} of ${fullMs}`)
    }
    assert.isAtLeast(waits.length, 6)
  })

  test('is dialled again if nothing is heard of a dial', () => {
    assert.deepEqual(dialTimes('z', false), [1_000, 31_000, 61_000, 91_000])
  })

  test('is not dialled without an address, and at once when there is one', () => {
    const table = tableOf({ events: [heard({ facts: undefined })] })
    assert.deepEqual(ofType(table.step(tick, 3_000), 'dial'), [])
    assert.equal(ofType(table.step(heard({ version: 2 }), 3_001), 'dial').length, 1)
  })

  test('is dialled rarely once dead, and as first when it is back', () => {
    const table = tableOf({ events: [heard()] })
    const times: number[] = []
    for (const { atMs, effect } of runUntil(table, 200_000)) {
      if (effect.type !== 'dial') continue
      if (atMs > 11_000) times.push(atMs)
      table.step(dialFailed(), atMs)
    }
    const waits = times.slice(1).map((atMs, index) => atMs - (times[index] as number))
    assert.isAbove(waits.length, 4)
    for (const waitMs of waits) assert.ok(waitMs >= 15_000 && waitMs <= 30_000, `${waitMs}`)

    assert.equal(ofType(table.step(heard({ incarnation: 2 }), 200_000), 'dial').length, 1)
  })

  test('is not dialled if it has left', () => {
    const table = tableOf({ events: [left, dialFailed()] })
    assert.deepEqual(
      runUntil(table, 200_000).filter(({ effect }) => effect.type === 'dial'),
      [],
    )
  })

  test('is not dialled any more once it leaves', () => {
    const table = tableOf({ events: [heard({ peer: 'a' })] })
    table.step(heard({ peer: 'a', version: 2, isLeaving: true }), 1)
    assert.deepEqual(
      runUntil(table, 200_000).filter(({ effect }) => effect.type === 'dial'),
      [],
    )
  })

  test('is not dialled in the moment it is forgotten', () => {
    const table = tableWith('dead')
    const effects = table.step(tick, 100_000_000)
    assert.deepEqual(
      effects.filter(({ type }) => type !== 'publish'),
      [{ type: 'peer-forgotten', peer: 'z' }],
    )
  })

  test('that nobody has heard of may fail to be dialled', () => {
    assert.deepEqual(tableOf().step(dialFailed('stranger'), 1), [])
  })
})
