/**
 * What the network of the full level does to dials, messages and connections.
 */
import { assert, describe, test } from 'vitest'
import { type Letter, Seat } from '../../../sim/fleet/full/connection-end.ts'
import { type DelayMs, MeshNetwork } from '../../../sim/fleet/full/mesh-network.ts'
import { Timeline } from '../../../sim/kernel/timeline.ts'
import { Random } from '../../../src/core/random.ts'
import type { PeerClaim } from '../../../src/membership/peer-claim.ts'

const DELAY_MS = 10

/** Members that write down what they are told. */
class Wires {
  readonly timeline = new Timeline()
  readonly network: MeshNetwork
  readonly log: string[] = []
  readonly seats: Seat[]

  constructor(memberCount: number, delayMs: DelayMs = () => DELAY_MS) {
    const random = new Random(1)
    this.network = new MeshNetwork({ timeline: this.timeline, random, delayMs, memberCount })
    this.seats = Array.from({ length: memberCount }, (_, member) => this.#sit(member))
  }

  seat(member: number): Seat {
    return this.seats[member] as Seat
  }

  connect(a: number, b: number): void {
    this.network.connect(this.seat(a), this.seat(b))
    this.log.length = 0
  }

  send(from: number, to: number, sequence: number): void {
    this.network.send(this.seat(from), to, letterOf(sequence))
  }

  partition(...members: readonly number[]): void {
    this.network.part(member => (members.includes(member) ? 1 : 0))
  }

  pass(durationMs: number): void {
    this.timeline.run(this.timeline.nowMs + durationMs)
  }

  /** A new process where one has ended. */
  restart(member: number): void {
    this.seats[member] = this.#sit(member)
  }

  #sit(member: number): Seat {
    const say = (what: string) => this.log.push(`${this.timeline.nowMs} ${member}: ${what}`)
    const seat = new Seat(member, {
      isBefore: other => member < other,
      claims: () => [],
      connected: (other, { rttMs }) => say(`connected to ${other} in ${rttMs}`),
      disconnected: other => say(`lost ${other}`),
      reachableChanged: (other, isReachable) => say(`${isReachable ? '' : 'un'}reachable ${other}`),
      messageReceived: (from, { message }) => say(`got ${sequenceOf(message)} from ${from}`),
      claimHeard: ({ version }) => say(`heard ${version}`),
      dialFailed: (other, isRefused) => say(`${isRefused ? 'refused' : 'no answer'} by ${other}`),
    })
    this.network.enter(seat)
    return seat
  }
}

function letterOf(sequence: number): Letter {
  const head = { incarnation: 1, version: 1 }
  const body = { type: 'ping', sequence } as const
  return {
    message: { body, head, coordinate: undefined, claims: [], accusations: [] },
    claims: [],
  }
}

const sequenceOf = ({ body }: Letter['message']) => (body.type === 'ping' ? body.sequence : -1)

describe('a dial', () => {
  test('takes five round trips, then a way for the other side, then a round trip for the lane', () => {
    const wires = new Wires(2)
    wires.network.dial(wires.seat(0), 1)
    wires.pass(1_000)
    assert.deepEqual(wires.log, [
      '100 0: connected to 1 in 20',
      '110 1: connected to 0 in 20',
      '120 1: reachable 0',
      '130 0: reachable 1',
    ])
  })

  test('is refused after a round trip where no process is', () => {
    const wires = new Wires(2)
    wires.network.leave(wires.seat(1), false)
    wires.network.dial(wires.seat(0), 1)
    // One that is under way is enough.
    wires.network.dial(wires.seat(0), 1)
    wires.pass(10_000)
    assert.deepEqual(wires.log, ['20 0: refused by 1'])
  })

  test('is given up after 5 s where nothing passes, or no host is', () => {
    for (const isVanished of [false, true]) {
      const wires = new Wires(2)
      if (isVanished) wires.network.leave(wires.seat(1), true)
      else wires.partition(1)
      wires.network.dial(wires.seat(0), 1)
      wires.pass(10_000)
      assert.deepEqual(wires.log, ['5000 0: no answer by 1'])
    }
  })

  test('that is cut or whose target ends on the way fails', () => {
    const cut = new Wires(2)
    cut.network.dial(cut.seat(0), 1)
    cut.pass(50)
    cut.partition(1)
    cut.pass(10_000)
    assert.deepEqual(cut.log, ['5000 0: no answer by 1'])

    const ended = new Wires(2)
    ended.network.dial(ended.seat(0), 1)
    ended.pass(50)
    ended.network.leave(ended.seat(1), false)
    ended.restart(1)
    ended.pass(10_000)
    assert.deepEqual(ended.log, ['100 0: no answer by 1'])
  })

  test('from both sides at once makes one connection', () => {
    const wires = new Wires(2)
    wires.network.dial(wires.seat(0), 1)
    wires.network.dial(wires.seat(1), 0)
    wires.pass(1_000)
    const connected = wires.log.filter(line => line.includes('connected'))
    assert.deepEqual(connected, ['100 0: connected to 1 in 20', '110 1: connected to 0 in 20'])
    assert.lengthOf(wires.log, 4)
  })
})

describe('messages', () => {
  test('arrive in order, however long each takes', () => {
    const wires = new Wires(2, (_from, _to, random) => 100 * random.next())
    wires.connect(0, 1)
    for (let sequence = 0; sequence < 50; sequence += 1) wires.send(0, 1, sequence)
    wires.pass(1_000)
    const got = wires.log.map(line => Number(line.split(' ')[3]))
    assert.deepEqual(
      got,
      Array.from({ length: 50 }, (_, sequence) => sequence),
    )
  })

  test('wait where nothing passes, for the next time that TCP tries', () => {
    const wires = new Wires(3)
    wires.connect(0, 1)
    wires.partition(1)
    wires.send(0, 1, 1)
    wires.send(0, 1, 2)
    wires.pass(500)
    wires.partition()
    wires.send(0, 1, 3)
    wires.pass(1_000)
    assert.deepEqual(
      wires.log,
      [1, 2, 3].map(sequence => `610 1: got ${sequence} from 0`),
    )
  })

  test('are not sent without a connection', () => {
    const wires = new Wires(2)
    wires.send(0, 1, 1)
    wires.pass(1_000)
    assert.isEmpty(wires.log)
  })
})

describe('a connection', () => {
  test('that one side ends, ends for the other behind what was sent before', () => {
    const wires = new Wires(2)
    wires.connect(0, 1)
    wires.send(0, 1, 1)
    wires.network.disconnect(wires.seat(0), 1)
    wires.send(0, 1, 2)
    wires.pass(1_000)
    assert.deepEqual(wires.log, ['0 0: lost 1', '10 1: got 1 from 0', '10 1: lost 0'])
  })

  test('of a process that ends is ended by its kernel; of a host that vanishes, by nobody', () => {
    const ended = new Wires(2)
    ended.connect(0, 1)
    ended.network.leave(ended.seat(0), false)
    ended.pass(1_000)
    assert.deepEqual(ended.log, ['10 1: lost 0'])

    const vanished = new Wires(2)
    vanished.connect(0, 1)
    vanished.network.leave(vanished.seat(0), true)
    vanished.send(1, 0, 1)
    vanished.pass(60_000)
    assert.isEmpty(vanished.log)
    // Once the host is back, it knows nothing of the connection.
    vanished.restart(0)
    vanished.pass(120_000)
    assert.lengthOf(vanished.log, 1)
    assert.match(vanished.log[0] ?? '', /1: lost 0$/)
  })

  test('that is made anew takes the place of one that only the other side still has', () => {
    const wires = new Wires(2)
    wires.connect(0, 1)
    wires.partition(1)
    wires.network.disconnect(wires.seat(0), 1)
    wires.pass(1_000)
    wires.partition()
    wires.network.dial(wires.seat(0), 1)
    wires.pass(5_000)
    assert.deepEqual(wires.log, [
      '0 0: lost 1',
      '1100 0: connected to 1 in 20',
      '1130 0: reachable 1',
    ])
    wires.send(1, 0, 7)
    wires.pass(10)
    assert.equal(wires.log.at(-1), '6010 0: got 7 from 1')
  })
})

describe('a claim', () => {
  test('comes to everyone once, by the shortest way that neighbours make', () => {
    const wires = new Wires(30)
    // A line: each passes it on to the next.
    for (let member = 1; member < 30; member += 1) wires.connect(member - 1, member)
    wires.network.publish(wires.seat(0), claimOf(4))
    wires.pass(1_000)
    assert.deepEqual(
      wires.log,
      Array.from({ length: 29 }, (_, hop) => `${DELAY_MS * (hop + 1)} ${hop + 1}: heard 4`),
    )
  })

  test('takes another way around whoever ends meanwhile', () => {
    const wires = new Wires(4, (from, to) => (from + to === 5 ? 100 : DELAY_MS))
    for (const [a, b] of [
      [0, 1],
      [1, 3],
      [0, 2],
      [2, 3],
    ] as const)
      wires.connect(a, b)
    wires.network.publish(wires.seat(0), claimOf(4))
    wires.pass(5)
    wires.network.leave(wires.seat(1), true)
    wires.pass(1_000)
    assert.deepEqual(wires.log, ['10 2: heard 4', '110 3: heard 4'])
  })

  test('comes by the longer way if the connection of the shorter ends meanwhile', () => {
    const wires = new Wires(3, (from, to) => (from + to === 2 ? 100 : DELAY_MS))
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [0, 2],
    ] as const)
      wires.connect(a, b)
    wires.network.publish(wires.seat(0), claimOf(4))
    wires.pass(15)
    wires.network.disconnect(wires.seat(2), 1)
    wires.pass(1_000)
    const heard = wires.log.filter(line => line.includes('heard'))
    assert.deepEqual(heard, ['10 1: heard 4', '100 2: heard 4'])
  })
})

function claimOf(version: number): PeerClaim {
  const load = { models: [], gpus: [], isDraining: false }
  const rest = { facts: undefined, factsVersion: 0, load, isLeaving: false }
  return { peer: 'author', incarnation: 1, version, ...rest }
}
