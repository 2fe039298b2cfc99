/**
 * Runs the directives of quorum files: what a majority or joint quorum has committed or voted.
 *
 *     committed cfg=(1,2,3) [cfgj=(3,4) | cfgj=zero] idx=(100,_,99,…)
 *     vote      cfg=(1,2,3) [cfgj=(3,4) | cfgj=zero] votes=(y,_,n,…)
 *
 * Values are in the order in which the ids appear; `_` is a voter not heard of. Every answer is
 * also found in other ways, and a way that leads elsewhere is printed, so the case fails.
 */
import type { NodeId } from '../../src/consensus/raft/node-id.ts'
import {
  type JointVoters,
  jointCommittedIndex,
  jointIds,
  jointVoteResult,
} from '../../src/consensus/raft/quorum/joint.ts'
import {
  majorityCommittedIndex,
  majorityVoteResult,
  type VoteResult,
} from '../../src/consensus/raft/quorum/majority.ts'
import { readNumber } from './arguments.ts'
import type { Directive } from './data-driven.ts'

type Voters = ReadonlySet<NodeId>

const NOBODY: Voters = new Set()

const RESULTS = { pending: 'VotePending', lost: 'VoteLost', won: 'VoteWon' } as const

interface QuorumCase {
  readonly voters: JointVoters
  /** Asks for a joint quorum, though its second half may be empty. */
  readonly isJoint: boolean
  /** Of those that were heard of. */
  readonly indexes: ReadonlyMap<NodeId, number>
  readonly votes: ReadonlyMap<NodeId, boolean>
}

export function runQuorum(directive: Directive): string {
  const { command } = directive
  if (command !== 'committed' && command !== 'vote') {
    throw new Error(`unknown command: ${command}`)
  }
  const read = readCase(directive)
  if (typeof read === 'string') return read
  return command === 'committed' ? committed(read) : vote(read)
}

/** @returns A text if the values do not fit the voters. */
function readCase({ command, args }: Directive): QuorumCase | string {
  const known = new Set(['cfg', 'cfgj', 'idx', 'votes'])
  for (const { key } of args) if (!known.has(key)) throw new Error(`unknown arg ${key}`)
  const valuesOf = (key: string) => args.filter(arg => arg.key === key).flatMap(arg => arg.values)

  const second = valuesOf('cfgj')
  const isZero = second.includes('zero')
  if (isZero && second.length > 1) throw new Error("cannot mix 'zero' into configuration")
  const incoming = new Set(valuesOf('cfg').map(readNumber))
  const outgoing = new Set(isZero ? [] : second.map(readNumber))

  const values = valuesOf(command === 'vote' ? 'votes' : 'idx')
  // A set keeps the order in which the ids appeared.
  const ids = [...new Set([...incoming, ...outgoing])]
  if (ids.length !== values.length) return mismatch({ incoming, outgoing }, values)
  const heard = ids
    .map((id, place) => [id, values[place] ?? '_'] as const)
    .filter(([, value]) => value !== '_')
  return {
    voters: { incoming, outgoing },
    isJoint: second.length > 0,
    indexes: new Map(command === 'vote' ? [] : heard.map(([id, text]) => [id, readIndex(text)])),
    votes: new Map(command === 'vote' ? heard.map(([id, text]) => [id, readVote(text)]) : []),
  }
}

function readIndex(text: string): number {
  const index = readNumber(text)
  if (index === 0) throw new Error('cannot use 0 as idx')
  return index
}

function readVote(text: string): boolean {
  if (text !== 'y' && text !== 'n') throw new Error(`unknown vote: ${text}`)
  return text === 'y'
}

function mismatch(voters: JointVoters, values: readonly string[]): string {
  const numbers: Record<string, string> = { _: '0', n: '1', y: '2' }
  const ids = jointIds(voters).map(id => `${id}:{}`)
  const input = values.map(value => numbers[value] ?? value)
  return `error: mismatched input (explicit or _) for voters map[${ids.join(' ')}]: [${input.join(' ')}]`
}

function committed({ voters, isJoint, indexes }: QuorumCase): string {
  const { incoming, outgoing } = voters
  const acked = (id: NodeId) => indexes.get(id)
  if (isJoint) {
    const index = jointCommittedIndex(voters, acked)
    const mirrored = jointCommittedIndex({ incoming: outgoing, outgoing: incoming }, acked)
    return [
      chart(jointIds(voters), indexes),
      ...(mirrored === index ? [] : [`${indexText(mirrored)} <-- via symmetry\n`]),
      `${indexText(index)}\n`,
    ].join('')
  }
  const index = majorityCommittedIndex(incoming, acked)
  const ways = {
    'via alternative computation': countedCommittedIndex(incoming, indexes),
    'via zero-joint quorum': jointCommittedIndex({ incoming, outgoing: NOBODY }, acked),
    'via self-joint quorum': jointCommittedIndex({ incoming, outgoing: incoming }, acked),
    ...lowered(incoming, indexes, index),
  }
  return [
    chart(jointIds(voters), indexes),
    ...Object.entries(ways)
      .filter(([, found]) => found !== index)
      .map(([way, found]) => `${indexText(found)} <-- ${way}\n`),
    `${indexText(index)}\n`,
  ].join('')
}

/** A voter that is behind the committed index may fall back further and change nothing. */
function lowered(
  voters: Voters,
  indexes: ReadonlyMap<NodeId, number>,
  committedIndex: number,
): Record<string, number> {
  const ways: Record<string, number> = {}
  for (const id of voters) {
    const index = indexes.get(id) ?? 0
    if (index === 0 || index >= committedIndex) continue
    for (const lower of [index - 1, 0]) {
      const acked = (each: NodeId) => (each === id ? lower : indexes.get(each))
      ways[`overlaying ${id}->${lower}`] = majorityCommittedIndex(voters, acked)
    }
  }
  return ways
}

/** The definition taken at its word: the highest index that enough voters have reached. */
function countedCommittedIndex(voters: Voters, indexes: ReadonlyMap<NodeId, number>): number {
  if (voters.size === 0) return Number.POSITIVE_INFINITY
  const reached = [...voters].map(id => indexes.get(id) ?? 0)
  const isOnQuorum = (index: number) =>
    reached.filter(each => each >= index).length * 2 > voters.size
  return Math.max(0, ...reached.filter(isOnQuorum))
}

function vote({ voters, isJoint, votes }: QuorumCase): string {
  const { incoming, outgoing } = voters
  if (!isJoint) return `${RESULTS[majorityVoteResult(incoming, votes)]}\n`
  const result: VoteResult = jointVoteResult(voters, votes)
  const mirrored = jointVoteResult({ incoming: outgoing, outgoing: incoming }, votes)
  const asymmetry = mirrored === result ? '' : `${RESULTS[mirrored]} <-- via symmetry\n`
  return `${asymmetry}${RESULTS[result]}\n`
}

/** A bar for each voter: how many voters it is ahead of. */
function chart(ids: readonly NodeId[], indexes: ReadonlyMap<NodeId, number>): string {
  if (ids.length === 0) return '<empty majority quorum>'
  const width = ids.length
  const reached = ids.map(id => indexes.get(id) ?? 0)
  const rows = ids.map(id => {
    const index = indexes.get(id)
    const behindCount = reached.filter(each => each < (index ?? 0)).length
    const bar = index === undefined ? '?' : `${'x'.repeat(behindCount)}>`
    return `${bar.padEnd(width + 1)} ${String(index ?? 0).padStart(5)}    (id=${id})\n`
  })
  return `${' '.repeat(width)}    idx\n${rows.join('')}`
}

function indexText(index: number): string {
  return index === Number.POSITIVE_INFINITY ? '∞' : String(index)
}
