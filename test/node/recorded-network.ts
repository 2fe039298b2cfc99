/**
 * Networks on loopback for tests: one or more libp2p nodes of one mesh, all that they tell
 * recorded, and waiting for it with a deadline.
 */
import { randomBytes } from 'node:crypto'
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

export interface TestMesh {
  readonly meshId: string
  readonly meshSecret: Uint8Array
}

export function testMesh(): TestMesh {
  return { meshId: randomBytes(16).toString('hex'), meshSecret: randomBytes(32) }
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
  /** Resolves when `condition` holds; rejects after `deadlineMs`. */
  until(condition: () => boolean, deadlineMs?: number): Promise<void>
  close(): Promise<void>
}

export interface TestNetworkInit {
  readonly mesh: TestMesh
  readonly identity?: Identity
  readonly introduction?: Partial<Introduction>
  readonly claims?: readonly Uint8Array[]
  readonly isGenuine?: (bytes: Uint8Array) => boolean
}

export async function startNetwork(init: TestNetworkInit): Promise<RecordedNetwork> {
  const identity = init.identity ?? (await freshIdentity())
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
        meshSecret: init.mesh.meshSecret,
        claims: () => init.claims ?? [],
      },
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
  return { identity, network, connected, lanes, claims, until, close }
}
