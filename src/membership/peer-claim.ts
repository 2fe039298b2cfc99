/**
 * What a peer says of itself at one moment, and how claims are put in order.
 *
 * Only the author raises `incarnation` (at every start) and `version` (at every claim), so all
 * claims of one author stand in one order, in whatever order they arrive. Facts change seldom and
 * a claim may leave them out; they are therefore ordered by themselves, by (incarnation,
 * factsVersion). Merging takes the newer of each, so it does not matter in which order, or how
 * often, the same claims are merged.
 *
 * Source: the ordering by (generation, version) of van Renesse et al., "Efficient Reconciliation
 * and Flow Control for Anti-Entropy Protocols", LADIS 2008.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { Coordinate } from './vivaldi.ts'

export interface PeerClaim {
  /** Its author, and whom it is about. */
  readonly peer: PeerId
  /** Higher after every start of the author. */
  readonly incarnation: number
  /** Higher with every claim of one incarnation. */
  readonly version: number
  /** `undefined`: unchanged since `factsVersion`. */
  readonly facts: PeerFacts | undefined
  /** Higher with every change of facts of one incarnation. */
  readonly factsVersion: number
  readonly load: PeerLoad
  /** Where its author is in the space of round trips; `undefined`: it does not say. */
  readonly coordinate?: Coordinate | undefined
  /** The last claim of an author that goes on purpose. */
  readonly isLeaving: boolean
}

/** All we know from the claims of one author. */
export interface KnownClaim {
  /** The newest claim, with the newest facts known, which may be older. */
  readonly claim: PeerClaim
  /** Incarnation and version of these facts. Both 0 as long as none are known. */
  readonly factsIncarnation: number
  readonly factsVersion: number
}

/** Whether `a` was made after `b` by the same author. Never true of a claim and itself. */
export function isNewer(
  a: Pick<PeerClaim, 'incarnation' | 'version'>,
  b: Pick<PeerClaim, 'incarnation' | 'version'>,
): boolean {
  if (a.incarnation !== b.incarnation) return a.incarnation > b.incarnation
  return a.version > b.version
}

/**
 * What is known after hearing one more claim.
 *
 * @returns `known` itself if the claim brings nothing new.
 */
export function mergeClaim(known: KnownClaim | undefined, heard: PeerClaim): KnownClaim {
  const isNews = known === undefined || isNewer(heard, known.claim)
  const hasNewFacts = heard.facts !== undefined && areFactsNewer(heard, known)
  if (known !== undefined && !isNews && !hasNewFacts) return known

  const newest = isNews ? heard : known.claim
  const facts = hasNewFacts ? heard.facts : known?.claim.facts
  return {
    // Most claims carry the facts that are known, and need no copy.
    claim: newest.facts === facts ? newest : { ...newest, facts },
    factsIncarnation: hasNewFacts ? heard.incarnation : (known?.factsIncarnation ?? 0),
    factsVersion: hasNewFacts ? heard.factsVersion : (known?.factsVersion ?? 0),
  }
}

function areFactsNewer(heard: PeerClaim, known: KnownClaim | undefined): boolean {
  if (known?.claim.facts === undefined) return true
  return isNewer(
    { incarnation: heard.incarnation, version: heard.factsVersion },
    { incarnation: known.factsIncarnation, version: known.factsVersion },
  )
}
