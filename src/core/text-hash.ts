/**
 * Hashes of texts in 32 bits, equal on every peer: to spread and to recognise, never to protect.
 *
 * Source: FNV-1a (Fowler, Noll, Vo, 1991) over UTF-16 units; the finaliser of MurmurHash3
 * (Appleby, 2011, public domain).
 */
const FNV_PRIME = 0x01000193

/** Of no text at all. */
export const EMPTY_TEXT = 0x811c9dc5

/** One more character (a UTF-16 unit) of a text. To be `mixed` before anybody compares it. */
export function addCharacter(hash: number, code: number): number {
  return Math.imul(hash ^ code, FNV_PRIME)
}

/** Spreads what differs in one bit over all of them. Unsigned. */
export function mixed(word: number): number {
  let hash = word ^ (word >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

export function textHash(text: string): number {
  let hash = EMPTY_TEXT
  for (let index = 0; index < text.length; index++) {
    hash = addCharacter(hash, text.charCodeAt(index))
  }
  return mixed(hash)
}
