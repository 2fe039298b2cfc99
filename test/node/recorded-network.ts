/**
 * Networks on loopback for tests: one or more libp2p nodes of one mesh, all that they tell
 * recorded, and waiting for it with a deadline.
 */
import { randomBytes } from 'node:crypto'
import { type ErrorCode, MeshError } from '../../src/core/errors.ts'
import type { PeerId } from '../../src/core/ids.ts'
import type { Door } from '../../src/node/admission/admission.ts'
import { systemClock } from '../../src/node/clock.ts'
import { nodeCrypto } from '../../src/node/crypto.ts'
import { gossipOptions } from '../../src/node/gossip-options.ts'
import { Libp2pNetwork } from '../../src/node/libp2p/libp2p-network.ts'
import { createLogger } from '../../src/node/log.ts'
import type { LaneChannel } from '../../src/node/network.ts'
import { type Identity, loadIdentity } from '../../src/node/storage/identity.ts'
import { type Introduction, PROTOCOL_VERSION } from '../../src/protocols/admission.ts'
import type { Greeting } from '../../src/protocols/hello.ts'

export const silent = createLogger('silent', { write: () => {}, wallMs: () => 0 })

/** A disk in memory. */
export function memoryDisk() {
  const files = new Map<string, Uint8Array>()
  return {
    files,
    read: async (name: string) => files.get(name),
    write: async (name: string, bytes: Uint8Array) => {
      files.set(name, bytes)
    },
  }
}

export const freshIdentity = () => loadIdentity(memoryDisk())

/** A mesh on whose roster all peers agree at once. */
export interface TestMesh {
  readonly meshId: string
  readonly roster: Set<PeerId>
  readonly denied: Set<PeerId>
  /** Hash of a ticket in hex → why it is no good; `undefined`: it is. */
  readonly tickets: Map<string, ErrorCode | undefined>
}

export function testMesh(): TestMesh {
  const meshId = randomBytes(16).toString('hex')
  return { meshId, roster: new Set(), denied: new Set(), tickets: new Map() }
}

function doorOf({ roster, denied, tickets }: TestMesh): Door {
  const isMember = (peer: PeerId) => roster.has(peer) && !denied.has(peer)
  return {
    isMember,
    recognise: async peer => {
      if (isMember(peer)) return
      const code = denied.has(peer) ? 'ERR_PEER_DENIED' : 'ERR_NOT_A_MEMBER'
      throw new MeshError(`expected a member, found ${peer}`, { code })
    },
    admit: async (peer, candidate) => {
      const hash = Buffer.from(candidate.ticketHash).toString('hex')
      const code = tickets.has(hash) ? tickets.get(hash) : 'ERR_TICKET_REJECTED'
      if (code !== undefined) throw new MeshError('expected a good ticket, found none', { code })
      roster.add(peer)
      return { rosterIndex: 5, members: [] }
    },
  }
}

export function introduce(
  identity: Identity,
  mesh: Pick<TestMesh, 'meshId'>,
  changes: Partial<Introduction> = {},
): Introduction {
  return {
    self: identity.peerId,
    meshId: Buffer.from(mesh.meshId, 'hex'),
    software: 'skein test',
    versions: PROTOCOL_VERSION,
    features: ['lane'],
    instanceId: randomBytes(16),
    crypto: nodeCrypto,
    newNonce: () => randomBytes(16),
    wallMs: () => Date.now(),
    nowMs: () => performance.now(),
    ...changes,
  }
}

export interface RecordedNetwork {
  readonly identity: Identity
  readonly network: Libp2pNetwork
  readonly connected: Map<string, Greeting>
  readonly lanes: { peer: string; channel: LaneChannel }[]
  readonly claims: Uint8Array[]
  readonly expulsions: MeshError[]
  /** Resolves when `condition` holds; rejects after `deadlineMs`. */
  until(condition: () => boolean, deadlineMs?: number): Promise<void>
  close(): Promise<void>
}

export interface TestNetworkInit {
  readonly mesh: TestMesh
  readonly identity?: Identity
  /** Whether it is on the roster. Yes unless given. */
  readonly isMember?: boolean
  readonly introduction?: Partial<Introduction>
  readonly claims?: readonly Uint8Array[]
  readonly isGenuine?: (bytes: Uint8Array) => boolean
}

export async function startNetwork(init: TestNetworkInit): Promise<RecordedNetwork> {
  const identity = init.identity ?? (await freshIdentity())
  if (init.isMember ?? true) init.mesh.roster.add(identity.peerId)
  const expulsions: MeshError[] = []
  const connected = new Map<string, Greeting>()
  const lanes: RecordedNetwork['lanes'] = []
  const claims: Uint8Array[] = []
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const check of waiting) check()
  }
  const network = await Libp2pNetwork.start(
    {
      identity,
      meshId: init.mesh.meshId,
      greeter: {
        ...introduce(identity, init.mesh, init.introduction),
        claims: () => init.claims ?? [],
      },
      door: doorOf(init.mesh),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      announce: [],
      gossip: gossipOptions.parse({ heartbeatIntervalMs: 100 }),
      clock: systemClock,
      logger: silent,
      isGenuine: async bytes => init.isGenuine?.(bytes) ?? true,
    },
    {
      connected: (peer, greeting) => {
        connected.set(peer, greeting)
        changed()
      },
      disconnected: peer => {
        connected.delete(peer)
        changed()
      },
      laneOpened: (peer, channel) => {
        lanes.push({ peer, channel })
        changed()
      },
      claimHeard: bytes => {
        claims.push(bytes)
        changed()
      },
      expelled: error => {
        expulsions.push(error)
        changed()
      },
    },
  )
  const until = (condition: () => boolean, deadlineMs = 10_000) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`not within ${deadlineMs} ms: ${condition}`))
      }, deadlineMs)
      const check = () => {
        if (!condition()) return
        clearTimeout(timer)
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  const close = () => network.close()
  return { identity, network, connected, lanes, claims, expulsions, until, close }
}
