/**
 * Keeps a person from cutting off the peers without which nothing can be agreed on any more.
 *
 * The roster does not say who votes, so the state machine cannot judge this; and a voter that is
 * cut off is gone at once, before others can take its place. Of three voters or more one may go,
 * if all the others are there: those who are dead, or were cut off a moment ago and vote still,
 * cannot agree on anything either.
 */
import type { Operation } from '../../consensus/policy/command.ts'
import type { ConfState } from '../../consensus/raft/membership/conf-change.ts'
import type { NodeId } from '../../consensus/raft/node-id.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'

type Voters = Pick<ConfState, 'voters' | 'votersOutgoing'>

/** In a joint configuration also who only voted before. */
export function hasVote({ voters, votersOutgoing }: Voters, node: NodeId | undefined): boolean {
  return node !== undefined && (voters.includes(node) || votersOutgoing.includes(node))
}

export interface Electorate {
  readonly nodeOf: (peer: PeerId) => NodeId | undefined
  /** Whether it is on the roster and alive, as far as is known here. */
  readonly isThere: (node: NodeId) => boolean
}

/** @throws MeshError ERR_CONFLICT. */
export function requireMajorityAfter(
  operation: Operation,
  { voters, votersOutgoing }: Voters,
  { nodeOf, isThere }: Electorate,
): void {
  const cutOff = new Set(cutOffBy(operation).map(nodeOf))
  for (const decisive of [voters, votersOutgoing]) {
    if (!decisive.some(node => cutOff.has(node))) continue
    const left = decisive.filter(node => !cutOff.has(node) && isThere(node))
    if (left.length > decisive.length / 2) continue
    throw new MeshError(
      `expected a majority of the voters to be there afterwards, found ${left.length} of ${decisive.length} that would`,
      {
        code: 'ERR_CONFLICT',
        hint: 'Wait until others vote in the place of those that are gone (`skein raft status`), or start those again; then try again.',
      },
    )
  }
}

function cutOffBy(operation: Operation): readonly PeerId[] {
  switch (operation.type) {
    case 'deny':
    case 'leave':
      return [operation.peer]
    case 'put':
      return operation.kind === 'denied' ? [operation.name] : []
    case 'delete':
      return operation.kind === 'roster' ? [operation.name] : []
    case 'batch':
      return operation.operations.flatMap(cutOffBy)
    default:
      return []
  }
}
