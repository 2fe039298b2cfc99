/**
 * Options that contradict one another, and stored state that does, are refused.
 */
import { assert, test } from 'vitest'
import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import { raftOptions } from '../../../src/consensus/raft/options.ts'
import { RawNode } from '../../../src/consensus/raft/raw-node.ts'
import { hasCode } from '../../../src/core/errors.ts'
import { Random } from '../../../src/core/random.ts'
import { confChangeCodec } from '../../conformance/interaction/conf-change-codec.ts'

test('the defaults hold together', () => {
  assert.equal(raftOptions.parse({}).hasPreVote, true)
})

test('options that contradict one another are refused', () => {
  const wrong = [
    { heartbeatTicks: 10, electionTicks: 10 },
    { readMode: 'lease-based', hasCheckQuorum: false },
    { inflightMaxBytes: 10, messageMaxBytes: 11 },
    { inflightMaxCount: 0 },
    { surprise: 1 },
  ]
  for (const each of wrong) assert.isFalse(raftOptions.safeParse(each).success)
})

test('a node does not start with more committed than its log has', () => {
  const storage = new MemoryStorage()
  storage.setHardState({ term: 3, vote: 1, commit: 7 })
  const config = { id: 1, storage, codec: confChangeCodec, random: new Random(1) }
  try {
    new RawNode({ ...config, options: raftOptions.parse({}) })
    assert.fail('expected an error')
  } catch (error) {
    assert.isTrue(hasCode(error, 'ERR_STORAGE'), String(error))
  }
})
