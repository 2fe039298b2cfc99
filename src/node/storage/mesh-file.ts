/**
 * What a peer remembers of its mesh between runs: the mesh's id, where the other members were last
 * seen, so that a restarted peer finds its way back without a ticket, and its last incarnation, so
 * that the next is higher even if the clock was set back. Who belongs to the mesh is in the log.
 *
 * `mesh.json`, mode 0600. Writes are replaced whole; the address book is bounded.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { MeshId, PeerId } from '../../core/ids.ts'
import { type Entropy, newId } from '../entropy.ts'
import type { Disk } from './disk.ts'

const FILE = 'mesh.json'

const FORMAT = 2

/** Members whose addresses are kept. */
const PEERS_MAX = 64

const meshFile = z.strictObject({
  format: z.literal(FORMAT),
  meshId: z.string().regex(/^[0-9a-f]{32}$/),
  rosterIndex: z.int().nonnegative(),
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
  /**
   * From this index of the log on our own copy of the roster says who belongs to the mesh; before
   * it, `peers` do. 0: we began the mesh.
   */
  readonly rosterIndex: number
  /** Of the last run; 0 before the first. */
  readonly incarnation: number
  readonly peers: readonly KnownPeer[]
}

/** A mesh of one. */
export function newMesh(entropy: Entropy): MeshMemory {
  return { meshId: newId(entropy), rosterIndex: 0, incarnation: 0, peers: [] }
}

/** `undefined`: this peer never belonged to a mesh. @throws MeshError ERR_STORAGE. */
export async function loadMesh(disk: Disk): Promise<MeshMemory | undefined> {
  const stored = await disk.read(FILE)
  if (stored === undefined) return undefined
  const content = parseJson(stored)
  if (isOlder(content)) throw older()
  const parsed = meshFile.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw damaged(`something else at "${issue?.path.join('.') ?? ''}"`, parsed.error)
  }
  const { format: _, ...memory } = parsed.data
  return memory
}

export async function saveMesh(disk: Disk, mesh: MeshMemory): Promise<void> {
  const { meshId, rosterIndex, incarnation, peers } = mesh
  const known = peers.slice(0, PEERS_MAX)
  const content = { format: FORMAT, meshId, rosterIndex, incarnation, peers: known }
  await disk.write(FILE, Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`))
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw damaged('text that is no JSON', cause)
  }
}

function isOlder(content: unknown): boolean {
  return typeof content === 'object' && content !== null && Reflect.get(content, 'format') === 1
}

/** Such a mesh has no roster, so nobody could tell who belongs to it. */
function older(): MeshError {
  return new MeshError(`expected ${FILE} of format ${FORMAT}, found format 1`, {
    code: 'ERR_STORAGE',
    hint: `A mesh of that version had a shared secret in place of a roster. Stop all its peers and remove ${FILE} and the folder consensus from their data folders; then \`skein up\` on one, and join with the others.`,
  })
}

function damaged(found: string, cause?: unknown): MeshError {
  return new MeshError(`expected the memory of a mesh in ${FILE}, found ${found}`, {
    code: 'ERR_STORAGE',
    hint: 'Restore the file, or remove it and join again with a ticket.',
    cause,
  })
}
