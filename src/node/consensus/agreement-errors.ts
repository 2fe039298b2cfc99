/**
 * What to tell whoever asked for something that was not agreed on.
 */
import type { RequestFailure } from '../../consensus/replica/events.ts'
import type { ReplicaStatus } from '../../consensus/replica/status.ts'
import { InvariantError } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'

/** Asked again sooner, the leader would refuse again. */
const BUSY_RETRY_MS = 1_000

interface Unsuccessful {
  readonly type: 'failed' | 'done'
  readonly reason?: RequestFailure
  readonly leader?: PeerId | undefined
}

export function requestError({ reason, leader }: Unsuccessful, status: ReplicaStatus): Error {
  switch (reason) {
    case 'no-quorum':
      return noQuorumError(leader, status)
    case 'busy':
      return new MeshError('expected room for one more change, found too many that wait', {
        code: 'ERR_OVERLOADED',
        details: { retryAfterMs: BUSY_RETRY_MS },
      })
    case 'not-possible':
      return new MeshError('expected something that the leader can do now, found that it cannot', {
        code: 'ERR_INVALID_REQUEST',
        hint: 'See `skein raft status` for who votes, who leads and who has caught up.',
      })
    case 'clock-skew':
      return new MeshError('expected a clock near that of the leader, found one far from it', {
        code: 'ERR_CLOCK_SKEW',
        details: { leader: leader ?? null },
        hint: 'Set the clocks of this peer and of the leader, for example with NTP.',
      })
    case 'not-allowed':
      return new MeshError('expected a peer that may propose this, found one that may not', {
        code: 'ERR_FORBIDDEN',
        hint: 'Is this peer still in the roster? See `skein policy get roster`.',
      })
    default:
      return new InvariantError('a change ends as applied or failed')
  }
}

function noQuorumError(leader: PeerId | undefined, { staleForMs }: ReplicaStatus): MeshError {
  const found = leader === undefined ? 'none that answers' : `none; the last leader was ${leader}`
  return new MeshError(`expected a majority of the voters to agree, found ${found}`, {
    code: 'ERR_NO_QUORUM',
    details: { leader: leader ?? null, staleForMs: Math.round(staleForMs) },
    hint: 'It may still be done once they are back: look before you try again.',
  })
}

export function stoppingError(): MeshError {
  return new MeshError('expected a peer that runs, found one that stops', { code: 'ERR_STOPPING' })
}
