/**
 * Tells a peer that has restarted from a second process with the same identity.
 *
 * Both look alike at first: a connection from a peer that we are connected to already, by a
 * process with another instance id. So the older connection is asked for a sign of life, by
 * negotiating a protocol on it. If it answers, the newcomer is refused; if not, the old process
 * is gone and its connections are closed.
 */
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import { HELLO_PROTOCOL } from '../../protocols/hello.ts'
import type { Links } from './links.ts'

/** A live peer answers within a round trip; a process that is gone, never. */
const SIGN_OF_LIFE_TIMEOUT_MS = 1_500

/** @throws MeshError ERR_IDENTITY_IN_USE. */
export async function checkInstance(
  links: Links,
  peer: PeerId,
  instanceId: Uint8Array,
): Promise<void> {
  const known = links.instanceOf(peer)
  if (known === undefined || Buffer.from(known).equals(instanceId)) return
  if (await isAnswering(links, peer)) {
    throw new MeshError(
      `expected one process with the identity ${peer}, found another one that is connected and alive`,
      {
        code: 'ERR_IDENTITY_IN_USE',
        hint: 'Every machine needs a data folder of its own; never copy identity.key. Stop the other process or use a fresh --data-dir.',
      },
    )
  }
  for (const connection of links.connectionsOf(peer)) {
    connection.abort(new Error('its process was replaced by a new one'))
  }
}

async function isAnswering(links: Links, peer: PeerId): Promise<boolean> {
  const connection = links.connectionTo(peer)
  if (connection === undefined) return false
  const signal = AbortSignal.timeout(SIGN_OF_LIFE_TIMEOUT_MS)
  const asked = connection.newStream(HELLO_PROTOCOL, { signal }).then(
    stream => {
      stream.abort(new Error('only asked for a sign of life'))
      return true
    },
    () => false,
  )
  return await asked
}
