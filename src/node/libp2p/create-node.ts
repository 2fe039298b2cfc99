/**
 * The libp2p node: TCP, Noise, yamux, and limits on everything that another can make us hold.
 *
 * The connection monitor is off: it aborts a connection, with every lane on it, at the first
 * late ping; who is alive is membership's question. The inbound threshold is raised, since a
 * whole site may share one address. Yamux' write buffer is unbounded unless set.
 */

import type { ServiceMap } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p, type Libp2p, type Libp2pOptions } from 'libp2p'
import type { Identity } from '../storage/identity.ts'
import { leanNoise } from './lean-noise.ts'
import { listenError } from './listen-error.ts'

const KIB = 1024
const MIB = 1024 * KIB

export const DIAL_TIMEOUT_MS = 5_000

const CONNECTIONS_MAX = 2_048
const INBOUND_PER_SECOND_AND_HOST = 100
const INBOUND_PENDING_MAX = 64

export interface NodeInit<Services extends ServiceMap> {
  readonly identity: Identity
  /** Multiaddrs to listen on. Empty: a node that only dials. */
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly services: Libp2pOptions<Services>['services']
}

/** Creates and starts a node. @throws MeshError ERR_LISTEN naming the address. */
export async function createNode<Services extends ServiceMap>(
  init: NodeInit<Services>,
): Promise<Libp2p<Services>> {
  try {
    const node = await createLibp2p<Services>(settings(init))
    await node.start()
    return node
  } catch (cause) {
    throw listenError(init.listen, cause)
  }
}

function settings<Services extends ServiceMap>(init: NodeInit<Services>): Libp2pOptions<Services> {
  return {
    start: false,
    privateKey: init.identity.privateKey,
    addresses: { listen: [...init.listen], announce: [...init.announce] },
    transports: [tcp({ outboundSocketInactivityTimeout: 0, inboundSocketInactivityTimeout: 0 })],
    connectionEncrypters: [leanNoise()],
    streamMuxers: [
      yamux({
        enableKeepAlive: true,
        // Probes keep connections busy, and find the dead ones.
        keepAliveInterval: 60_000,
        maxInboundStreams: 64,
        maxOutboundStreams: 64,
        streamOptions: {
          initialStreamWindowSize: 256 * KIB,
          maxStreamWindowSize: 4 * MIB,
          maxReadBufferLength: MIB,
          maxWriteBufferLength: 16 * MIB,
        },
      }),
    ],
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      inboundConnectionThreshold: INBOUND_PER_SECOND_AND_HOST,
      maxIncomingPendingConnections: INBOUND_PENDING_MAX,
      dialTimeout: DIAL_TIMEOUT_MS,
      addressDialTimeout: DIAL_TIMEOUT_MS,
      reconnectRetries: 0,
    },
    connectionGater: {
      // A mesh lives on private and loopback addresses as much as on public ones.
      denyDialMultiaddr: () => false,
    },
    ...(init.services === undefined ? {} : { services: init.services }),
  } as Libp2pOptions<Services>
}
