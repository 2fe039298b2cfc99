/**
 * Which mesh a starting peer belongs to: the one of its data folder, the one of a ticket, or a
 * new one of its own.
 */
import { MeshError } from '../core/errors.ts'
import type { MeshId } from '../core/ids.ts'
import { type Introduction, PROTOCOL_VERSION } from '../protocols/admission.ts'
import type { Clock } from './clock.ts'
import { nodeCrypto } from './crypto.ts'
import type { Entropy } from './entropy.ts'
import { joinMesh } from './libp2p/join-mesh.ts'
import type { StartCommand } from './start.ts'
import type { Disk } from './storage/disk.ts'
import type { Identity } from './storage/identity.ts'
import { loadMesh, type MeshMemory, newMesh, saveMesh } from './storage/mesh-file.ts'
import { decodeTicket, type Ticket } from './ticket.ts'
import { VERSION } from './version.ts'

/** Optional abilities, told in every greeting. */
const FEATURES = ['lane/1', 'claims/1']

export interface EnterDeps {
  readonly identity: Identity
  readonly disk: Disk
  readonly clock: Clock
  readonly entropy: Entropy
  readonly onProgress: (line: string) => void
  /** The log of a mesh that is given up makes room for that of another. */
  /** Whether the data folder has the log of that mesh. @throws MeshError ERR_LOG_DAMAGED. */
  readonly hasLog: (meshId: MeshId) => Promise<boolean>
  readonly putLogAside: (meshId: MeshId) => Promise<void>
}

/** How this process introduces itself in a mesh. */
export function introduce(
  { identity, clock, entropy }: Pick<EnterDeps, 'identity' | 'clock' | 'entropy'>,
  meshId: string,
): Introduction {
  return {
    self: identity.peerId,
    meshId: Buffer.from(meshId, 'hex'),
    software: `skein/${VERSION}`,
    versions: PROTOCOL_VERSION,
    features: FEATURES,
    instanceId: entropy.bytes(16),
    crypto: nodeCrypto,
    newNonce: () => entropy.bytes(16),
    wallMs: () => clock.wallMs(),
    nowMs: () => clock.nowMs(),
  }
}

/**
 * @throws MeshError ERR_STORAGE, and with a ticket what `decodeTicket` and `joinMesh` throw, or
 * ERR_WRONG_MESH if the data folder belongs to another mesh.
 */
export async function enterMesh(command: StartCommand, deps: EnterDeps): Promise<MeshMemory> {
  const memory = await loadMesh(deps.disk)
  if (command.type === 'up') return memory ?? (await beginMesh(deps))
  const ticket = decodeTicket(command.ticket)
  if (memory !== undefined) checkMayJoin(memory, ticket)
  deps.onProgress(`joining the mesh ${ticket.meshId} at ${ticket.addresses.join(', ')}`)
  // The log of a mesh that is given up is not looked at: it may be why.
  const isOther = memory !== undefined && memory.meshId !== ticket.meshId
  const hasLog = !isOther && (await deps.hasLog(ticket.meshId))
  const introduction = { ...introduce(deps, ticket.meshId), hasLog }
  const joined = await joinMesh(deps.identity, ticket, introduction)
  if (isOther) await deps.putLogAside(memory.meshId)
  // Peers of an earlier life are not kept: who of them is still a member, the others will tell.
  return { ...joined, incarnation: memory?.incarnation ?? 0 }
}

/** Written down at once: the log that is begun next is of this mesh, also if this start fails. */
async function beginMesh({ disk, entropy }: EnterDeps): Promise<MeshMemory> {
  const begun = newMesh(entropy)
  await saveMesh(disk, begun)
  return begun
}

/** A mesh of one, as `skein up` makes it, may be given up; one with others may not. */
function checkMayJoin(memory: MeshMemory, ticket: Ticket): void {
  if (memory.meshId === ticket.meshId || memory.peers.length === 0) return
  throw new MeshError(
    `expected a ticket of mesh ${memory.meshId}, to which this data folder belongs, found one of mesh ${ticket.meshId}`,
    {
      code: 'ERR_WRONG_MESH',
      hint: 'Use another --data-dir, or leave the mesh of this one: stop the peer, then `skein raft forget`.',
    },
  )
}
