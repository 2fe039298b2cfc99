/**
 * Options of the membership module: one declaration gives the type, the defaults, the bounds and
 * the page in docs/reference/config.md.
 */
import { z } from 'zod'

const durationMs = (minMs: number, maxMs: number) =>
  z.int().min(minMs).max(maxMs).meta({ unit: 'ms' })

export const membershipOptions = z
  .strictObject({
    publishMinIntervalMs: durationMs(1, 60_000)
      .default(100)
      .describe('Shortest time between two of our own claims, however often our load changes.'),

    publishMaxIntervalMs: durationMs(10, 600_000)
      .default(2_000)
      .describe('Longest time between two of our own claims; they are our heartbeat.'),

    heartbeatTimeoutMs: durationMs(10, 600_000)
      .default(6_000)
      .describe(
        'Silence after which a peer is suspect. Three heartbeats, so that two may be lost.',
      ),

    suspicionTimeoutMs: durationMs(10, 600_000)
      .default(5_000)
      .describe('How long a suspect has to be heard again before it is declared dead.'),

    dialDelayMs: durationMs(0, 60_000)
      .default(3_000)
      .describe(
        'How long the peer with the higher id waits for the other to connect before it dials.',
      ),

    dialBackoffMinMs: durationMs(1, 600_000)
      .default(1_000)
      .describe('Wait after the first failed dial; it doubles with each further one.'),

    dialBackoffMaxMs: durationMs(1, 3_600_000)
      .default(30_000)
      .describe('Longest wait between two dials of a peer that is not dead.'),

    deadDialIntervalMs: durationMs(10, 3_600_000)
      .default(30_000)
      .describe('Wait between two dials of a dead peer, so that parted meshes find together.'),

    forgetAfterMs: durationMs(10, 30 * 86_400_000)
      .default(86_400_000)
      .describe('How long a peer that is dead or has left is remembered.'),

    membersMax: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ unit: 'peers' })
      .default(1_024)
      .describe('Peers remembered at most, whatever their status. Further ones are ignored.'),
  })
  .refine(options => options.publishMinIntervalMs <= options.publishMaxIntervalMs, {
    error: 'publishMinIntervalMs must not be larger than publishMaxIntervalMs',
    path: ['publishMinIntervalMs'],
  })
  .refine(options => options.publishMaxIntervalMs < options.heartbeatTimeoutMs, {
    error: 'publishMaxIntervalMs must be smaller than heartbeatTimeoutMs, or all peers are suspect',
    path: ['publishMaxIntervalMs'],
  })
  .refine(options => options.dialBackoffMinMs <= options.dialBackoffMaxMs, {
    error: 'dialBackoffMinMs must not be larger than dialBackoffMaxMs',
    path: ['dialBackoffMinMs'],
  })

export type MembershipOptions = z.output<typeof membershipOptions>
