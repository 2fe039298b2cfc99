/**
 * Steps between configurations. Ongaro and Ousterhout 2014, section 6. The refusals and many more
 * paths are in the confchange files of test/conformance.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  enterJoint,
  leaveJoint,
  simple,
} from '../../../../src/consensus/raft/membership/changer.ts'
import {
  asConfChangeV2,
  type ConfChangeSingle,
  type ConfChangeTransition,
  isJointExit,
  jointEntry,
} from '../../../../src/consensus/raft/membership/conf-change.ts'
import { restore } from '../../../../src/consensus/raft/membership/restore.ts'
import {
  ProgressTracker,
  type TrackedConfiguration,
} from '../../../../src/consensus/raft/progress/progress-tracker.ts'
import { InvariantError } from '../../../../src/core/assert.ts'
import { readConfChanges } from '../../../conformance/arguments.ts'
import { configurationText, progressMapText } from '../../../conformance/progress-text.ts'

const AT = { lastIndex: 8 }
const NO_CONTEXT = new Uint8Array()

function trackerOf(text: string): ProgressTracker {
  const tracker = new ProgressTracker({ countMax: 5, bytesMax: Number.POSITIVE_INFINITY })
  for (const change of readConfChanges(text)) tracker.adopt(simple(tracker, [change], AT))
  return tracker
}

const someChange = fc.record<ConfChangeSingle>({
  type: fc.constantFrom('add-node', 'remove-node', 'update-node', 'add-learner'),
  nodeId: fc.nat(6),
})

const someStep = fc.record({
  deed: fc.constantFrom('simple', 'enter-joint', 'enter-joint-auto', 'leave-joint'),
  changes: fc.array(someChange, { maxLength: 5 }),
})

function take(
  tracker: ProgressTracker,
  { deed, changes }: { deed: string; changes: readonly ConfChangeSingle[] },
): TrackedConfiguration | undefined {
  try {
    if (deed === 'simple') return simple(tracker, changes, AT)
    if (deed === 'leave-joint') return leaveJoint(tracker)
    return enterJoint(tracker, changes, { ...AT, isAutoLeave: deed === 'enter-joint-auto' })
  } catch (error) {
    assert.instanceOf(error, InvariantError)
    return undefined
  }
}

describe('any sequence of steps', () => {
  const someSteps = fc.array(someStep, { maxLength: 12 })

  test('leads to configurations that a snapshot can carry and restore', () => {
    fc.assert(
      fc.property(someSteps, steps => {
        const tracker = trackerOf('v1')
        for (const step of steps) {
          const next = take(tracker, step)
          if (next !== undefined) tracker.adopt(next)
          const restored = new ProgressTracker({ countMax: 5, bytesMax: 1 })
          restored.adopt(restore(restored, tracker.confState(), AT))
          assert.deepEqual(restored.configuration, tracker.configuration)
          assert.deepEqual([...restored.progress.keys()], [...tracker.progress.keys()])
        }
      }),
    )
  })

  test('leaves what it starts from as it is, also if refused', () => {
    fc.assert(
      fc.property(someSteps, someStep, (steps, last) => {
        const tracker = trackerOf('v1')
        for (const step of steps) tracker.adopt(take(tracker, step) ?? tracker)
        const before = configurationText(tracker.configuration) + progressMapText(tracker.progress)
        take(tracker, last)
        const after = configurationText(tracker.configuration) + progressMapText(tracker.progress)
        assert.equal(after, before)
      }),
    )
  })

  test('never lets two majorities pass each other: neighbours always share a voter', () => {
    fc.assert(
      fc.property(someSteps, steps => {
        const tracker = trackerOf('v1 v2 v3')
        for (const step of steps) {
          const before = tracker.configuration.voters
          const next = take(tracker, step)
          if (next === undefined) continue
          const after = next.configuration.voters
          // Each pair of quorums has a half in common, or halves that differ by one voter.
          const halves = (voters: typeof before) =>
            [voters.incoming, voters.outgoing].filter(half => half.size > 0)
          const isNear = halves(before).some(a =>
            halves(after).some(
              b =>
                [...a].filter(id => !b.has(id)).length + [...b].filter(id => !a.has(id)).length <=
                1,
            ),
          )
          assert.isTrue(isNear)
          tracker.adopt(next)
        }
      }),
    )
  })
})

describe('a member that stays', () => {
  test('keeps its progress when it is promoted, demoted or left alone', () => {
    const tracker = trackerOf('v1 v2 l3')
    for (const id of [1, 2, 3]) tracker.progress.get(id)?.maybeUpdate(id + 20)

    tracker.adopt(enterJoint(tracker, readConfChanges('l2 v3 v4'), { ...AT, isAutoLeave: false }))
    tracker.adopt(leaveJoint(tracker))

    const matched = [...tracker.progress].map(([id, { matchIndex }]) => [id, matchIndex])
    assert.deepEqual(matched, [
      [1, 21],
      [2, 22],
      [3, 23],
      [4, 0],
    ])
    assert.equal(configurationText(tracker.configuration), 'voters=(1 3 4) learners=(2)')
  })

  test('votes on in the outgoing half when it is demoted, and learns afterwards', () => {
    const tracker = trackerOf('v1 v2 v3')
    tracker.adopt(enterJoint(tracker, readConfChanges('l3'), { ...AT, isAutoLeave: true }))
    assert.equal(
      configurationText(tracker.configuration),
      'voters=(1 2)&&(1 2 3) learners_next=(3) autoleave',
    )
    assert.isFalse(tracker.progress.get(3)?.isLearner)

    tracker.adopt(leaveJoint(tracker))
    assert.isTrue(tracker.progress.get(3)?.isLearner)
  })
})

test('a new member is probed at the end of the log, and counts as active', () => {
  const progress = trackerOf('v1 v2').progress.get(2)
  assert.deepEqual(
    [progress?.nextIndex, progress?.state, progress?.isRecentlyActive],
    [8, 'probe', true],
  )
})

describe('what is refused', () => {
  const joint = () => {
    const tracker = trackerOf('v1')
    tracker.adopt(enterJoint(tracker, readConfChanges('v2'), { ...AT, isAutoLeave: false }))
    return tracker
  }
  const cases = [
    {
      what: 'a simple change in a joint configuration',
      deed: () => simple(joint(), [], AT),
      says: "can't apply simple config change in joint config",
    },
    {
      what: 'a joint change in a joint configuration',
      deed: () => enterJoint(joint(), [], { ...AT, isAutoLeave: false }),
      says: 'config is already joint',
    },
    {
      what: 'a joint change without voters',
      deed: () => enterJoint(trackerOf(''), readConfChanges('v1'), { ...AT, isAutoLeave: false }),
      says: "can't make a zero-voter config joint",
    },
    {
      what: 'leaving what is not joint',
      deed: () => leaveJoint(trackerOf('v1')),
      says: "can't leave a non-joint config",
    },
    {
      what: 'removing the last voter',
      deed: () => simple(trackerOf('v1'), readConfChanges('r1'), AT),
      says: 'removed all voters',
    },
    {
      what: 'two voters at once',
      deed: () => simple(trackerOf('v1'), readConfChanges('v2 v3'), AT),
      says: 'more than one voter changed without entering joint config',
    },
  ]
  for (const { what, deed, says } of cases) {
    test(what, () => {
      assert.throws(deed, InvariantError, says)
    })
  }
})

describe('a configuration to restore', () => {
  const nothing = {
    voters: [],
    votersOutgoing: [],
    learners: [],
    learnersNext: [],
    isAutoLeave: false,
  }
  const cases = [
    { what: 'has voters if it has anyone', state: { learners: [1] }, says: 'removed all voters' },
    {
      what: 'has no learner that votes',
      state: { voters: [1, 2], learners: [2] },
      says: 'learner 2 is an incoming voter',
    },
    {
      what: 'has no learner that votes in the outgoing half',
      state: { voters: [1], votersOutgoing: [2], learners: [2] },
      says: 'learner 2 is an outgoing voter',
    },
    {
      what: 'has no learner-to-be that does not vote',
      state: { voters: [1], votersOutgoing: [1], learnersNext: [3] },
      says: 'no progress for 3',
    },
    {
      what: 'has no learner-to-be that stays a voter',
      state: { voters: [1, 2], votersOutgoing: [1, 2], learnersNext: [2] },
      says: 'learner-to-be 2 is an incoming voter',
    },
    {
      what: 'leaves nothing by itself that is not joint',
      state: { voters: [1], isAutoLeave: true },
      says: 'only a joint configuration is left by itself',
    },
  ]
  for (const { what, state, says } of cases) {
    test(what, () => {
      const tracker = trackerOf('')
      assert.throws(() => restore(tracker, { ...nothing, ...state }, AT), InvariantError, says)
    })
  }

  test('may be empty', () => {
    const tracker = trackerOf('')
    assert.equal(restore(tracker, nothing, AT).progress.size, 0)
  })
})

describe('a change', () => {
  const change = (transition: ConfChangeTransition, text: string) => ({
    transition,
    changes: readConfChanges(text),
    context: NO_CONTEXT,
  })

  test('goes through a joint configuration if it is several or asks for it', () => {
    const entries = [
      jointEntry(change('auto', '')),
      jointEntry(change('auto', 'v1')),
      jointEntry(change('auto', 'v1 v2')),
      jointEntry(change('joint-implicit', 'v1')),
      jointEntry(change('joint-explicit', 'v1')),
      jointEntry(change('joint-explicit', 'v1 v2')),
    ]
    assert.deepEqual(entries, [
      'none',
      'none',
      'auto-leave',
      'auto-leave',
      'explicit-leave',
      'explicit-leave',
    ])
  })

  test('leads out of a joint configuration if it is empty, whatever its context', () => {
    const empty = { ...change('auto', ''), context: Uint8Array.of(1) }
    assert.isTrue(isJointExit(empty))
    assert.isFalse(isJointExit(change('auto', 'v1')))
    assert.isFalse(isJointExit(change('joint-explicit', '')))
  })

  test('of the older form is one change', () => {
    const older = { id: 7, type: 'add-learner', nodeId: 3, context: Uint8Array.of(9) } as const
    assert.deepEqual(asConfChangeV2(older), {
      transition: 'auto',
      changes: [{ type: 'add-learner', nodeId: 3 }],
      context: Uint8Array.of(9),
    })
  })
})
