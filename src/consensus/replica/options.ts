/**
 * Options of the consensus module: one declaration gives the type, the defaults, the bounds and
 * the page in docs/reference/config.md.
 */
import { z } from 'zod'
import { bytes, count, durationMs } from '../../core/option-fields.ts'
import { voterReplaceAfterMs, votersMax } from '../../core/voter-fields.ts'

const KIB = 1024
const MIB = 1024 * KIB

export const consensusOptions = z
  .strictObject({
    heartbeatIntervalMs: durationMs(10, 60_000)
      .default(1_000)
      .describe('How often the leader says that it is there.'),

    electionTimeoutMs: durationMs(50, 600_000)
      .default(3_000)
      .describe(
        'Silence after which a voter stands for election; by chance up to twice as long. At once if the leader is known to be dead.',
      ),

    votersMax: votersMax().describe(
      'Most peers that decide, unless the policy says it: five from eleven members on, three from three on.',
    ),

    voterReplaceAfterMs: voterReplaceAfterMs().describe(
      'A voter that has been dead for this long is replaced, unless the policy says another time.',
    ),

    voterStableAfterMs: durationMs(0, 86_400_000)
      .default(10_000)
      .describe('A peer becomes a voter once it has been alive for this long.'),

    writeTimeoutMs: durationMs(100, 600_000)
      .default(5_000)
      .describe('A change of policy that is not agreed on within this is given up.'),

    followIntervalMs: durationMs(100, 600_000)
      .default(10_000)
      .describe('A peer that follows a voter hears from it at least this often, or asks another.'),

    entryMaxBytes: bytes(KIB, MIB)
      .default(256 * KIB)
      .describe('Largest change of policy.'),

    appendMaxBytes: bytes(KIB, MIB)
      .default(512 * KIB)
      .describe('Most of the log sent to a peer at once.'),

    inflightMax: count(1, 10_000, 'messages')
      .default(64)
      .describe('Messages with log entries on their way to one peer.'),

    inflightMaxBytes: bytes(KIB, 1_024 * MIB)
      .default(8 * MIB)
      .describe('Bytes of log entries on their way to one peer.'),

    uncommittedMaxBytes: bytes(KIB, 1_024 * MIB)
      .default(16 * MIB)
      .describe('Changes waiting for agreement; more are refused as too many.'),

    snapshotEveryEntries: count(16, 10_000_000, 'entries')
      .default(4_096)
      .describe('Entries after which the state is written down whole.'),

    snapshotEveryBytes: bytes(KIB, 1_024 * MIB)
      .default(16 * MIB)
      .describe('The same in bytes of entries.'),

    trailingEntries: count(0, 10_000_000, 'entries')
      .default(1_024)
      .describe('Entries kept before a snapshot, for peers that lag a little.'),
  })
  .refine(options => options.electionTimeoutMs >= 3 * options.heartbeatIntervalMs, {
    path: ['electionTimeoutMs'],
    error: 'expected at least three times heartbeatIntervalMs',
  })

export type ConsensusOptions = z.infer<typeof consensusOptions>
