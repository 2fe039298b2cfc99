/**
 * Links to peers, and how a restarted peer is told from a second process with its identity.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { assert, describe, test } from 'vitest'
import { checkInstance } from '../../src/node/libp2p/instance-check.ts'
import { Links } from '../../src/node/libp2p/links.ts'
import { rejection } from './until.ts'

const OLD = new Uint8Array(16).fill(1)
const NEW = new Uint8Array(16).fill(2)

/** A connection that answers, or does not, and tells its end as libp2p does: at once. */
function connectionOf(isAnswering: boolean, onClosed: (connection: Connection) => void = () => {}) {
  let askedCount = 0
  const state = { status: 'open' }
  const connection = {
    get status() {
      return state.status
    },
    newStream: async () => {
      askedCount += 1
      if (!isAnswering) throw new Error('no answer')
      return { abort: () => {} } as unknown as Stream
    },
    abort: () => {
      state.status = 'aborted'
      onClosed(connection)
    },
  } as unknown as Connection
  return { connection, state, askedCount: () => askedCount }
}

describe('a second connection from one identity', () => {
  test('by the same process is welcome, and nobody is asked', async () => {
    const links = new Links()
    const first = connectionOf(true)
    links.add('p', first.connection, OLD)
    await checkInstance(links, 'p', new Uint8Array(OLD))
    assert.equal(first.askedCount(), 0)
  })

  test('by another process is refused while the first one answers', async () => {
    const links = new Links()
    const first = connectionOf(true)
    links.add('p', first.connection, OLD)
    const error = await rejection(checkInstance(links, 'p', NEW))
    assert.propertyVal(error, 'code', 'ERR_IDENTITY_IN_USE')
    assert.equal(first.connection.status, 'open')
  })

  test('takes the place of a first one that does not answer', async () => {
    const links = new Links()
    const gone: boolean[] = []
    const first = connectionOf(false, connection => gone.push(links.remove('p', connection)))
    links.add('p', first.connection, OLD)
    await checkInstance(links, 'p', NEW)
    assert.deepEqual(gone, [true])
    assert.isTrue(links.add('p', connectionOf(true).connection, NEW))
    assert.deepEqual(links.instanceOf('p'), NEW)
  })

  test('from a peer without a connection is welcome', async () => {
    await checkInstance(new Links(), 'p', NEW)
  })
})

describe('links', () => {
  test('tell the first connection to a peer and the last', () => {
    const links = new Links()
    const [one, two] = [connectionOf(true).connection, connectionOf(true).connection]
    assert.deepEqual([links.add('p', one, OLD), links.add('p', two, OLD)], [true, false])
    assert.deepEqual([links.remove('p', one), links.remove('p', one)], [false, false])
    assert.isTrue(links.remove('p', two))
    assert.equal(links.size, 0)
  })

  test('use the oldest connection that is open', () => {
    const links = new Links()
    const [one, two] = [connectionOf(true), connectionOf(true)]
    links.add('p', one.connection, OLD)
    links.add('p', two.connection, OLD)
    assert.equal(links.connectionTo('p'), one.connection)
    one.state.status = 'closing'
    assert.equal(links.connectionTo('p'), two.connection)
    two.state.status = 'closed'
    assert.isUndefined(links.connectionTo('p'))
  })

  test('keep four connections to one peer, and end the fifth', () => {
    const links = new Links()
    const connections = Array.from({ length: 5 }, () => connectionOf(true))
    for (const { connection } of connections) links.add('p', connection, OLD)
    assert.deepEqual(
      connections.map(({ state }) => state.status),
      ['open', 'open', 'open', 'open', 'aborted'],
    )
  })
})
