/**
 * Which peer a person means by a name, an id, or part of an id.
 *
 * All ids begin alike, and `skein nodes` shows their ends: the end of one is as good as its
 * beginning, as long as only one peer fits.
 */
import { didYouMean } from '../core/did-you-mean.ts'
import { MeshError } from '../core/errors.ts'
import type { Client } from './client.ts'
import { rosterNames } from './roster.ts'
import { shortPeer } from './table.ts'
import { nodeList } from './wire.ts'

/** Fewer characters of an id are more likely a mistyped name. */
const PART_MIN_CHARACTERS = 4

export interface KnownNode {
  readonly peer: string
  /** As it calls itself; empty: it has not said. */
  readonly name: string
}

/** Peers of the mesh that the asked one has heard of, or that were admitted once. */
export async function knownNodes(client: Client): Promise<readonly KnownNode[]> {
  const { nodes } = await client.get('/mesh/v1/nodes', nodeList)
  const seen = nodes.map(({ peer, facts }) => ({ peer, name: facts?.name ?? '' }))
  const known = new Set(seen.map(({ peer }) => peer))
  const admitted = await rosterNames(client)
  const others = admitted.filter(peer => !known.has(peer)).map(peer => ({ peer, name: '' }))
  return [...seen, ...others]
}

/** @throws MeshError ERR_NOT_FOUND, ERR_USAGE if more than one fits. */
export function findNode(nodes: readonly KnownNode[], word: string): KnownNode {
  const part = word.replace(/^…/, '')
  const isPart = part.length >= PART_MIN_CHARACTERS
  const ways: readonly ((node: KnownNode) => boolean)[] = [
    ({ peer }) => peer === word,
    ({ name }) => name === word,
    ({ peer }) => isPart && (peer.startsWith(part) || peer.endsWith(part)),
  ]
  for (const fits of ways) {
    const [found, ...others] = nodes.filter(fits)
    if (found === undefined) continue
    if (others.length === 0) return found
    throw ambiguous(word, [found, ...others])
  }
  throw unknown(nodes, word)
}

function ambiguous(word: string, found: readonly KnownNode[]): MeshError {
  const list = found.map(({ peer, name }) => `${name} (${shortPeer(peer)})`).join(', ')
  return new MeshError(`expected the name or id of one peer, found ${word}, which fits ${list}`, {
    code: 'ERR_USAGE',
    hint: 'Give more of the id; `skein nodes --json` has them in full.',
  })
}

function unknown(nodes: readonly KnownNode[], word: string): MeshError {
  const meant = didYouMean(
    word,
    nodes.flatMap(({ name, peer }) => [name, peer]).filter(text => text !== ''),
  )
  return new MeshError(`expected the name or id of a peer of this mesh, found ${word}`, {
    code: 'ERR_NOT_FOUND',
    hint: meant === undefined ? '`skein nodes` lists them.' : `Did you mean ${meant}?`,
  })
}
