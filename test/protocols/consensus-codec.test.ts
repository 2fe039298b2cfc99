/**
 * Messages of replicas survive the wire, and what makes no sense is refused by name.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { Entry } from '../../src/consensus/raft/log/entry.ts'
import { EMPTY_SNAPSHOT } from '../../src/consensus/raft/log/storage.ts'
import type { ConfChangeV2 } from '../../src/consensus/raft/membership/conf-change.ts'
import { createMessage } from '../../src/consensus/raft/message.ts'
import type { ConsensusMessage, StateMark } from '../../src/consensus/replica/message.ts'
import { hasCode } from '../../src/core/errors.ts'
import {
  confChangeCodec,
  decodeConsensusMessage,
  decodeSnapshot,
  encodeConsensusMessage,
  encodeSnapshot,
} from '../../src/protocols/consensus-codec.ts'
import { skein } from '../../src/protocols/gen/messages.js'

const bytes = (...values: number[]) => Uint8Array.from(values)
const mark = { index: 9, hash: 'abc' }
const confState = {
  ...{ voters: [1, 3], learners: [7], votersOutgoing: [1], learnersNext: [9] },
  isAutoLeave: true,
}
const entriesAfter = (index: number): readonly Entry[] => [
  { term: 2, index: index + 1, type: 'normal', data: bytes(1, 2) },
  { term: 3, index: index + 2, type: 'conf-change-v2', data: bytes() },
]

test('a mark whose hash is computed for whoever asks is told as any other', () => {
  class LateMark {
    readonly index = 9
    get hash() {
      return 'abc'
    }
  }
  const message = (told: StateMark) =>
    encodeConsensusMessage({ type: 'follow', lastIndex: 1, mark: told })
  assert.deepEqual(message(new LateMark()), message(mark))
})

const MESSAGES: readonly ConsensusMessage[] = [
  {
    type: 'raft',
    mark,
    messages: [
      createMessage({
        ...{ type: 'MsgApp', to: 3, from: 1, term: 2 ** 53 - 1, logTerm: 2, index: 40 },
        ...{ entries: entriesAfter(40), commit: 39 },
      }),
      createMessage({
        ...{ type: 'MsgAppResp', to: 1, from: 3, term: 4, logTerm: 2, index: 40 },
        ...{ isRejected: true, rejectHint: 12 },
      }),
      createMessage({ type: 'MsgVote', to: 3, from: 1, term: 5, isTransfer: true }),
      createMessage({ type: 'MsgHeartbeat', to: 3, from: 1, term: 5, readCount: 3 }),
      createMessage({ type: 'MsgReadIndex', to: 3, from: 1, context: bytes(1, 2, 3) }),
    ],
  },
  { type: 'raft', messages: [], mark: undefined },
  { type: 'propose', requestId: 'r', command: bytes(5, 6) },
  { type: 'operate', requestId: 'r', operation: { type: 'transfer', node: 4 } },
  { type: 'operate', requestId: 'r', operation: { type: 'demote', node: 4 } },
  { type: 'operated', requestId: 'r' },
  { type: 'read', requestId: 'r' },
  { type: 'read-index', requestId: 'r', index: 12 },
  { type: 'refuse', requestId: 'r', reason: 'not-leader', leader: 'peer' },
  { type: 'refuse', requestId: 'r', reason: 'busy', leader: undefined },
  { type: 'follow', lastIndex: 0, mark: undefined },
  { type: 'follow', lastIndex: 12, mark },
  {
    ...{ type: 'feed', prevIndex: 40, entries: entriesAfter(40), commitIndex: 42 },
    ...{ leader: 'peer', term: 3, staleForMs: 1.5, mark },
  },
  {
    type: 'snapshot-offer',
    snapshot: { index: 40, term: 2, confState, sizeBytes: 12 },
    message: undefined,
  },
  {
    type: 'snapshot-offer',
    snapshot: { index: 40, term: 2, confState, sizeBytes: 12 },
    message: createMessage({
      ...{ type: 'MsgSnap', to: 3, from: 1, term: 5 },
      snapshot: { ...EMPTY_SNAPSHOT, metadata: { index: 40, term: 2, confState } },
    }),
  },
  { type: 'chunk-request', index: 40, term: 2, offset: 512 },
  { type: 'chunk', index: 40, term: 2, offset: 512, bytes: bytes(1, 2, 3) },
]

/** Bytes as lists, so that it does not matter of what class they are. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
}

describe('a message of a replica', () => {
  for (const message of MESSAGES) {
    test(`survives the wire: ${message.type}`, () => {
      const decoded = decodeConsensusMessage(encodeConsensusMessage(message))
      assert.deepEqual(plain(decoded), plain(message))
    })
  }

  test('keeps no hold on the bytes that it came in', () => {
    const wire = encodeConsensusMessage(MESSAGES[2] as ConsensusMessage)
    const decoded = decodeConsensusMessage(wire)
    wire.fill(0xff)
    assert.deepEqual(plain(decoded), plain(MESSAGES[2]))
  })

  test('is refused with the name of the field at fault', () => {
    const cases: readonly (readonly [skein.ConsensusMessage.$Properties, RegExp])[] = [
      [{}, /a message of a replica, found one of a kind that is not known/],
      [{ raft: { messages: [{ type: 99 }] } }, /"type" from 0 to 13, found 99/],
      [{ raft: { messages: [{ type: 1, term: 1.5 }] } }, /"term" to be a whole number/],
      [{ raft: { messages: [{ type: 1, index: -1 }] } }, /"index" to be a whole number/],
      [{ refuse: { requestId: 'r', reason: 9 } }, /"reason" from 0 to 5/],
      [{ read: 'x'.repeat(300) }, /"read" of at most 256 characters/],
      [{ feed: { staleForMs: -1 } }, /"stale_for_ms" to be a duration/],
      [
        { raft: { messages: Array.from({ length: 1_025 }, () => ({})) } },
        /at most 1024 "messages"/,
      ],
    ]
    for (const [wire, expected] of cases) {
      const bytesOf = skein.ConsensusMessage.encode(wire).finish()
      assert.throws(() => decodeConsensusMessage(bytesOf), expected)
    }
  })

  test('of any bytes is a message or ERR_BAD_FRAME', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), wire => {
        try {
          decodeConsensusMessage(wire)
        } catch (error) {
          assert.isTrue(hasCode(error, 'ERR_BAD_FRAME'), String(error))
        }
      }),
    )
  })
})

describe('a change of the configuration', () => {
  test('survives the log', () => {
    const change: ConfChangeV2 = {
      transition: 'joint-explicit',
      changes: [
        { type: 'add-node', nodeId: 4 },
        { type: 'remove-node', nodeId: 1 },
        { type: 'add-learner', nodeId: 9 },
      ],
      context: bytes(1),
    }
    const decoded = confChangeCodec.decode(confChangeCodec.encode(change), 'conf-change-v2')
    assert.deepEqual(plain(decoded), plain(change))
  })

  test('of the older form is one change', () => {
    const change = { type: 'add-learner', nodeId: 4, id: 7, context: bytes() } as const
    const decoded = confChangeCodec.decode(confChangeCodec.encode(change), 'conf-change')
    assert.deepEqual(plain(decoded?.changes), [{ type: 'add-learner', nodeId: 4 }])
  })

  test('that is none is none', () => {
    assert.isUndefined(confChangeCodec.decode(bytes(0xff, 0xff, 0xff), 'conf-change-v2'))
    const unknown = skein.ConfChange.encode({ changes: [{ type: 77, nodeId: 1 }] }).finish()
    assert.isUndefined(confChangeCodec.decode(unknown, 'conf-change-v2'))
  })
})

test('a snapshot keeps its configuration', () => {
  const snapshot = { data: bytes(1, 2), metadata: { index: 40, term: 2, confState } }
  const kept = decodeSnapshot(encodeSnapshot(snapshot), { index: 40, term: 2 })
  assert.deepEqual(plain(kept), plain(snapshot))
})
