/**
 * Writes that go out as messages and end as messages: what may be said before they have ended, and
 * when entries count as stored.
 */
import { assert, describe, test } from 'vitest'
import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import { EMPTY_CONF_STATE } from '../../../src/consensus/raft/log/storage.ts'
import { APPEND_THREAD, APPLY_THREAD, type Message } from '../../../src/consensus/raft/message.ts'
import { raftOptions } from '../../../src/consensus/raft/options.ts'
import { RawNode } from '../../../src/consensus/raft/raw-node.ts'
import { hardStateOf } from '../../../src/consensus/raft/ready.ts'
import { Random } from '../../../src/core/random.ts'
import { confChangeCodec } from '../../conformance/interaction/conf-change-codec.ts'
import { bytes, entriesOf, message } from './cluster.ts'

class AsyncNode {
  readonly storage = new MemoryStorage()
  readonly raw: RawNode
  readonly sent: Message[] = []
  readonly appendWork: Message[] = []
  readonly applyWork: Message[] = []

  constructor(voters: readonly number[]) {
    const metadata = { index: 1, term: 1, confState: { ...EMPTY_CONF_STATE, voters } }
    this.storage.applySnapshot({ data: bytes(''), metadata })
    this.raw = new RawNode({
      id: 1,
      storage: this.storage,
      options: raftOptions.parse({ hasAsyncStorageWrites: true, hasPreVote: false }),
      codec: confChangeCodec,
      random: new Random(1),
      appliedIndex: 1,
    })
  }

  collect(): void {
    while (this.raw.hasReady) {
      for (const each of this.raw.ready().messages) this.#route(each)
    }
  }

  append(): void {
    const work = this.appendWork.shift()
    if (work === undefined) throw new Error('expected work')
    const hardState = hardStateOf(work)
    if (hardState !== undefined) this.storage.setHardState(hardState)
    if (work.snapshot !== undefined) this.storage.applySnapshot(work.snapshot)
    this.storage.append(work.entries)
    for (const response of work.responses) this.#route(response)
    this.collect()
  }

  apply(): void {
    for (const response of this.applyWork.shift()?.responses ?? []) this.#route(response)
    this.collect()
  }

  #route(each: Message): void {
    if (each.to === APPEND_THREAD) this.appendWork.push(each)
    else if (each.to === APPLY_THREAD) this.applyWork.push(each)
    else if (each.to === 1) this.raw.stepLocal(each)
    else this.sent.push(each)
  }
}

function append(term: number, index: number, terms: readonly number[]): Message {
  const entries = terms.map((each, i) => {
    return { term: each, index: index + 1 + i, type: 'normal', data: bytes('') } as const
  })
  return message({ type: 'MsgApp', to: 1, from: 2, term, index, logTerm: 1, entries })
}

describe('asynchronous writes', () => {
  test('hold back acknowledgements and votes until they have ended, and nothing else', () => {
    const node = new AsyncNode([1, 2, 3])
    node.raw.step(append(1, 1, [1]))
    node.raw.step(message({ type: 'MsgHeartbeat', to: 1, from: 2, term: 1 }))
    node.collect()
    assert.deepEqual(
      node.sent.map(({ type }) => type),
      ['MsgHeartbeatResp'],
    )
    node.append()
    assert.deepEqual(
      node.sent.map(({ type }) => type),
      ['MsgHeartbeatResp', 'MsgAppResp'],
    )
  })

  test('let a leader send before its own are stored, and commit without them', () => {
    const node = new AsyncNode([1, 2, 3])
    node.raw.campaign()
    node.collect()
    node.append()
    node.raw.step(message({ type: 'MsgVoteResp', to: 1, from: 2, term: 1 }))
    node.collect()
    assert.equal(node.storage.lastIndex, 1)
    assert.deepEqual(
      node.sent.filter(({ type }) => type === 'MsgApp').map(({ to }) => to),
      [2, 3],
    )
    for (const from of [2, 3]) {
      node.raw.step(message({ type: 'MsgAppResp', to: 1, from, term: 1, index: 2 }))
    }
    node.collect()
    assert.equal(node.raw.commitIndex, 2)
    // Nothing is applied before it is stored here too.
    assert.equal(node.applyWork.length, 0)
    while (node.appendWork.length > 0) node.append()
    assert.equal(node.applyWork.length, 1)
    node.apply()
    assert.equal(node.raw.status().lastApplied, 2)
  })

  test('count as ended only in their own term: entries may be replaced and come back', () => {
    const node = new AsyncNode([1, 2, 3])
    node.raw.step(append(1, 1, [1]))
    node.collect()
    node.raw.step({ ...append(2, 1, [2]), from: 3 })
    node.collect()
    // The entries of the first leader, sent again by it in a later term.
    node.raw.step(append(3, 1, [1]))
    node.collect()
    node.append()
    // Had the end of the first write counted, this would be the second's entry from storage.
    node.append()
    node.raw.step(message({ type: 'MsgHeartbeat', to: 1, from: 2, term: 3, commit: 2 }))
    node.collect()
    assert.equal(node.applyWork.length, 0)
    while (node.appendWork.length > 0) node.append()
    assert.deepEqual(
      node.applyWork.map(({ entries }) => entries.map(({ term }) => term)),
      [[1]],
    )
  })

  test('of a snapshot end in whatever term', () => {
    const node = new AsyncNode([1, 2, 3])
    const confState = { ...EMPTY_CONF_STATE, voters: [1, 2, 3] }
    const snapshot = { data: bytes('s'), metadata: { index: 9, term: 1, confState } }
    node.raw.step(message({ type: 'MsgSnap', to: 1, from: 2, term: 1, snapshot }))
    node.collect()
    assert.equal(node.raw.campaign(), 'not-promotable')
    node.raw.step(message({ type: 'MsgHeartbeat', to: 1, from: 3, term: 2, commit: 9 }))
    while (node.appendWork.length > 0) node.append()
    assert.deepEqual([node.raw.status().lastApplied, node.storage.firstIndex], [9, 10])
    assert.equal(node.raw.campaign(), 'ok')
  })

  test('cannot be ended by other nodes', () => {
    const node = new AsyncNode([1, 2, 3])
    for (const type of ['MsgStorageAppendResp', 'MsgStorageApplyResp'] as const) {
      const forged = message({ type, to: 1, from: APPEND_THREAD, entries: entriesOf([1]) })
      assert.equal(node.raw.step(forged), 'local-message')
    }
  })
})
