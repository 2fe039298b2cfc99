/**
 * What a leader lets into the log: from whom, in whose name, and of what time.
 */
import { assert, describe, test } from 'vitest'
import { encodeCommand } from '../../../src/consensus/policy/command.ts'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import { proposalFault } from '../../../src/node/consensus/proposal-check.ts'

const NOW_MS = 1_767_225_600_000
const MINUTE_MS = 60_000

const views = { role: (peer: string) => (peer === 'stranger' ? undefined : ('member' as const)) }

function fault({ from = 'b', author = 'key:ops', lateMs = 0 } = {}) {
  const operation = { type: 'delete', kind: 'aliases', name: 'chat' } as const
  const head = { requestId: 'request-00000000', author, atMs: NOW_MS - lateMs }
  const text = encodeCommand({ ...head, operation }, policyFormat)
  return proposalFault({ from, command: Buffer.from(text), wallMs: NOW_MS }, views)
}

describe('a leader', () => {
  test('takes what a member sends for its clients, or in its own name', () => {
    for (const author of ['key:ops', 'local', 'key-file', 'peer:b']) {
      assert.equal(fault({ author }), undefined)
    }
  })

  test('refuses what is sent in the name of another peer', () => {
    assert.equal(fault({ author: 'peer:c' }), 'not-allowed')
  })

  test('refuses who is not in the roster', () => {
    assert.equal(fault({ from: 'stranger' }), 'not-allowed')
  })

  test('refuses a time more than ten minutes from its own, before or after', () => {
    for (const sign of [1, -1]) {
      assert.equal(fault({ lateMs: sign * 10 * MINUTE_MS }), undefined)
      assert.equal(fault({ lateMs: sign * (10 * MINUTE_MS + 1) }), 'clock-skew')
    }
  })

  test('refuses what is no command', () => {
    for (const text of ['', '{}', 'not JSON', '{"atMs":"x","author":"local","operation":{}}']) {
      const proposal = { from: 'b', command: Buffer.from(text), wallMs: NOW_MS }
      assert.equal(proposalFault(proposal, views), 'not-allowed')
    }
  })
})
