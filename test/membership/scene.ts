/**
 * Builders for membership tests: claims of a peer, and a table that has heard some.
 */
import type { PeerFacts, PeerLoad } from '../../src/core/peer-state.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { Random } from '../../src/core/random.ts'
import { type MembershipOptions, membershipOptions } from '../../src/membership/options.ts'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'
import {
  type MembershipEffect,
  type MembershipEvent,
  PeerTable,
} from '../../src/membership/peer-table.ts'

/** Between `a` and `z`, so that a test may have a peer on either side. */
export const SELF = 'm'

export function factsOf(name: string, ...addresses: readonly string[]): PeerFacts {
  return { version: '1', name, zone: '', labels: {}, addresses, models: [] }
}

/** A load that differs from others by its number. */
export function loadOf(queuedCount: number): PeerLoad {
  const model = {
    model: 'llama',
    queuedCount,
    runningCount: 0,
    prefillTokensLeft: 0,
    decodeTokensLeft: 0,
    prefillTokensPerSecond: 0,
    decodeTokensPerSecond: 0,
  }
  return { ...NO_LOAD, models: [model] }
}

/** A claim of `z`, a peer that can be dialled at `/z`. */
export function claimOf(change: Partial<PeerClaim> = {}): PeerClaim {
  const peer = change.peer ?? 'z'
  return {
    peer,
    incarnation: 1,
    version: 1,
    facts: factsOf(peer, `/${peer}`),
    factsVersion: 1,
    load: NO_LOAD,
    isLeaving: false,
    ...change,
  }
}

export function heard(change: Partial<PeerClaim> = {}): MembershipEvent {
  return { type: 'claim-heard', claim: claimOf(change) }
}

export const connected = (peer = 'z'): MembershipEvent => ({ type: 'connected', peer })
export const connectionLost = (peer = 'z'): MembershipEvent => ({ type: 'connection-lost', peer })
export const dialFailed = (peer = 'z'): MembershipEvent => ({ type: 'dial-failed', peer })
export const tick: MembershipEvent = { type: 'tick' }

export interface Scene {
  readonly options?: Partial<MembershipOptions>
  readonly seed?: number
  /** Taken at 0 ms, after the first tick. */
  readonly events?: readonly MembershipEvent[]
}

/** The table of `m`, which has said its first claim at 0 ms. */
export function tableOf({ options = {}, seed = 1, events = [] }: Scene = {}): PeerTable {
  const self = { peer: SELF, incarnation: 10, facts: factsOf(SELF), load: NO_LOAD }
  const table = new PeerTable(self, membershipOptions.parse(options), new Random(seed))
  table.step(tick, 0)
  for (const event of events) table.step(event, 0)
  return table
}

export function ofType<Type extends MembershipEffect['type']>(
  effects: readonly MembershipEffect[],
  type: Type,
) {
  return effects.filter(
    (effect): effect is Extract<MembershipEffect, { type: Type }> => effect.type === type,
  )
}

/** Lets time pass: ticks whenever the table asks to be woken. Returns what it did, and when. */
export function runUntil(table: PeerTable, untilMs: number) {
  const done: { readonly atMs: number; readonly effect: MembershipEffect }[] = []
  while (table.wakeAtMs <= untilMs) {
    const atMs = table.wakeAtMs
    for (const effect of table.step(tick, atMs)) done.push({ atMs, effect })
  }
  return done
}
