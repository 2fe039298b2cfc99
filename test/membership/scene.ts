/**
 * Builders for membership tests: claims, messages and accusations of others, a machine that has
 * heard some, and what it says when time passes.
 */
import type { PeerFacts, PeerLoad } from '../../src/core/peer-state.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { Random } from '../../src/core/random.ts'
import type { MembershipEffect, MembershipEvent } from '../../src/membership/events.ts'
import { Membership } from '../../src/membership/membership.ts'
import type { Accusation, Message, MessageBody } from '../../src/membership/message.ts'
import { type MembershipOptions, membershipOptions } from '../../src/membership/options.ts'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'

/** Between `a` and `z`, so that a test may have a peer on either side. */
export const SELF = 'm'

/** Of our first claim. */
export const SELF_INCARNATION = 10

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

export const connected = (peer = 'z', rttMs = 2): MembershipEvent => ({
  type: 'connected',
  peer,
  rttMs,
})
export const connectionLost = (peer = 'z'): MembershipEvent => ({ type: 'connection-lost', peer })
export const reachable = (peer = 'z', isReachable = true): MembershipEvent => ({
  type: 'reachable-changed',
  peer,
  isReachable,
})
export const dialFailed = (peer = 'z', isRefused = false): MembershipEvent => ({
  type: 'dial-failed',
  peer,
  isRefused,
})
export const peerHeard = (peer = 'z'): MembershipEvent => ({ type: 'peer-heard', peer })
export const tick: MembershipEvent = { type: 'tick' }
export const leave: MembershipEvent = { type: 'leave' }

/** Peers that are connected, can be sent messages, and have claimed. */
export function met(...peers: readonly string[]): MembershipEvent[] {
  return peers.flatMap(peer => [heard({ peer }), connected(peer), reachable(peer)])
}

/** A body that needs no answer. */
export const NOTHING: MessageBody = { type: 'nack', sequence: 0 }

export function received(
  from: string,
  body: MessageBody,
  change: Partial<Message> = {},
): MembershipEvent {
  const head = { incarnation: 1, version: 1 }
  const message = { body, head, coordinate: undefined, claims: [], accusations: [], ...change }
  return { type: 'message-received', from, message }
}

/** That `y`, whom nobody else knows, suspects `z`. */
export function accusationOf(change: Partial<Accusation> = {}): Accusation {
  return { peer: 'z', status: 'suspect', incarnation: 1, accuser: 'y', ...change }
}

export function accused(change: Partial<Accusation> = {}): MembershipEvent {
  const accusation = accusationOf(change)
  return received(accusation.accuser, NOTHING, { accusations: [accusation] })
}

export interface Scene {
  readonly self?: string
  readonly options?: Partial<MembershipOptions>
  readonly seed?: number
  /** Taken at 0 ms, after the first tick. */
  readonly events?: readonly MembershipEvent[]
}

/** The machine of `m`, which has said its first claim at 0 ms. */
export function membershipOf({ self = SELF, options = {}, seed = 1, events = [] }: Scene = {}) {
  const first = { incarnation: SELF_INCARNATION, facts: factsOf(self, `/${self}`), load: NO_LOAD }
  const machine = new Membership(
    { peer: self, ...first },
    membershipOptions.parse(options),
    new Random(seed),
  )
  machine.step(tick, 0)
  for (const event of events) machine.step(event, 0)
  return machine
}

export function ofType<Type extends MembershipEffect['type']>(
  effects: readonly MembershipEffect[],
  type: Type,
) {
  return effects.filter(
    (effect): effect is Extract<MembershipEffect, { type: Type }> => effect.type === type,
  )
}

/** What we send to a peer that pings us, and with it our news. */
export function saidTo(machine: Membership, peer: string, nowMs: number): Message {
  const effects = machine.step(received(peer, { type: 'ping', sequence: 77 }), nowMs)
  const sends = ofType(effects, 'send').filter(({ to, message }) => {
    return to === peer && message.body.type === 'ack'
  })
  const [send] = sends
  if (sends.length !== 1 || send === undefined) {
    throw new Error(`expected one answer to ${peer}, found ${JSON.stringify(effects)}`)
  }
  return send.message
}

export interface Done {
  readonly atMs: number
  readonly effect: MembershipEffect
}

/** What others do about an effect of ours, at once. */
export type Others = (effect: MembershipEffect) => readonly MembershipEvent[]

/** Nobody answers. */
export const silence: Others = () => []

/** These peers answer our pings at once. */
export function answering(...peers: readonly string[]): Others {
  return effect => {
    if (effect.type !== 'send' || !peers.includes(effect.to)) return []
    const { body } = effect.message
    if (body.type !== 'ping') return []
    return [received(effect.to, { type: 'ack', sequence: body.sequence })]
  }
}

/** Lets time pass: ticks whenever the machine asks to be woken. Returns what it did, and when. */
export function runUntil(machine: Membership, untilMs: number, others = silence): readonly Done[] {
  const done: Done[] = []
  const take = (event: MembershipEvent, atMs: number): void => {
    for (const effect of machine.step(event, atMs)) {
      done.push({ atMs, effect })
      for (const answer of others(effect)) take(answer, atMs)
    }
  }
  while (machine.wakeAtMs <= untilMs) {
    const atMs = machine.wakeAtMs
    take(tick, atMs)
    if (machine.wakeAtMs <= atMs) throw new Error(`a tick at ${atMs} ms left itself due`)
  }
  return done
}

/** When the status of a peer changed, and to what. */
export function statusesOf(done: readonly Done[], peer = 'z') {
  return done.flatMap(({ atMs, effect }) =>
    effect.type === 'status-changed' && effect.peer === peer
      ? [{ atMs, status: effect.status }]
      : [],
  )
}

/** When a peer was dialled. */
export function dialsOf(done: readonly Done[], peer = 'z'): readonly number[] {
  return done.flatMap(({ atMs, effect }) =>
    effect.type === 'dial' && effect.peer === peer ? [atMs] : [],
  )
}
