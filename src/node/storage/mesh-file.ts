/**
 * What a peer remembers of its mesh between runs: the mesh's id and secret, where the other
 * members were last seen, so that a restarted peer finds its way back without a ticket, and its
 * last incarnation, so that the next is higher even if the clock was set back.
 *
 * `mesh.json`, mode 0600. Writes are replaced whole; the address book is bounded.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { MeshId, PeerId } from '../../core/ids.ts'
import { MESH_SECRET_BYTES } from '../../protocols/join.ts'
import { type Entropy, newId } from '../entropy.ts'
import type { Disk } from './disk.ts'

const FILE = 'mesh.json'

/** Members whose addresses are kept. */
const PEERS_MAX = 64

const meshFile = z.strictObject({
  format: z.literal(1),
  meshId: z.string().regex(/^[0-9a-f]{32}$/),
  meshSecret: z.base64().refine(text => Buffer.from(text, 'base64').length === MESH_SECRET_BYTES, {
    error: `expected ${MESH_SECRET_BYTES} bytes`,
  }),
  incarnation: z.number().nonnegative(),
  peers: z
    .array(z.strictObject({ peer: z.string(), addresses: z.array(z.string()).max(16) }))
    .max(PEERS_MAX),
})

export interface KnownPeer {
  readonly peer: PeerId
  readonly addresses: readonly string[]
}

export interface MeshMemory {
  readonly meshId: MeshId
  readonly meshSecret: Uint8Array
  /** Of the last run; 0 before the first. */
  readonly incarnation: number
  readonly peers: readonly KnownPeer[]
}

/** A mesh of one. */
export function newMesh(entropy: Entropy): MeshMemory {
  const meshSecret = entropy.bytes(MESH_SECRET_BYTES)
  return { meshId: newId(entropy), meshSecret, incarnation: 0, peers: [] }
}

/** `undefined`: this peer never belonged to a mesh. @throws MeshError ERR_STORAGE. */
export async function loadMesh(disk: Disk): Promise<MeshMemory | undefined> {
  const stored = await disk.read(FILE)
  if (stored === undefined) return undefined
  const parsed = meshFile.safeParse(parseJson(stored))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw damaged(`something else at "${issue?.path.join('.') ?? ''}"`, parsed.error)
  }
  return { ...parsed.data, meshSecret: Buffer.from(parsed.data.meshSecret, 'base64') }
}

export async function saveMesh(disk: Disk, mesh: MeshMemory): Promise<void> {
  const { meshId, incarnation, peers } = mesh
  const meshSecret = Buffer.from(mesh.meshSecret).toString('base64')
  const known = peers.slice(0, PEERS_MAX)
  const content = { format: 1, meshId, meshSecret, incarnation, peers: known }
  await disk.write(FILE, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`))
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw damaged('text that is no JSON', cause)
  }
}

function damaged(found: string, cause?: unknown): MeshError {
  return new MeshError(`expected the memory of a mesh in ${FILE}, found ${found}`, {
    code: 'ERR_STORAGE',
    hint: 'Restore the file, or remove it and join again with a ticket.',
    cause,
  })
}
