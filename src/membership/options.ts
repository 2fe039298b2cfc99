/**
 * Options of the membership module: one declaration gives the type, the defaults, the bounds and
 * the page in docs/reference/config.md. The defaults are those of the profile `lan`.
 */
import { z } from 'zod'
import { count, durationMs } from '../core/option-fields.ts'

const factor = (min: number, max: number) => z.number().min(min).max(max).meta({ unit: 'times' })

export const PROFILES = ['local', 'lan', 'wan'] as const

export const membershipOptions = z
  .strictObject({
    profile: z
      .enum(PROFILES)
      .default('lan')
      .describe(
        'Times that fit one machine, one site, or several. Options set beside it hold all the same.',
      ),

    probeIntervalMs: durationMs(20, 60_000)
      .default(500)
      .describe('Protocol period: how often this peer probes one other.'),

    probeTimeoutMinMs: durationMs(5, 60_000)
      .default(100)
      .describe('A probe is not late before this, however short the measured round trip.'),

    probeTimeoutMaxMs: durationMs(5, 60_000)
      .default(250)
      .describe('A probe is late after this; then others are asked to try.'),

    indirectProbeCount: count(0, 32, 'peers')
      .default(3)
      .describe('Peers asked to probe one that does not answer us.'),

    suspicionMultiplier: factor(1, 100)
      .default(4)
      .describe(
        'Least time from suspect to dead, in periods times log10 of the mesh’s size (at least 1).',
      ),

    suspicionMaxMultiplier: factor(1, 100)
      .default(6)
      .describe('Longest time from suspect to dead, as a multiple of the least one.'),

    suspicionRefusedMs: durationMs(0, 600_000)
      .default(1_000)
      .describe('Time from suspect to dead once the peer’s machine refuses connections.'),

    localHealthMax: count(0, 100, 'signs')
      .default(7)
      .describe('How far signs of trouble of our own may slow our probes: 7 is eight times.'),

    stallMs: durationMs(10, 60_000)
      .default(200)
      .describe('A timer this late is a stall of our own, and no fault of others.'),

    retransmitMultiplier: count(1, 100, 'times')
      .default(4)
      .describe('How often each peer passes news on, times log10 of the mesh’s size.'),

    syncIntervalMs: durationMs(100, 3_600_000)
      .default(10_000)
      .describe('How often what is known is compared with one other; seldomer above 32 peers.'),

    publishMinIntervalMs: durationMs(1, 60_000)
      .default(100)
      .describe('Shortest time between two of our own claims, however often our load changes.'),

    loadIntervalMs: durationMs(10, 600_000)
      .default(2_000)
      .describe('How often our load is read again even if nothing has said that it changed.'),

    claimsPerSecondMax: count(1, 100_000, 'claims/s')
      .default(40)
      .describe('Claims that all peers together may gossip; in a large mesh each has its share.'),

    fullMeshMax: count(2, 1_000, 'peers')
      .default(64)
      .describe('Up to so many peers everyone is connected to everyone.'),

    neighboursMin: count(2, 500, 'peers')
      .default(8)
      .describe('In a larger mesh: connections kept open at least.'),

    neighboursMax: count(4, 1_000, 'peers')
      .default(24)
      .describe('In a larger mesh: connections above this are closed when they are idle.'),

    dialDelayMs: durationMs(0, 60_000)
      .default(3_000)
      .describe(
        'How long the peer with the higher id waits for the other to connect before it dials.',
      ),

    redialPatienceMs: durationMs(1, 60_000)
      .default(1_000)
      .describe('How long a lost connection may take to come back before the others are told.'),

    dialBackoffMinMs: durationMs(1, 600_000)
      .default(1_000)
      .describe('Wait after the first failed dial; it doubles with each further one.'),

    dialBackoffMaxMs: durationMs(1, 3_600_000)
      .default(30_000)
      .describe('Longest wait between two dials of a peer that is not dead.'),

    deadDialIntervalMs: durationMs(10, 3_600_000)
      .default(15_000)
      .describe('Wait between two dials of a dead peer, so that parted meshes find together.'),

    forgetAfterMs: durationMs(10, 30 * 86_400_000)
      .default(86_400_000)
      .describe('How long a peer that is dead or has left is remembered.'),

    membersMax: count(1, 10_000, 'peers')
      .default(1_024)
      .describe('Peers remembered at most. Beyond it, those gone make room, then new ones wait.'),
  })
  .refine(options => options.probeTimeoutMinMs <= options.probeTimeoutMaxMs, {
    error: 'probeTimeoutMinMs must not be larger than probeTimeoutMaxMs',
    path: ['probeTimeoutMinMs'],
  })
  .refine(options => options.probeTimeoutMaxMs < options.probeIntervalMs, {
    error: 'probeTimeoutMaxMs must be smaller than probeIntervalMs, or no peer is asked to help',
    path: ['probeTimeoutMaxMs'],
  })
  .refine(options => options.dialBackoffMinMs <= options.dialBackoffMaxMs, {
    error: 'dialBackoffMinMs must not be larger than dialBackoffMaxMs',
    path: ['dialBackoffMinMs'],
  })
  .refine(options => options.neighboursMin < options.neighboursMax, {
    error: 'neighboursMin must be smaller than neighboursMax',
    path: ['neighboursMin'],
  })

export type MembershipOptions = z.output<typeof membershipOptions>

export type Profile = (typeof PROFILES)[number]

/** What each profile changes in the defaults. */
export const profileEdits: Readonly<Record<Profile, Partial<MembershipOptions>>> = {
  local: { probeIntervalMs: 250, probeTimeoutMaxMs: 125, probeTimeoutMinMs: 50 },
  lan: {},
  wan: {
    probeIntervalMs: 1_000,
    probeTimeoutMinMs: 200,
    probeTimeoutMaxMs: 600,
    redialPatienceMs: 3_000,
    syncIntervalMs: 20_000,
    publishMinIntervalMs: 250,
  },
}
