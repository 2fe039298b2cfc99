/**
 * Who is made a voter, and who no longer: as a table of situations, and as a law over many of them.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  type Candidate,
  chooseVoterChange,
  type VoterChoiceInput,
} from '../../../src/consensus/replica/voter-choice.ts'

const OPTIONS = { votersMax: 5, voterReplaceAfterMs: 60_000, voterStableAfterMs: 10_000 } as const
const HOUR_MS = 3_600_000

const alive = (node: number, aliveForMs = HOUR_MS, zone = ''): Candidate => ({
  ...{ node, zone, aliveForMs, deadForMs: undefined, isExcluded: false },
})
const dead = (node: number, deadForMs = HOUR_MS): Candidate => ({
  ...{ node, zone: '', aliveForMs: undefined, deadForMs, isExcluded: false },
})
const gone = (node: number): Candidate => ({ ...alive(node), isExcluded: true })

interface Situation {
  readonly candidates: readonly Candidate[]
  readonly voters: readonly number[]
  readonly learners?: readonly number[]
  readonly votersOutgoing?: readonly number[]
  /** Learners that have the log; all unless given. */
  readonly caughtUp?: readonly number[]
}

function inputOf(situation: Situation): VoterChoiceInput {
  const { candidates, voters, learners = [], votersOutgoing = [], caughtUp } = situation
  return {
    self: voters[0] ?? 0,
    confState: { voters, learners, votersOutgoing, learnersNext: [], isAutoLeave: false },
    candidates,
    isCaughtUp: node => caughtUp === undefined || caughtUp.includes(node),
  }
}

/** `+3` a voter, `~3` a learner, `-3` nothing any more. */
function chosen(situation: Situation, options: object = {}): string {
  const changes = chooseVoterChange(inputOf(situation), { ...OPTIONS, ...options })
  const signs = { 'add-node': '+', 'add-learner': '~', 'remove-node': '-', 'update-node': '?' }
  return changes.map(({ type, nodeId }) => `${signs[type]}${nodeId}`).join(' ')
}

const many = (count: number) => Array.from({ length: count }, (_, index) => alive(index + 1))

describe('the next change of the voters', () => {
  const table: readonly (readonly [string, Situation, string])[] = [
    ['of one peer alone: none', { candidates: many(1), voters: [1] }, ''],
    ['of two peers: none, for two decide no better', { candidates: many(2), voters: [1] }, ''],
    ['of three: the first learner', { candidates: many(3), voters: [1] }, '~2'],
    ['and the second', { candidates: many(3), voters: [1], learners: [2] }, '~3'],
    [
      'and both are promoted together',
      { candidates: many(3), voters: [1], learners: [2, 3] },
      '+2 +3',
    ],
    [
      'but not before both have the log',
      { candidates: many(3), voters: [1], learners: [2, 3], caughtUp: [2] },
      '',
    ],
    ['with three of ten peers: none', { candidates: many(10), voters: [1, 2, 3] }, ''],
    ['with eleven peers: towards five', { candidates: many(11), voters: [1, 2, 3] }, '~4'],
    [
      'and one at a time is fine from there',
      { candidates: many(11), voters: [1, 2, 3], learners: [4, 5], caughtUp: [5] },
      '+5',
    ],
    [
      'is none while one is under way',
      { candidates: many(11), voters: [1, 2, 3], votersOutgoing: [1] },
      '',
    ],
    [
      'is none for one that is dead a short while',
      { candidates: [alive(1), alive(2), dead(3, 59_999), alive(4)], voters: [1, 2, 3] },
      '',
    ],
    [
      'brings in a successor for one that is dead for long',
      { candidates: [alive(1), alive(2), dead(3), alive(4)], voters: [1, 2, 3] },
      '~4',
    ],
    [
      'and swaps the two in one step',
      { candidates: [alive(1), alive(2), dead(3), alive(4)], voters: [1, 2, 3], learners: [4] },
      '+4 -3',
    ],
    [
      'keeps a dead one whom nobody can succeed, for it may return',
      { candidates: [alive(1), alive(2), dead(3)], voters: [1, 2, 3] },
      '',
    ],
    [
      'drops one that left for good even so',
      { candidates: [alive(1), alive(2), gone(3)], voters: [1, 2, 3] },
      '-3',
    ],
    [
      'and of the two left one is enough',
      { candidates: [alive(1), alive(2), gone(3)], voters: [1, 2] },
      '-2',
    ],
    [
      'does not call on one that has just appeared',
      { candidates: [alive(1), alive(2), alive(3, 9_999)], voters: [1] },
      '~2',
    ],
    [
      'prefers a zone that has no voter',
      {
        candidates: [alive(1, HOUR_MS, 'a'), alive(2, HOUR_MS, 'a'), alive(3, 20_000, 'b')],
        voters: [1],
      },
      '~3',
    ],
    [
      'prefers who has been there longest',
      { candidates: [alive(1), alive(2, 20_000), alive(3, 30_000)], voters: [1] },
      '~3',
    ],
    [
      'lets go of a learner that nobody needs',
      { candidates: many(4), voters: [1, 2, 3], learners: [4] },
      '-4',
    ],
    [
      'and of one that has died before it was promoted',
      { candidates: [alive(1), alive(2), dead(3), dead(4)], voters: [1, 2, 3], learners: [4] },
      '-4',
    ],
    [
      'takes a voter that the roster does not know for gone',
      { candidates: [alive(1), alive(2), alive(4)], voters: [1, 2, 3], learners: [4] },
      '+4 -3',
    ],
    [
      'never sends voters away because others are dead',
      { candidates: [alive(1), dead(2), dead(3)], voters: [1, 2, 3] },
      '',
    ],
  ]
  for (const [name, situation, expected] of table) {
    test(name, () => assert.equal(chosen(situation), expected))
  }

  test('keeps to votersMax', () => {
    assert.equal(chosen({ candidates: many(20), voters: [1, 2, 3] }, { votersMax: 3 }), '')
    assert.equal(chosen({ candidates: many(20), voters: [1, 2, 3] }, { votersMax: 1 }), '-2 -3')
  })

  test('leads to the wanted number and then to rest, never below a majority that is there', () => {
    const kinds = fc.array(fc.constantFrom('alive', 'dead', 'gone'), {
      minLength: 1,
      maxLength: 15,
    })
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 5 }), (others, voterCount) => {
        // Somebody leads, so it is there.
        const candidates = ['alive', ...others].map((kind, index) => candidateOf(kind, index + 1))
        const { voters, learners } = settled(candidates, voterCount)
        const present = candidates.filter(({ aliveForMs, isExcluded }) => {
          return aliveForMs !== undefined && !isExcluded
        })
        const votersThere = present.filter(({ node }) => voters.includes(node))
        assert.isAtLeast(votersThere.length, present.length >= 3 ? 3 : 1)
        assert.isEmpty(learners)
      }),
    )
  })
})

function candidateOf(kind: string, node: number): Candidate {
  if (kind === 'alive') return alive(node)
  return kind === 'dead' ? dead(node) : gone(node)
}

/** Makes one change after the other until none is due. */
function settled(candidates: readonly Candidate[], voterCount: number) {
  let voters = candidates.slice(0, voterCount).map(({ node }) => node)
  let learners: number[] = []
  for (let left = 40; left > 0; left -= 1) {
    const changes = chooseVoterChange(inputOf({ candidates, voters, learners }), OPTIONS)
    if (changes.length === 0) return { voters, learners }
    const changed = changes.map(({ nodeId }) => nodeId)
    const added = (wanted: string) =>
      changes.flatMap(({ type, nodeId }) => (type === wanted ? nodeId : []))
    voters = [...voters.filter(node => !changed.includes(node)), ...added('add-node')]
    learners = [...learners.filter(node => !changed.includes(node)), ...added('add-learner')]
    assert.isNotEmpty(voters)
  }
  throw new Error('expected the changes to end')
}
