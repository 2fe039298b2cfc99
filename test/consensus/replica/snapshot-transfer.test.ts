/**
 * A snapshot on its way while the sender makes a newer one: nobody waits for what does not come.
 */
import { assert, describe, test } from 'vitest'
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../src/consensus/raft/log/storage.ts'
import { createMessage } from '../../../src/consensus/raft/message.ts'
import type { ConsensusMessage } from '../../../src/consensus/replica/message.ts'
import { SnapshotSender } from '../../../src/consensus/replica/snapshot-transfer.ts'

const PEER = 'peer-2'
const NODE = 2

function snapshotOf(index: number): Snapshot {
  const data = new Uint8Array(10)
  return { data, metadata: { ...EMPTY_SNAPSHOT.metadata, index, term: 1 } }
}

function sceneOf() {
  const sent: ConsensusMessage[] = []
  const sender = new SnapshotSender((_, message) => sent.push(message))
  return { sender, sent, types: () => sent.map(({ type }) => type) }
}

const asks = (index: number) => ({ type: 'chunk-request', index, term: 1, offset: 0 }) as const
const from = { peer: PEER, node: NODE }

describe('who asks for a chunk', () => {
  test('gets it, and is waited for from then on', () => {
    const { sender, types } = sceneOf()
    const message = createMessage({ type: 'MsgSnap', to: NODE, snapshot: snapshotOf(5) })
    sender.offer(PEER, message, 0)
    sender.requested(from, asks(5), { snapshot: snapshotOf(5), nowMs: 9_000 })
    assert.deepEqual(types(), ['snapshot-offer', 'chunk'])
    assert.deepEqual(sender.givenUp(10_000), [])
    assert.deepEqual(sender.givenUp(19_000), [NODE])
  })

  test('of a snapshot that Raft sent and that is an old one now is given up at once', () => {
    const { sender, types } = sceneOf()
    const message = createMessage({ type: 'MsgSnap', to: NODE, snapshot: snapshotOf(5) })
    sender.offer(PEER, message, 0)
    sender.requested(from, asks(5), { snapshot: snapshotOf(9), nowMs: 100 })
    assert.deepEqual(types(), ['snapshot-offer'])
    assert.deepEqual(sender.givenUp(100), [NODE])
    assert.deepEqual(sender.givenUp(100), [])
  })

  test('of one that came in place of a feed is offered the new one', () => {
    const { sender, sent } = sceneOf()
    sender.offerFeed(PEER, snapshotOf(5))
    sender.requested(from, asks(5), { snapshot: snapshotOf(9), nowMs: 100 })
    const last = sent.at(-1)
    assert.deepInclude(last?.type === 'snapshot-offer' ? last.snapshot : {}, { index: 9 })
    assert.deepEqual(sender.givenUp(1e9), [])
  })

  test('of one that is newer than ours gets nothing', () => {
    const { sender, types } = sceneOf()
    sender.requested(from, asks(9), { snapshot: snapshotOf(5), nowMs: 0 })
    assert.deepEqual(types(), [])
  })
})

test('who has told that it has the snapshot is waited for no more', () => {
  const { sender } = sceneOf()
  sender.offer(PEER, createMessage({ type: 'MsgSnap', to: NODE, snapshot: snapshotOf(5) }), 0)
  const has = (lastIndex: number) => (node: number, index: number) =>
    node === NODE && index <= lastIndex
  assert.deepEqual(sender.arrived(has(4)), [])
  assert.deepEqual(sender.arrived(has(5)), [NODE])
  assert.deepEqual(sender.arrived(has(5)), [])
  assert.deepEqual(sender.givenUp(1e9), [])
})
