/**
 * What became of an event: taken, or refused and why. A refusal changes nothing unless it says so.
 */

export type ProposalRefusal =
  /** Nobody leads that we know of. */
  | 'no-leader'
  /** Another node leads, and we may not forward. */
  | 'forwarding-disabled'
  /** We still lead, but were removed from the configuration. */
  | 'not-a-member'
  /** Leadership is being handed over. */
  | 'transferring'
  /** Too much waits for its commit. */
  | 'too-much-uncommitted'
  /** The change could not be applied, for example since it leaves no voter. */
  | 'invalid-conf-change'
  /**
   * An earlier change is not applied yet, or the change does not fit the joint configuration. An
   * empty entry stands in its place, as others of the same proposal were taken.
   */
  | 'conf-change-ignored'

export type MessageRefusal =
  /** Fields do not fit the type, or one another. */
  | 'malformed'
  /** An answer from someone who is not in the configuration. */
  | 'peer-not-found'
  /** Only a part of the node itself may send this. */
  | 'local-message'
  /** The leader counts on entries that we do not have: our storage has lost them. */
  | 'commit-beyond-log'
  /** The leader replaces what we know to be committed: one of us has lost its storage. */
  | 'conflicts-with-committed'
  /** The snapshot's configuration makes no sense. */
  | 'invalid-snapshot'

export type ReadRefusal = 'no-leader' | 'too-many-reads'

export type TransferRefusal =
  | 'no-leader'
  | 'peer-not-found'
  /** Learners do not lead. */
  | 'not-a-voter'
  /** It leads already, or is about to. */
  | 'nothing-to-do'

export type CampaignRefusal =
  | 'already-leading'
  /** Not a voter, or still applying a snapshot. */
  | 'not-promotable'
  /** A committed change of the configuration is not applied yet. */
  | 'conf-change-unapplied'

export type ForgetRefusal =
  /** A lease holds only as long as followers keep to their leader. */
  'lease-based-reads'

export type StepResult = 'ok' | ProposalRefusal | MessageRefusal | ReadRefusal | TransferRefusal
