/**
 * What one host sends and receives: messages and bytes, of lanes, gossip and the rest, by a stated
 * model of what carries them.
 *
 *     message + yamux header + noise frame + (IP and TCP header) per segment, and one pure ACK
 *
 * Not in it: Ethernet, keep-alives of idle connections, and gossipsub's GRAFT, PRUNE and IWANT.
 * Acknowledgements that ride on data are counted as if they did not, so true figures are lower.
 */

/** Header of a yamux frame. */
const YAMUX_BYTES = 12
/** Length and authentication tag of a noise frame. */
const NOISE_BYTES = 18
/** IPv4 and TCP with timestamps. */
const SEGMENT_HEADER_BYTES = 52
/** What an Ethernet frame leaves to TCP. */
const SEGMENT_BYTES = 1_448

/** Bytes on the wire, in IP packets, for one message. */
export function wireBytes(bytes: number): number {
  const framed = bytes + YAMUX_BYTES + NOISE_BYTES
  return framed + Math.ceil(framed / SEGMENT_BYTES) * SEGMENT_HEADER_BYTES
}

/** The pure ACK that answers a message. */
const ACK_BYTES = SEGMENT_HEADER_BYTES

export type TrafficClass = 'lane' | 'gossip' | 'handshake'

interface Counters {
  messagesSent: number
  messagesReceived: number
  /** Without anything of what carries them. */
  payloadBytesSent: number
  payloadBytesReceived: number
}

const none = (): Counters => ({
  messagesSent: 0,
  messagesReceived: 0,
  payloadBytesSent: 0,
  payloadBytesReceived: 0,
})

export interface TrafficTotals {
  readonly messagesSent: number
  readonly messagesReceived: number
  readonly wireBytesSent: number
  readonly wireBytesReceived: number
}

export class Traffic {
  readonly lane = none()
  readonly gossip = none()
  readonly handshake = none()
  #wireBytesSent = 0
  #wireBytesReceived = 0

  sent(kind: TrafficClass, bytes: number): void {
    const counters = this[kind]
    counters.messagesSent += 1
    counters.payloadBytesSent += bytes
    this.#wireBytesSent += wireBytes(bytes)
    this.#wireBytesReceived += ACK_BYTES
  }

  received(kind: TrafficClass, bytes: number): void {
    const counters = this[kind]
    counters.messagesReceived += 1
    counters.payloadBytesReceived += bytes
    this.#wireBytesReceived += wireBytes(bytes)
    this.#wireBytesSent += ACK_BYTES
  }

  /** Bytes that ride on messages sent anyway, such as ids in gossipsub's heartbeat. */
  rode(direction: 'sent' | 'received', bytes: number): void {
    if (direction === 'sent') this.#wireBytesSent += bytes
    else this.#wireBytesReceived += bytes
  }

  totals(): TrafficTotals {
    const { lane, gossip, handshake } = this
    const sum = (of: (counters: Counters) => number) => of(lane) + of(gossip) + of(handshake)
    return {
      messagesSent: sum(each => each.messagesSent),
      messagesReceived: sum(each => each.messagesReceived),
      wireBytesSent: this.#wireBytesSent,
      wireBytesReceived: this.#wireBytesReceived,
    }
  }
}
