/**
 * The text of a ticket: `skein1` and base58 of the protobuf `Ticket` and its CRC-32.
 *
 * Base58 has no characters that a terminal breaks a word at and none that look alike. The
 * checksum tells a mistyped or truncated ticket from one that another mesh gave out.
 */
import { crc32 } from 'node:zlib'
import { peerIdFromMultihash } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { base58btc } from 'multiformats/bases/base58'
import { decode as decodeMultihash } from 'multiformats/hashes/digest'
import { MeshError } from '../core/errors.ts'
import type { MeshId, PeerId } from '../core/ids.ts'
import { skein } from '../protocols/gen/messages.js'
import { TICKET_ID_BYTES, TICKET_SECRET_BYTES } from '../protocols/join.ts'

const PREFIX = 'skein1'
const CHECKSUM_BYTES = 4

/** Addresses a ticket holds at most; more would only make it longer. */
export const TICKET_ADDRESSES_MAX = 3

/** Longest text that is looked at. A real one has about 200 characters. */
const TEXT_MAX = 2_000

/** The last time that has a date (ECMA-262, section 21.4.1.1). */
const TIME_MAX_MS = 8.64e15

export interface Ticket {
  readonly meshId: MeshId
  readonly ticketId: Uint8Array
  readonly secret: Uint8Array
  readonly expiresAtWallMs: number
  /** The member to join at. */
  readonly peer: PeerId
  /** Its multiaddrs, without its id. One to three. */
  readonly addresses: readonly string[]
}

export function encodeTicket(ticket: Ticket): string {
  const message = skein.Ticket.encode({
    meshId: Buffer.from(ticket.meshId, 'hex'),
    ticketId: ticket.ticketId,
    secret: ticket.secret,
    expiresAtWallMs: ticket.expiresAtWallMs,
    peer: base58btc.baseDecode(ticket.peer),
    addresses: ticket.addresses.map(address => multiaddr(address).bytes),
  }).finish()
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32BE(crc32(message))
  return PREFIX + base58btc.baseEncode(Buffer.concat([message, checksum]))
}

/** @throws MeshError ERR_TICKET_MALFORMED saying what is wrong with the text. */
export function decodeTicket(text: string): Ticket {
  const trimmed = text.trim()
  if (!trimmed.startsWith(PREFIX)) {
    const later = /^skein\d/.test(trimmed)
    if (later) throw malformed('a ticket of a later version')
    throw malformed(trimmed === '' ? 'nothing' : `text that starts with "${trimmed.slice(0, 12)}"`)
  }
  if (trimmed.length > TEXT_MAX) throw malformed(`${trimmed.length} characters`)
  const bytes = decodeBase58(trimmed.slice(PREFIX.length))
  const message = bytes.subarray(0, -CHECKSUM_BYTES)
  const checksum = Buffer.from(bytes.subarray(-CHECKSUM_BYTES))
  if (bytes.length <= CHECKSUM_BYTES || checksum.readUInt32BE() !== crc32(message)) {
    throw malformed('one that is truncated or mistyped (its checksum does not fit)')
  }
  return fromMessage(message)
}

function decodeBase58(text: string): Uint8Array {
  try {
    return base58btc.baseDecode(text)
  } catch (cause) {
    throw malformed('one with characters that no ticket has', cause)
  }
}

function fromMessage(bytes: Uint8Array): Ticket {
  try {
    const message = skein.Ticket.decode(bytes)
    const ticket = {
      meshId: Buffer.from(message.meshId).toString('hex'),
      ticketId: message.ticketId,
      secret: message.secret,
      expiresAtWallMs: message.expiresAtWallMs,
      peer: peerIdFromMultihash(decodeMultihash(message.peer)).toString(),
      addresses: message.addresses.map(address => multiaddr(address).toString()),
    }
    if (isComplete(ticket)) return ticket
  } catch (cause) {
    throw malformed('one whose content cannot be read', cause)
  }
  throw malformed('one with a part that is missing or out of range')
}

function isComplete(ticket: Ticket): boolean {
  const { meshId, ticketId, secret, expiresAtWallMs, addresses } = ticket
  return (
    Number.isInteger(expiresAtWallMs) &&
    Math.abs(expiresAtWallMs) <= TIME_MAX_MS &&
    meshId.length === 32 &&
    ticketId.length === TICKET_ID_BYTES &&
    secret.length === TICKET_SECRET_BYTES &&
    addresses.length > 0 &&
    addresses.length <= TICKET_ADDRESSES_MAX
  )
}

function malformed(found: string, cause?: unknown): MeshError {
  return new MeshError(`expected a ticket (${PREFIX}…), found ${found}`, {
    code: 'ERR_TICKET_MALFORMED',
    hint: 'Copy the whole ticket again; `skein invite` on a peer of the mesh prints one.',
    cause,
  })
}
