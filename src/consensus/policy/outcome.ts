/**
 * What became of a command. Every peer comes to the same outcome; the reason in words is for the
 * one whose command it was.
 */
import type { ResourceRef } from './kinds/kind.ts'
import type { FieldProblem } from './problems.ts'
import type { Resource } from './resource.ts'

/**
 * Why a command was refused.
 *
 * - `malformed`: the text is no command
 * - `invalid`: a field is wrong, or a rule between resources is broken
 * - `conflict`: the resource is not at the revision the author had seen
 * - `not-found`: there is no such resource
 * - `in-use`: other resources need the one that is to go
 * - `too-many`: a bound is reached
 * - `request-id-reused`: another command had this request id
 * - `ticket-unknown`, `ticket-rejected`, `ticket-expired`, `ticket-used-up`, `peer-denied`: the
 *   peer is not admitted
 */
export const REFUSAL_CODES = [
  'malformed',
  'invalid',
  'conflict',
  'not-found',
  'in-use',
  'too-many',
  'request-id-reused',
  'ticket-unknown',
  'ticket-rejected',
  'ticket-expired',
  'ticket-used-up',
  'peer-denied',
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

export interface Refusal {
  readonly code: RefusalCode
  /** What was expected and what was found, in one sentence. */
  readonly reason: string
  readonly hint?: string | undefined
  /** The fields at fault, if it is about fields. */
  readonly problems?: readonly FieldProblem[] | undefined
}

/** One resource that is now another, is new, or is gone. */
export interface PolicyChange extends ResourceRef {
  /** Index of the entry that did it. */
  readonly revision: number
  /** As it is now. `undefined`: it is gone. */
  readonly resource: Resource | undefined
  /** As it was. `undefined`: it is new. */
  readonly previous: Resource | undefined
}

export type Outcome =
  | {
      readonly status: 'applied'
      /** The revision of all it changed: the index where the command was first applied. */
      readonly revision: number
      /** Sorted by kind and name. Empty: all was so already, or this is a repetition. */
      readonly changes: readonly PolicyChange[]
      readonly isRepetition: boolean
    }
  | ({ readonly status: 'refused'; readonly isRepetition: boolean } & Refusal)
  /** Written in a version that this peer does not know. It must apply nothing more. */
  | { readonly status: 'unsupported'; readonly reason: string; readonly hint: string }

export function invalid(problems: readonly FieldProblem[]): Refusal {
  const [first] = problems
  const hint = first?.hint === undefined ? {} : { hint: first.hint }
  return { code: 'invalid', reason: problems.map(problemText).join('; '), problems, ...hint }
}

export function problemText({ path, expected, found }: FieldProblem): string {
  return `${path === '' ? 'the value' : path}: expected ${expected}, found ${found}`
}
