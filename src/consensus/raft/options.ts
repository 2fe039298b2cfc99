/**
 * Options of the Raft core: one declaration gives the type, the defaults, the bounds and the page
 * in docs/reference/config.md.
 *
 * Time is counted in ticks, which whoever drives the core makes. Elections begin at a random time
 * between `electionTicks` and twice as many without a word from the leader.
 */
import { z } from 'zod'
import { count } from '../../core/option-fields.ts'

/** 4 GiB: more than any message or log in memory should ever take. */
const BYTES_LIMIT = 2 ** 32

const bytes = (min: number) => count(min, BYTES_LIMIT, 'bytes')

export const raftOptions = z
  .strictObject({
    electionTicks: count(2, 10_000, 'ticks')
      .default(10)
      .describe('How long a follower waits for its leader before it may campaign.'),

    heartbeatTicks: count(1, 1_000, 'ticks')
      .default(1)
      .describe('Time between two heartbeats of a leader.'),

    hasPreVote: z
      .boolean()
      .default(true)
      .describe('Ask whether an election could be won before starting it.'),

    hasCheckQuorum: z
      .boolean()
      .default(true)
      .describe(
        'A leader that hears no majority for an election timeout steps down, and voters that hear a leader refuse others.',
      ),

    readMode: z
      .enum(['safe', 'lease-based'])
      .default('safe')
      .describe(
        'How a read is made linearizable. `lease-based` saves a round trip and is wrong if clocks drift.',
      ),

    messageMaxBytes: bytes(0)
      .default(1024 * 1024)
      .describe('Entries of one message together; one entry always fits.'),

    inflightMaxCount: count(1, 1_000_000, 'messages')
      .default(256)
      .describe('Messages with entries on their way to one follower at most.'),

    inflightMaxBytes: bytes(1)
      .default(32 * 1024 * 1024)
      .describe('Entries on their way to one follower at most; the message that crosses it goes.'),

    applyingMaxBytes: bytes(1)
      .default(4 * 1024 * 1024)
      .describe('Entries handed out to be applied at once; one entry always fits.'),

    uncommittedMaxBytes: bytes(1)
      .default(64 * 1024 * 1024)
      .describe('Payload a leader takes before it is committed; more is refused.'),

    pendingReadsMax: count(1, 1_000_000, 'reads')
      .default(10_000)
      .describe('Reads that wait for their confirmation at a leader; more are refused.'),

    mayForwardProposals: z
      .boolean()
      .default(true)
      .describe('Followers pass proposals on to the leader.'),

    hasConfChangeValidation: z
      .boolean()
      .default(true)
      .describe('A leader refuses changes of the configuration that do not fit its present one.'),

    hasStepDownOnRemoval: z
      .boolean()
      .default(true)
      .describe('A leader that is no longer a voter steps down.'),

    hasAsyncStorageWrites: z
      .boolean()
      .default(false)
      .describe('Writes go out as messages to storage, and their ends come back as messages.'),
  })
  .refine(options => options.heartbeatTicks < options.electionTicks, {
    error: 'heartbeatTicks must be smaller than electionTicks',
    path: ['heartbeatTicks'],
  })
  .refine(options => options.readMode === 'safe' || options.hasCheckQuorum, {
    error: 'lease-based reads need hasCheckQuorum',
    path: ['readMode'],
  })
  .refine(options => options.inflightMaxBytes >= options.messageMaxBytes, {
    error: 'inflightMaxBytes must be at least messageMaxBytes',
    path: ['inflightMaxBytes'],
  })

export type RaftOptions = z.output<typeof raftOptions>
