/**
 * Messages: what is answered to each, probes on behalf of others, and what they say of our health.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 3.1; Dadgar, Phillips, Currey,
 * "Lifeguard", 2017, section IV.A.
 */
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import type { MembershipEffect, MembershipEvent } from '../../src/membership/events.ts'
import type { Membership } from '../../src/membership/membership.ts'
import { MESSAGE_LIMITS, type MessageBody } from '../../src/membership/message.ts'
import { Relay } from '../../src/membership/relay.ts'
import {
  accusationOf,
  answering,
  connectionLost,
  type Done,
  heard,
  membershipOf,
  met,
  NOTHING,
  type Others,
  ofType,
  peerHeard,
  reachable,
  received,
  runUntil,
  SELF,
  SELF_INCARNATION,
  saidTo,
  silence,
  statusesOf,
} from './scene.ts'

/** What is sent to whom, without what rides along. */
function sent(effects: readonly MembershipEffect[]): readonly (readonly [string, MessageBody])[] {
  return ofType(effects, 'send').map(({ to, message }) => [to, message.body])
}

const sentOf = (done: readonly Done[]) =>
  done.flatMap(({ atMs, effect }) => sent([effect]).map(([to, body]) => ({ atMs, to, body })))

const ping = (sequence: number) => ({ type: 'ping', sequence }) as const
const ack = (sequence: number) => ({ type: 'ack', sequence }) as const
const nack = (sequence: number) => ({ type: 'nack', sequence }) as const
const askFor = (target: string, sequence: number) =>
  ({ type: 'ping-request', sequence, target }) as const

describe('a ping', () => {
  test('is acknowledged with its own sequence, our place and the head of our claim', () => {
    const machine = membershipOf({ events: met('y') })
    const [effect, ...more] = ofType(machine.step(received('y', ping(4_000_000_000)), 3), 'send')
    assert.deepEqual(more, [])
    assert.equal(effect?.to, 'y')
    assert.deepEqual(effect?.message.body, ack(4_000_000_000))
    assert.deepEqual(effect?.message.head, { incarnation: SELF_INCARNATION, version: 1 })
    assert.isDefined(effect?.message.coordinate)
  })

  test('of somebody unknown is acknowledged too', () => {
    assert.deepEqual(sent(membershipOf().step(received('q', ping(1)), 3)), [['q', ack(1)]])
  })

  test('is not answered once we have left', () => {
    const machine = membershipOf({ events: [...met('y'), { type: 'leave' }] })
    assert.deepEqual(machine.step(received('y', ping(1)), 3), [])
  })
})

describe('asked to ping another', () => {
  /** `y` asks us about `z`; the sequence of our own ping. */
  const asked = (machine: Membership, atMs = 10) => {
    const [ours] = sent(machine.step(received('y', askFor('z', 9)), atMs))
    assert.deepEqual(ours?.[0], 'z')
    assert.equal(ours?.[1].type, 'ping')
    return ours?.[1].type === 'ping' ? ours[1].sequence : -1
  }

  test('we ping it, and pass its answer on', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    const sequence = asked(machine)
    assert.deepEqual(sent(machine.step(received('z', ack(sequence)), 12)), [['y', ack(9)]])
    assert.deepEqual(sent(machine.step(received('z', ack(sequence)), 13)), [], 'once')
  })

  test('we say no after four fifths of the time for an answer', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    asked(machine)
    const said = sentOf(runUntil(machine, 2_000, answering('y'))).filter(({ body }) => {
      return body.type === 'nack' || body.type === 'ack'
    })
    assert.deepEqual(said, [{ atMs: 210, to: 'y', body: nack(9) }])
  })

  test('we take the answer of nobody else for its own', () => {
    const machine = membershipOf({ events: met('x', 'y', 'z') })
    const sequence = asked(machine)
    assert.deepEqual(sent(machine.step(received('x', ack(sequence)), 12)), [])
  })

  test('we say no at once if we cannot send to it', () => {
    for (const events of [met('y'), [...met('y', 'z'), reachable('z', false)]]) {
      const machine = membershipOf({ events })
      assert.deepEqual(sent(machine.step(received('y', askFor('z', 9)), 10)), [['y', nack(9)]])
    }
  })

  test('we run 256 errands at once, and say no to more until one has ended', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    const answers = Array.from({ length: 257 }, (_, sequence) => {
      return sent(machine.step(received('y', askFor('z', sequence)), 10))
    })
    const pinged = answers.filter(([first]) => first?.[0] === 'z')
    assert.lengthOf(pinged, 256)
    assert.deepEqual(answers[256], [['y', nack(256)]])
    runUntil(machine, 210)
    assert.equal(sent(machine.step(received('y', askFor('z', 9)), 211))[0]?.[0], 'z')
  })
})

describe('errands', () => {
  const errand = { requester: 'y', requesterSequence: 9, target: 'z', nackAtMs: 100 }

  test('wake us for the first that ends, and never without any', () => {
    const relay = new Relay()
    assert.equal(relay.wakeAtMs, NEVER)
    relay.begin(1, errand)
    relay.begin(2, { ...errand, nackAtMs: 200 })
    assert.equal(relay.wakeAtMs, 100)
    assert.lengthOf(relay.expire(99), 0)
    assert.lengthOf(relay.expire(100), 1)
    assert.equal(relay.wakeAtMs, 200)
  })
})

describe('a member that does not answer us', () => {
  /** `z` is silent; these answer, and help or refuse. */
  const silentTarget = (others: Others, helpers: readonly string[]) => {
    const machine = membershipOf({ events: met('z', ...helpers) })
    const answers = answering(...helpers)
    const done = runUntil(machine, 20_000, effect => [...answers(effect), ...others(effect)])
    return { machine, done }
  }

  /** Those asked about `z` answer so. */
  const helping =
    (body: (sequence: number) => MessageBody): Others =>
    effect => {
      if (effect.type !== 'send' || effect.message.body.type !== 'ping-request') return []
      return [received(effect.to, body(effect.message.body.sequence))]
    }

  test('is asked for by three others, chosen by chance', () => {
    const { done } = silentTarget(helping(ack), ['a', 'b', 'c', 'd', 'e'])
    const all = sentOf(done).filter(({ body }) => body.type === 'ping-request')
    const times = new Set(all.map(({ atMs }) => atMs))
    assert.isAbove(times.size, 1)
    for (const time of times) {
      const asks = all.filter(({ atMs }) => atMs === time)
      assert.lengthOf(asks, 3)
      assert.equal(new Set(asks.map(({ to }) => to)).size, 3)
      for (const { to, body } of asks) {
        assert.notEqual(to, 'z')
        assert.deepInclude(body, { target: 'z' })
      }
    }
  })

  test('lives if one of them reaches it', () => {
    const { machine, done } = silentTarget(helping(ack), ['a', 'b'])
    assert.deepEqual(statusesOf(done), [])
    assert.equal(machine.healthScore, 0)
  })

  test('is suspect at the end of the period if none of them reaches it', () => {
    const { machine, done } = silentTarget(helping(nack), ['a', 'b'])
    const pingedAtMs = sentOf(done).find(({ to }) => to === 'z')?.atMs ?? 0
    assert.deepEqual(statusesOf(done)[0], { atMs: pingedAtMs + 500, status: 'suspect' })
    assert.equal(statusesOf(done).at(-1)?.status, 'dead')
    assert.equal(machine.healthScore, 0, 'they all heard us')
  })

  test('makes us doubt ourselves if they live and do not say a word of it', () => {
    const machine = membershipOf({ events: met('z', 'a', 'b') })
    // They answer pings, and everything else of theirs reaches us too.
    const others = answering('a', 'b')
    const deaf = (effect: MembershipEffect) =>
      effect.type === 'send' && effect.message.body.type === 'ping-request'
        ? [received(effect.to, NOTHING)]
        : others(effect)
    while (machine.member('z')?.status !== 'suspect') runUntil(machine, machine.wakeAtMs, deaf)
    assert.equal(machine.healthScore, 2)
  })

  test('says nothing of us if they are silent altogether', () => {
    const machine = membershipOf({ events: met('z', 'a', 'b') })
    const others = answering('a', 'b')
    while (machine.member('z')?.status !== 'suspect') runUntil(machine, machine.wakeAtMs, others)
    assert.equal(machine.healthScore, 0)
  })

  test('makes us doubt ourselves up to localHealthMax', () => {
    const options = { localHealthMax: 3 }
    const machine = membershipOf({ options, events: met('z', 'a', 'b') })
    runUntil(machine, 60_000)
    assert.equal(machine.healthScore, 3)
  })
})

describe('news', () => {
  test('of a doubt goes to three members at once', () => {
    const helpers = ['a', 'b', 'c', 'd', 'e']
    const machine = membershipOf({ events: met('z', ...helpers) })
    const accusations = [accusationOf()]
    const sends = ofType(machine.step(received('y', NOTHING, { accusations }), 5), 'send')
    assert.lengthOf(sends, 3)
    assert.equal(new Set(sends.map(({ to }) => to)).size, 3)
    for (const { message } of sends) {
      assert.equal(message.body.type, 'news')
      assert.deepEqual(message.accusations, accusations)
    }
    assert.deepEqual(ofType(machine.step(received('y', NOTHING, { accusations }), 6), 'send'), [])
  })

  test('needs no answer', () => {
    const machine = membershipOf({ events: met('y') })
    assert.deepEqual(machine.step(received('y', { type: 'news' }), 5), [])
  })
})

describe('what a message tells of its sender', () => {
  const told = (head: { incarnation: number; version: number }, atMs: number) => {
    const machine = membershipOf({ events: met('z') })
    return { machine, effects: machine.step(received('z', NOTHING, { head }), atMs) }
  }

  test('confirms the claim that we have, twice a second at most', () => {
    const { machine, effects } = told({ incarnation: 1, version: 1 }, 500)
    assert.deepEqual(effects, [{ type: 'state-confirmed', peer: 'z' }])
    assert.equal(machine.member('z')?.heardAtMs, 500)
    assert.deepEqual(machine.step(received('z', NOTHING), 999), [])
    assert.lengthOf(machine.step(received('z', NOTHING), 1_000), 1)
  })

  test('asks for a claim that we have missed, if gossip does not bring it', () => {
    const head = { incarnation: 1, version: 2 }
    const { machine, effects } = told(head, 100)
    assert.deepEqual(effects, [])
    assert.deepEqual(sent(machine.step(received('z', NOTHING, { head }), 599)), [])
    const wanted: MessageBody = { type: 'delta', wanted: ['z'] }
    assert.deepEqual(sent(machine.step(received('z', NOTHING, { head }), 600)), [['z', wanted]])
    assert.deepEqual(sent(machine.step(received('z', NOTHING, { head }), 601)), [])
    machine.step(heard({ version: 2 }), 700)
    assert.deepEqual(sent(machine.step(received('z', NOTHING, { head }), 2_000)), [])
  })

  test('and does not get, is no comparison: nobody is known better for it', () => {
    const head = { incarnation: 1, version: 2 }
    // The lower id begins the comparison after a connection; we have none with `a`.
    const machine = membershipOf({ events: met('a') })
    machine.step(received('a', NOTHING, { head }), 10)
    assert.lengthOf(sent(machine.step(received('a', NOTHING, { head }), 510)), 1)
    machine.step(heard({ peer: 'a', version: 2 }), 511)
    const answer = received('a', { type: 'delta', wanted: [] }, { head })
    assert.deepEqual(ofType(machine.step(answer, 511), 'synced'), [])
  })

  test('that is older than what we have says nothing', () => {
    const { effects } = told({ incarnation: 0, version: 9 }, 500)
    assert.deepEqual(effects, [])
  })

  test('of another life, is life', () => {
    const { machine } = told({ incarnation: 3, version: 1 }, 500)
    assert.equal(machine.member('z')?.incarnation, 3)
  })
})

describe('a message carries at most', () => {
  const { accusationsMax, claimsMax, wantedMax, entriesMax } = MESSAGE_LIMITS

  test('so many accusations, ours of the receiver first', () => {
    const entries = Array.from({ length: 200 }, (_, index) => ({
      peer: `p${index}`,
      status: 'alive' as const,
      incarnation: 1,
      version: 1,
    }))
    const dead = entries.flatMap(({ peer }): MembershipEvent[] => [
      heard({ peer, facts: undefined }),
      received('q', NOTHING, { accusations: [accusationOf({ peer, status: 'dead' })] }),
    ])
    const doubted = received('q', NOTHING, { accusations: [accusationOf({ peer: 'y' })] })
    const machine = membershipOf({ events: [...dead, ...met('y'), doubted] })
    const buckets = Array.from({ length: 32 }, (_, bucket) => bucket)
    const body = { type: 'entries', buckets, entries } as const
    const [send] = ofType(machine.step(received('y', body), 5), 'send')
    assert.lengthOf(send?.message.accusations ?? [], accusationsMax)
    assert.equal(send?.message.accusations[0]?.peer, 'y')
  })

  test('so many claims, names of wanted ones and entries', () => {
    const many = Array.from({ length: 900 }, (_, index) => heard({ peer: `p${index}` }))
    const machine = membershipOf({ events: [...met('y'), ...many] })
    const buckets = Array.from({ length: 32 }, (_, bucket) => bucket)
    const entries = Array.from({ length: 600 }, (_, index) => ({
      peer: `q${index}`,
      status: 'alive' as const,
      incarnation: 1,
      version: 1,
    }))
    const [delta] = ofType(
      machine.step(received('y', { type: 'entries', buckets, entries }), 5),
      'send',
    )
    assert.isAtMost(delta?.message.claims.length ?? 0, claimsMax)
    assert.lengthOf(delta?.message.claims ?? [], claimsMax)
    const { body } = delta?.message ?? {}
    assert.lengthOf(body?.type === 'delta' ? body.wanted : [], wantedMax)

    const hashes = Array.from({ length: 32 }, () => 1)
    const [answer] = ofType(machine.step(received('y', { type: 'digest', hashes }), 6), 'send')
    const told = answer?.message.body
    assert.isAtMost(told?.type === 'entries' ? told.entries.length : entriesMax + 1, entriesMax)
    assert.isAbove(told?.type === 'entries' ? told.entries.length : 0, 400)
  })

  test('no claim of the receiver itself', () => {
    const machine = membershipOf({ events: met('y', 'z') })
    assert.notInclude(saidTo(machine, 'y', 1).claims, 'y')
    assert.include(saidTo(machine, 'y', 1).claims, SELF)
  })
})

describe('a connection that was lost and is back', () => {
  test('is probed as before', () => {
    const machine = membershipOf({ events: [...met('z'), connectionLost(), ...met('z')] })
    const done = runUntil(machine, 3_000, answering('z'))
    assert.deepEqual(statusesOf(done), [])
    machine.step(peerHeard(), 3_000)
    assert.isAbove(sentOf(runUntil(machine, 5_000, silence)).length, 0)
  })
})
