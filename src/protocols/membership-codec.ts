/**
 * Messages of failure detectors as bytes, and back.
 *
 * A message names the claims that ride along; on the wire it carries them, signed by their
 * authors, so whoever encodes it has them at hand and whoever decodes it gets them to check.
 */
import type { PeerId } from '../core/ids.ts'
import {
  type Accusation,
  type DigestEntry,
  MESSAGE_LIMITS,
  type Message,
  type MessageBody,
} from '../membership/message.ts'
import { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'
import { bounded, whole } from './message-fields.ts'
import { coordinateFromMessage, coordinateToMessage } from './peer-state-codec.ts'

const STATUSES = ['alive', 'suspect', 'dead', 'left'] as const

/** Longest name of a peer. */
const PEER_MAX_CHARACTERS = 128

export interface WireMessage {
  /** `claims` is empty: whose they are is known when they have been checked. */
  readonly message: Message
  /** Encoded SignedClaims, not yet checked. */
  readonly signedClaims: readonly Uint8Array[]
}

export function encodeMessage(message: Message, signedClaims: readonly Uint8Array[]): Uint8Array {
  const { head, coordinate, accusations } = message
  const wire: skein.MembershipMessage.$Properties = {
    ...bodyToMessage(message.body),
    headIncarnation: head.incarnation,
    headVersion: head.version,
    claims: [...signedClaims],
    accusations: accusations.map(({ peer, incarnation, status, accuser }) => ({
      peer,
      incarnation,
      isDead: status === 'dead',
      accuser,
    })),
  }
  if (coordinate !== undefined) wire.coordinate = coordinateToMessage(coordinate)
  return skein.MembershipMessage.encode(wire).finish()
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function decodeMessage(bytes: Uint8Array): WireMessage {
  const wire = decode(bytes)
  const { claimsMax, accusationsMax } = MESSAGE_LIMITS
  return {
    message: {
      body: bodyFromMessage(wire),
      head: {
        incarnation: whole('incarnation', wire.headIncarnation),
        version: wire.headVersion ?? 0,
      },
      coordinate: coordinateFromMessage(wire.coordinate),
      claims: [],
      accusations: bounded('accusations', wire.accusations ?? [], accusationsMax).map(accusation),
    },
    signedClaims: bounded('claims', wire.claims ?? [], claimsMax),
  }
}

function decode(bytes: Uint8Array): skein.MembershipMessage {
  try {
    return skein.MembershipMessage.decode(bytes)
  } catch (cause) {
    throw badFrame('expected a message of a failure detector, found bytes that are none', {
      cause: String(cause),
    })
  }
}

function bodyToMessage(body: MessageBody): skein.MembershipMessage.$Properties {
  switch (body.type) {
    case 'ping':
      return { ping: body.sequence }
    case 'ack':
      return { ack: body.sequence }
    case 'nack':
      return { nack: body.sequence }
    case 'ping-request':
      return { pingRequest: { sequence: body.sequence, target: body.target } }
    case 'digest':
      return { digest: { hashes: [...body.hashes] } }
    case 'entries':
      return { entries: { buckets: [...body.buckets], entries: body.entries.map(entryToMessage) } }
    case 'delta':
      return { delta: { wanted: [...body.wanted] } }
    case 'release':
      return { release: true }
    case 'news':
      return { news: true }
  }
}

function bodyFromMessage(wire: skein.MembershipMessage): MessageBody {
  const { bucketsMax, entriesMax, wantedMax } = MESSAGE_LIMITS
  switch (wire.body) {
    case 'ping':
      return { type: 'ping', sequence: wire.ping ?? 0 }
    case 'ack':
      return { type: 'ack', sequence: wire.ack ?? 0 }
    case 'nack':
      return { type: 'nack', sequence: wire.nack ?? 0 }
    case 'pingRequest': {
      const { sequence, target } = wire.pingRequest ?? {}
      return { type: 'ping-request', sequence: sequence ?? 0, target: name('target', target) }
    }
    case 'digest':
      return { type: 'digest', hashes: bounded('hashes', wire.digest?.hashes ?? [], bucketsMax) }
    case 'entries': {
      const { buckets, entries } = wire.entries ?? {}
      return {
        type: 'entries',
        buckets: bounded('buckets', buckets ?? [], bucketsMax),
        entries: bounded('entries', entries ?? [], entriesMax).map(entry),
      }
    }
    case 'delta': {
      const wanted = bounded('wanted', wire.delta?.wanted ?? [], wantedMax)
      return { type: 'delta', wanted: wanted.map(peer => name('wanted', peer)) }
    }
    case 'release':
      return { type: 'release' }
    case 'news':
      return { type: 'news' }
    default:
      throw badFrame('expected a message of a failure detector, found one without a body')
  }
}

function entryToMessage({ status, ...entry_ }: DigestEntry): skein.DigestEntry.$Properties {
  return { ...entry_, status: STATUSES.indexOf(status) }
}

function entry({ peer, incarnation, version, status }: skein.IDigestEntry): DigestEntry {
  const known = STATUSES[status ?? 0]
  if (known === undefined) throw badFrame(`expected a status from 0 to 3, found ${status}`)
  return {
    peer: name('entries.peer', peer),
    incarnation: whole('incarnation', incarnation),
    version: version ?? 0,
    status: known,
  }
}

function accusation({ peer, incarnation, isDead, accuser }: skein.IAccusation): Accusation {
  return {
    peer: name('accusations.peer', peer),
    incarnation: whole('incarnation', incarnation),
    status: isDead ? 'dead' : 'suspect',
    accuser: name('accusations.accuser', accuser),
  }
}

function name(field: string, text: string | null | undefined): PeerId {
  if (text && text.length <= PEER_MAX_CHARACTERS) return text
  throw badFrame(`expected "${field}" to name a peer, found ${text?.length ?? 0} characters`)
}
