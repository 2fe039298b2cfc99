/**
 * Commands and options of interaction files that the given files do not use.
 */
import { assert, describe, test } from 'vitest'
import { parseCases } from '../data-driven.ts'
import { createInteraction } from './environment.ts'

/** What each directive prints, one after another. */
function outputs(script: string): string[] {
  const cases = parseCases(script.replaceAll(/^(.+)$/gm, '$1\n----\n'))
  return cases.map(createInteraction())
}

function last(script: string): string | undefined {
  return outputs(script).at(-1)
}

const ONE_LEADS = `log-level none
add-nodes 2 voters=(1,2) index=10
campaign 1
stabilize
log-level info
`

describe('an interaction file', () => {
  test('shows writes and applications as messages, if storage is asynchronous', () => {
    const script = `add-nodes 1 voters=(1) index=10 async-storage-writes=true
campaign 1
process-ready 1
process-append-thread 1
process-append-thread 1
process-apply-thread 1
`
    const [, , ready, work, none, noApply] = outputs(script)
    assert.equal(
      ready,
      `Ready MustSync=true:
Lead:0 State:StateCandidate
HardState Term:1 Vote:1 Commit:10
Messages:
1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:10 Vote:1 Responses:[
  1->1 MsgVoteResp Term:1 Log:0/0
]
`,
    )
    assert.equal(
      work,
      `Processing:
1->AppendThread MsgStorageAppend Term:1 Log:0/0 Commit:10 Vote:1
Responses:
1->1 MsgVoteResp Term:1 Log:0/0
`,
    )
    assert.deepEqual([none, noApply], ['no append work to perform', 'no apply work to perform'])
  })

  test('never loses what a node says to itself', () => {
    const script = `add-nodes 1 voters=(1) index=10 async-storage-writes=true
campaign 1
process-ready 1
process-append-thread 1
deliver-msgs drop=(1)
deliver-msgs 1 type=MsgAppResp
deliver-msgs 1 type=MsgVoteResp
`
    assert.deepEqual(outputs(script).slice(-3), [
      'no messages\n',
      'no messages\n',
      '1->1 MsgVoteResp Term:1 Log:0/0\n',
    ])
  })

  test('hands out no more to apply than it is told to', () => {
    const script = `log-level none
add-nodes 1 voters=(1) index=10 max-committed-size-per-ready=1
campaign 1
propose 1 a
stabilize
log-level info
propose 1 b
propose 1 c
stabilize
`
    const committed = last(script)?.match(/CommittedEntries:\n {2}\S+ EntryNormal "[bc]"\n/g)
    assert.equal(committed?.length, 2)
  })

  test('sends snapshots that nobody asked for', () => {
    assert.equal(
      last(`${ONE_LEADS}send-snapshot 1 2\n`),
      `1->2 MsgSnap Term:1 Log:0/0
  Snapshot: Index:11 Term:1 ConfState:Voters:[1 2] VotersOutgoing:[] Learners:[] LearnersNext:[] AutoLeave:false`,
    )
  })

  test('makes a follower forget its leader, and campaign when it is told to', () => {
    const script = `${ONE_LEADS}forget-leader 2
forget-leader 1
raft-state
set-randomized-election-timeout 2 timeout=3
tick-election 2
raft-state
`
    const [before, , , after] = outputs(script).slice(-4)
    assert.equal(
      before,
      '1: StateLeader (Voter) Term:1 Lead:1\n2: StateFollower (Voter) Term:1 Lead:0\n',
    )
    assert.include(after, '2: StateCandidate (Voter) Term:2 Lead:0\n')
  })

  test('tells a leader whom it cannot reach', () => {
    const script = `${ONE_LEADS}report-unreachable 1 2\nstatus 1\nstatus 2\n`
    assert.deepEqual(outputs(script).slice(-2), [
      '1: StateReplicate match=11 next=12\n2: StateProbe match=11 next=12\n',
      'ok',
    ])
  })

  test('prints what cannot be done, however quiet it is', () => {
    const script = `add-nodes 1 voters=(1) index=1
add-nodes 1 read-only=perhaps
log-level loud
dance
add-nodes 1
raft-log 1
compact 1 0
propose 1 a
transfer-leadership from=1
transfer-leadership from=9 to=1
propose-conf-change 1 transition=never
propose-conf-change 1 x=1
propose-conf-change 1 v1=true
report-unreachable 1
log-level NONE
dance
`
    assert.deepEqual(outputs(script), [
      'index must be specified as > 1 due to bootstrap',
      'invalid read-only option "perhaps"',
      'log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]',
      'unknown command',
      'ok',
      'log is empty: first index=1, last index=0',
      'requested index is unavailable due to compaction',
      'raft proposal dropped',
      'expected valid "to" argument',
      'expected valid "from" argument',
      'unknown transition never',
      'unknown command x',
      'v1 conf change can only have one operation and no transition',
      'must specify two nodes',
      'ok',
      'unknown command',
    ])
  })
})
