/**
 * The admission gate: what waits for a hello, how long, and how many may.
 */
import type { Connection, Stream } from '@libp2p/interface'
import type { Registrar } from '@libp2p/interface-internal'
import { assert, describe, test } from 'vitest'
import { AdmissionGate } from '../../src/node/libp2p/admission-gate.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { rejection, turn } from './until.ts'

const stream = { pause: () => {}, resume: () => {} } as unknown as Stream

/** A connection of which only its end matters here. */
function connectionOf() {
  const aborted: Error[] = []
  const connection = { abort: (error: Error) => aborted.push(error) } as unknown as Connection
  return { connection, aborted }
}

function gateOf(pendingMax = 4) {
  const clock = new ManualClock()
  const gate = new AdmissionGate(clock, { admissionTimeoutMs: 1_000, pendingMax })
  return { clock, gate }
}

/** A guarded handler, and how often it ran. */
function guarded(gate: AdmissionGate) {
  const runs: Connection[] = []
  const handler = gate.guard((_, connection) => {
    runs.push(connection)
  })
  return { runs, open: async (connection: Connection) => handler(stream, connection) }
}

describe('a stream on a connection', () => {
  test('that said hello is served at once', async () => {
    const { gate, clock } = gateOf()
    const { connection } = connectionOf()
    const { runs, open } = guarded(gate)
    gate.opened(connection)
    gate.admit(connection)
    await open(connection)
    assert.lengthOf(runs, 1)
    assert.isTrue(gate.isAdmitted(connection))
    assert.equal(clock.wakeCount, 0)
  })

  test('is not read from while it waits', async () => {
    const calls: string[] = []
    const watched = {
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
    } as unknown as Stream
    const { gate } = gateOf()
    const { connection } = connectionOf()
    gate.opened(connection)
    const waiting = gate.guard(() => {
      calls.push('handler')
    })(watched, connection)
    assert.deepEqual(calls, ['pause'])
    gate.admit(connection)
    await waiting
    assert.deepEqual(calls, ['pause', 'resume', 'handler'])
  })

  test('that has not said hello waits for it', async () => {
    const { gate } = gateOf()
    const { connection } = connectionOf()
    const { runs, open } = guarded(gate)
    gate.opened(connection)
    const opening = open(connection)
    await turn()
    assert.lengthOf(runs, 0)
    gate.admit(connection)
    await opening
    assert.deepEqual(runs, [connection])
  })

  test('that says no hello in time is refused, with the connection', async () => {
    const { gate, clock } = gateOf()
    const { connection, aborted } = connectionOf()
    const { runs, open } = guarded(gate)
    gate.opened(connection)
    const opening = rejection(open(connection))
    clock.advance(999)
    assert.lengthOf(aborted, 0)
    clock.advance(1)
    assert.propertyVal(await opening, 'code', 'ERR_FORBIDDEN')
    assert.propertyVal(aborted[0], 'code', 'ERR_FORBIDDEN')
    assert.lengthOf(runs, 0)
  })

  test('that closes while it waits is refused', async () => {
    const { gate, clock } = gateOf()
    const { connection, aborted } = connectionOf()
    const { runs, open } = guarded(gate)
    gate.opened(connection)
    const opening = rejection(open(connection))
    gate.closed(connection)
    assert.propertyVal(await opening, 'code', 'ERR_FORBIDDEN')
    assert.deepEqual([runs.length, aborted.length, clock.wakeCount], [0, 0, 0])
  })

  test('that is closed or was never opened is refused', async () => {
    const { gate } = gateOf()
    const { connection } = connectionOf()
    const { runs, open } = guarded(gate)
    assert.propertyVal(await rejection(open(connection)), 'code', 'ERR_FORBIDDEN')
    gate.opened(connection)
    gate.admit(connection)
    gate.closed(connection)
    assert.isFalse(gate.isAdmitted(connection))
    assert.propertyVal(await rejection(open(connection)), 'code', 'ERR_FORBIDDEN')
    assert.lengthOf(runs, 0)
  })

  test('waits for the hello of its own connection', async () => {
    const { gate, clock } = gateOf()
    const [one, other] = [connectionOf(), connectionOf()]
    const { runs, open } = guarded(gate)
    gate.opened(one.connection)
    gate.opened(other.connection)
    const opening = rejection(open(other.connection))
    gate.admit(one.connection)
    await turn()
    assert.lengthOf(runs, 0)
    clock.advance(1_000)
    await opening
    assert.deepEqual([one.aborted.length, other.aborted.length], [0, 1])
  })
})

describe('at its bounds the gate', () => {
  test('closes a connection beyond those that may be pending, and makes room again', () => {
    const { gate } = gateOf(2)
    const connections = [connectionOf(), connectionOf(), connectionOf(), connectionOf()]
    const [first, second, third, fourth] = connections as [
      ReturnType<typeof connectionOf>,
      ...ReturnType<typeof connectionOf>[],
    ]
    for (const each of [first, second, third]) gate.opened(each?.connection as Connection)
    assert.deepEqual(
      connections.map(({ aborted }) => aborted.length),
      [0, 0, 1, 0],
    )
    gate.admit(first.connection)
    gate.opened(fourth?.connection as Connection)
    assert.lengthOf(fourth?.aborted ?? [], 0)
  })

  test('lets 4 streams of one connection wait, and refuses the next', async () => {
    const { gate } = gateOf()
    const { connection } = connectionOf()
    const { runs, open } = guarded(gate)
    gate.opened(connection)
    const waiting = Array.from({ length: 4 }, () => open(connection))
    assert.propertyVal(await rejection(open(connection)), 'code', 'ERR_FORBIDDEN')
    gate.admit(connection)
    await Promise.all(waiting)
    assert.lengthOf(runs, 4)
  })
})

describe('a registrar behind the gate', () => {
  test('guards every handler that is registered, and is itself otherwise', async () => {
    const handlers = new Map<string, (at: Stream, connection: Connection) => unknown>()
    const registrar = {
      name: 'real',
      handle: async (protocol: string, handler: (at: Stream, connection: Connection) => void) => {
        handlers.set(protocol, handler)
      },
      getProtocols(): string[] {
        return [...handlers.keys(), this.name]
      },
    }
    const { gate } = gateOf()
    const behind = gate.guardRegistrar(registrar as unknown as Registrar)
    let runCount = 0
    await behind.handle('/x', () => {
      runCount += 1
    })
    assert.deepEqual(behind.getProtocols(), ['/x', 'real'])

    const { connection } = connectionOf()
    const open = async () => handlers.get('/x')?.(stream, connection)
    assert.propertyVal(await rejection(open()), 'code', 'ERR_FORBIDDEN')
    gate.opened(connection)
    gate.admit(connection)
    await open()
    assert.equal(runCount, 1)
  })
})
