/**
 * The errors with which a peer is told that it does not belong to the mesh.
 */
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'

/** @param reason As whoever denied it wrote it; may be empty. */
export function deniedError(peer: PeerId, reason = ''): MeshError {
  const why = reason === '' ? '' : ` (${reason})`
  return new MeshError(`expected a peer that may take part, found ${peer}, which is denied${why}`, {
    code: 'ERR_PEER_DENIED',
    hint: `An admin can take it off the deny-list: \`skein policy delete denied ${peer}\`. Then it joins again with a ticket.`,
  })
}

export function notAMemberError(peer: PeerId): MeshError {
  return new MeshError(
    `expected a peer on the roster of the mesh, found ${peer}, which is not on it`,
    {
      code: 'ERR_NOT_A_MEMBER',
      hint: 'Make a ticket on a member with `skein invite`, and join with it: `skein join TICKET`.',
    },
  )
}
