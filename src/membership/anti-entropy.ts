/**
 * Anti-entropy: two members compare what they know and send each other what is missing, so that
 * whatever gossip and rumours lost is found within a few rounds.
 *
 *     a -- digest: a hash for each bucket of members --> b
 *     a <-- entries: the members of the buckets that differ -- b
 *     a -- delta: claims you lack, and whose I want --> b
 *     a <-- delta: the claims you wanted -- b
 *
 * Two that agree exchange two small messages. Members that are long gone are left out, and are
 * forgotten only later: otherwise those who have forgotten them would learn of them anew.
 *
 * Source: van Renesse et al., "Efficient Reconciliation and Flow Control for Anti-Entropy
 * Protocols", LADIS 2008; the grace of the dead as in quickwit chitchat; buckets as one level of a
 * Merkle tree.
 */
import type { PeerId } from '../core/ids.ts'
import type { Member } from './member.ts'
import { type DigestEntry, MESSAGE_LIMITS } from './message.ts'
import { isNewer } from './peer-claim.ts'

/** Of `membersMax` members at most, each bucket fits into one message. */
const BUCKET_COUNT = 32

/** Above so many members each exchanges less often, or all together would cost too much. */
const CALM_MEMBERS = 32

const GRAVITY = { alive: 0, suspect: 0, dead: 1, left: 2 } as const

/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** An entry of ours; the hash of the peer's id saves its making for each comparison. */
export interface OwnEntry extends DigestEntry {
  readonly peerHash?: number | undefined
}

const hashOf = ({ peer, peerHash }: OwnEntry) => peerHash ?? hashText(peer)

const bucketOf = (entry: OwnEntry) => hashOf(entry) % BUCKET_COUNT

/** Mixes one more number, of which the low 32 bits count. Source: the finalizer of MurmurHash3. */
function mixed(hash: number, value: number): number {
  let word = Math.imul(hash ^ (value | 0), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return (word ^ (word >>> 16)) >>> 0
}

/** What we tell of ourselves and others. Those gone for half of the time they are kept: nothing. */
export function digestEntries(
  own: OwnEntry,
  members: Iterable<Member>,
  { nowMs, forgetAfterMs }: { readonly nowMs: number; readonly forgetAfterMs: number },
): OwnEntry[] {
  const entries = [own]
  for (const { peer, peerHash, status, incarnation, known, forgetAtMs } of members) {
    if (forgetAtMs - nowMs < forgetAfterMs / 2) continue
    // A version counts within the life that it belongs to.
    const version = known.claim.incarnation === incarnation ? known.claim.version : 0
    entries.push({ peer, peerHash, status, incarnation, version })
  }
  return entries
}

/** Equal for equal sets of entries, whatever their order. */
export function bucketHashes(entries: readonly OwnEntry[]): number[] {
  const hashes = Array.from({ length: BUCKET_COUNT }, () => 0)
  for (const entry of entries) {
    const { status, incarnation, version } = entry
    const bucket = bucketOf(entry)
    const life = mixed(mixed(hashOf(entry), incarnation / 2 ** 32), incarnation)
    const hash = mixed(mixed(life, version), GRAVITY[status])
    hashes[bucket] = ((hashes[bucket] ?? 0) ^ hash) >>> 0
  }
  return hashes
}

/** The buckets in which we and another differ. */
export function differingBuckets(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.flatMap((hash, bucket) => (hash === theirs[bucket] ? [] : [bucket]))
}

/** The entries of as many of the buckets as one message carries, whole buckets only. */
export function entriesIn(
  entries: readonly OwnEntry[],
  buckets: readonly number[],
): { readonly buckets: readonly number[]; readonly entries: readonly DigestEntry[] } {
  const taken: number[] = []
  const found: DigestEntry[] = []
  for (const bucket of buckets) {
    const inBucket = entries.filter(entry => bucketOf(entry) === bucket)
    if (found.length + inBucket.length > MESSAGE_LIMITS.entriesMax) break
    taken.push(bucket)
    found.push(...inBucket)
  }
  return { buckets: taken, entries: found }
}

export interface Difference {
  /** Whose claims the other has and we lack. */
  readonly wanted: readonly PeerId[]
  /** Whose claims we have and the other lacks. */
  readonly claims: readonly PeerId[]
  /** Entries of the other that say that a member is dead. */
  readonly deaths: readonly DigestEntry[]
}

/** @param theirs The entries of the other in `buckets`, all of them. */
export function compare(
  ours: readonly OwnEntry[],
  {
    buckets,
    entries: theirs,
  }: { readonly buckets: readonly number[]; readonly entries: readonly DigestEntry[] },
): Difference {
  const isCompared = new Set(buckets)
  const missing = new Map(
    ours.flatMap(entry => (isCompared.has(bucketOf(entry)) ? [[entry.peer, entry]] : [])),
  )
  const wanted: PeerId[] = []
  const claims: PeerId[] = []
  for (const entry of theirs) {
    const known = missing.get(entry.peer)
    missing.delete(entry.peer)
    if (known === undefined || isNewer(entry, known)) wanted.push(entry.peer)
    else if (isNewer(known, entry)) claims.push(entry.peer)
  }
  claims.push(...missing.keys())
  return { wanted, claims, deaths: theirs.filter(({ status }) => status === 'dead') }
}

/** How often one member begins an exchange. Source: the scale of HashiCorp memberlist's push-pull. */
export function syncIntervalMs(baseMs: number, memberCount: number): number {
  if (memberCount <= CALM_MEMBERS) return baseMs
  return baseMs * (Math.ceil(Math.log2(memberCount) - Math.log2(CALM_MEMBERS)) + 1)
}
