/**
 * Gossipsub as we run it: one topic per mesh, small messages, no signatures of its own.
 *
 * StrictNoSign, because a claim carries its author's signature inside, made once and checked
 * once per (author, incarnation, version); gossipsub's own would be made and checked at every
 * publication and costs three times the rest. Peers on one address are not punished: homes and
 * test clusters have many, and the default silently empties the mesh of whoever has more than
 * ten. Everything a neighbour can make us keep is bounded.
 *
 * Source: libp2p/specs gossipsub v1.2; parameters as Lodestar runs them, fewer and smaller.
 */
import { createHash } from 'node:crypto'
import {
  type GossipSub,
  type GossipSubComponents,
  gossipsub,
  StrictNoSign,
  TopicValidatorResult,
} from '@libp2p/gossipsub'
import { assert } from '../../core/assert.ts'
import type { MeshId } from '../../core/ids.ts'
import type { GossipOptions } from '../gossip-options.ts'
import type { GossipStatus } from '../network.ts'
import type { AdmissionGate } from './admission-gate.ts'

/** Bytes of a message id: enough that two claims never share one. */
const MESSAGE_ID_BYTES = 20

const SEEN_TTL_MS = 120_000

/** Subscriptions, messages or ids in one frame from a neighbour. */
const DECODE_MAX = 512

export function claimsTopic(meshId: MeshId): string {
  return `skein/${meshId}/claims/1`
}

export function createGossip(
  meshId: MeshId,
  options: GossipOptions,
  gate: AdmissionGate,
): (components: GossipSubComponents) => GossipSub {
  const create = gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: ({ data }) => createHash('sha256').update(data).digest().subarray(0, MESSAGE_ID_BYTES),
    allowedTopics: [claimsTopic(meshId)],
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    fallbackToFloodsub: false,
    floodPublish: true,
    doPX: false,
    scoreParams: { IPColocationFactorWeight: 0 },
    D: options.degree,
    Dlo: options.degreeMin,
    Dhi: options.degreeMax,
    heartbeatInterval: options.heartbeatIntervalMs,
    seenTTL: SEEN_TTL_MS,
    idontwantMinDataSize: options.idontwantMinBytes,
    maxInboundDataLength: options.messageMaxBytes,
    maxOutboundBufferSize: options.outboundMaxBytes,
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
    decodeRpcLimits: {
      maxSubscriptions: 8,
      maxMessages: DECODE_MAX,
      maxIhaveMessageIDs: DECODE_MAX,
      maxIwantMessageIDs: DECODE_MAX,
      maxIdontwantMessageIDs: DECODE_MAX,
      maxControlMessages: DECODE_MAX,
      maxPeerInfos: 0,
    },
  })
  return components =>
    create({
      privateKey: components.privateKey,
      peerId: components.peerId,
      peerStore: components.peerStore,
      connectionManager: components.connectionManager,
      logger: components.logger,
      registrar: gate.guardRegistrar(components.registrar),
    })
}

export interface ClaimsDeps {
  /** Whether these bytes are a claim signed by the author they name. */
  readonly isGenuine: (signedClaim: Uint8Array) => Promise<boolean>
  readonly onClaim: (signedClaim: Uint8Array) => void
}

/** What gossipsub has and its interface leaves out. */
interface MeshNeighbours {
  getMeshPeers(topic: string): readonly string[]
}

function neighboursOf(gossip: GossipSub): MeshNeighbours {
  assert('getMeshPeers' in gossip, 'gossipsub says who its neighbours are')
  return gossip as unknown as MeshNeighbours
}

/** The claims of one mesh over gossip. */
export class ClaimsTopic {
  readonly #gossip: GossipSub
  readonly #topic: string
  #bytesSent = 0
  #bytesReceived = 0
  #messagesReceived = 0
  #messagesSent = 0
  #rejectedCount = 0

  constructor(gossip: GossipSub, meshId: MeshId, { isGenuine, onClaim }: ClaimsDeps) {
    this.#gossip = gossip
    this.#topic = claimsTopic(meshId)
    gossip.topicValidators.set(this.#topic, async (_from, { data }) => {
      this.#bytesReceived += data.length
      if (await isGenuine(data)) return TopicValidatorResult.Accept
      this.#rejectedCount += 1
      return TopicValidatorResult.Reject
    })
    gossip.addEventListener('gossipsub:message', ({ detail }) => {
      if (detail.msg.topic !== this.#topic) return
      this.#messagesReceived += 1
      onClaim(detail.msg.data)
    })
    gossip.subscribe(this.#topic)
  }

  async publish(signedClaim: Uint8Array): Promise<void> {
    const { recipients } = await this.#gossip.publish(this.#topic, signedClaim)
    this.#messagesSent += recipients.length
    this.#bytesSent += recipients.length * signedClaim.length
  }

  status(): GossipStatus {
    return {
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      messagesReceived: this.#messagesReceived,
      messagesSent: this.#messagesSent,
      rejectedCount: this.#rejectedCount,
      neighbourCount: neighboursOf(this.#gossip).getMeshPeers(this.#topic).length,
    }
  }
}
