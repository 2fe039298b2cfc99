/**
 * What all peers of a mesh must agree on to reach one state from one log: the kinds and their
 * schemas, the bounds, and the version that stands for them.
 *
 * None of it is an option: a peer with another bound would refuse a command that the others apply.
 * Whatever is added gets a higher command version, and a command is written in the lowest version
 * that has what it uses. A peer that does not know a command's version stops applying and says so;
 * one that knows it judges the command as every other.
 */
import type { Kinds } from './kinds/kind.ts'
import { policyKinds } from './kinds/policy-kinds.ts'

export interface PolicyLimits {
  /** Text of one command in UTF-8. */
  readonly commandMaxBytes: number
  /** Changes in one batch. */
  readonly batchMax: number
  /** All resources together, as canonical text. */
  readonly stateMaxBytes: number
  /** Results that are remembered for whoever asks again; the oldest go first. */
  readonly requestsKept: number
  /** Commands in the audit trail; the oldest go first. */
  readonly auditKept: number
  /** Resources one audit record lists; of the rest it says how many. */
  readonly auditItemsMax: number
  /** Resources one purge removes; the rest is left to the next. */
  readonly purgeMax: number
}

export interface PolicyFormat {
  /** Newest version of commands that this code understands. The oldest is 1. */
  readonly commandVersion: number
  readonly kinds: Kinds
  readonly limits: PolicyLimits
}

export const policyFormat: PolicyFormat = {
  commandVersion: 2,
  kinds: policyKinds,
  limits: {
    commandMaxBytes: 256 * 1024,
    batchMax: 500,
    stateMaxBytes: 64 * 1024 ** 2,
    requestsKept: 2_048,
    auditKept: 4_096,
    auditItemsMax: 16,
    purgeMax: 1_000,
  },
}
