/**
 * One resource with a revision, as if only one client used it: put, delete and get, the first
 * two with compare-and-set if they name the revision they expect.
 *
 * Revisions of one key rise with every put and are never used again, with gaps of any size (they
 * may be positions in a log that all keys share). A put whose client never heard back leaves a
 * value whose revision nobody knows until it is seen.
 */
import type { SequentialModel } from './linearization-search.ts'

/** Expected of a key that must not exist. */
export const ABSENT_REVISION = 0

export type RegisterInput =
  /** `expectedRevision: undefined`: whatever is there. */
  | { readonly type: 'put'; readonly value: string; readonly expectedRevision?: number | undefined }
  | { readonly type: 'delete'; readonly expectedRevision?: number | undefined }
  | { readonly type: 'get' }

export type RegisterOutput =
  /** Of a get. */
  | { readonly type: 'found'; readonly value: string; readonly revision: number }
  /** Of a get or delete: there is nothing. */
  | { readonly type: 'none' }
  /** Of a put, with the new revision. */
  | { readonly type: 'stored'; readonly revision: number }
  | { readonly type: 'deleted' }
  /** Of a put or delete: there is another revision than the one expected. */
  | { readonly type: 'conflict' }

export interface RegisterState {
  /** `undefined`: there is nothing. */
  readonly value: string | undefined
  /** `undefined`: not known, or there is nothing. */
  readonly revision: number | undefined
  /** All revisions of what comes later, and of what is there if unknown, are above it. */
  readonly usedRevision: number
}

type Write = Exclude<RegisterInput, { readonly type: 'get' }>
type Step = RegisterState | undefined

export const registerModel: SequentialModel<RegisterState, RegisterInput, RegisterOutput> = {
  initial: { value: undefined, revision: undefined, usedRevision: ABSENT_REVISION },
  step(state, input, output) {
    if (output === undefined) return afterUnknown(state, input)
    switch (output.type) {
      case 'found':
        return input.type === 'get' ? afterFound(state, output) : undefined
      case 'none':
        return input.type !== 'put' && state.value === undefined ? state : undefined
      case 'stored':
        return input.type === 'put' ? afterStored(state, input, output.revision) : undefined
      case 'deleted':
        return input.type === 'delete' && state.value !== undefined
          ? afterDelete(asExpected(state, input))
          : undefined
      case 'conflict':
        return input.type !== 'get' && mayConflict(state, input) ? state : undefined
    }
  },
  isRead({ type }, output) {
    return type === 'get' || output?.type === 'conflict' || output?.type === 'none'
  },
  describeState({ value, revision, usedRevision }) {
    const above = usedRevision === ABSENT_REVISION ? '' : ` (after revision ${usedRevision})`
    if (value === undefined) return `nothing${above}`
    const at = revision === undefined ? `an unknown revision${above}` : `revision ${revision}`
    return `${JSON.stringify(value)} at ${at}`
  },
  describe(input, output) {
    return `${inputWords(input)} → ${output === undefined ? 'unknown' : outputWords(output)}`
  },
}

/** Without an effect where it would be refused. */
function afterUnknown(state: RegisterState, input: RegisterInput): RegisterState {
  if (input.type === 'get') return state
  const before = asExpected(state, input)
  if (before === undefined) return state
  if (input.type === 'delete') return afterDelete(before) ?? state
  const usedRevision = before.revision ?? before.usedRevision
  return { value: input.value, revision: undefined, usedRevision }
}

function afterFound(
  state: RegisterState,
  { value, revision }: { readonly value: string; readonly revision: number },
): Step {
  return state.value === value ? withRevision(state, revision) : undefined
}

function afterStored(state: RegisterState, input: Write, revision: number): Step {
  const before = asExpected(state, input)
  if (before === undefined || revision <= before.usedRevision || input.type !== 'put') {
    return undefined
  }
  return { value: input.value, revision, usedRevision: revision }
}

function afterDelete(before: Step): Step {
  return before && { ...before, value: undefined, revision: undefined }
}

/** The state, if it is the one that the write expects; with what that says about it. */
function asExpected(state: RegisterState, { expectedRevision }: Write): Step {
  if (expectedRevision === undefined) return state
  if (expectedRevision === ABSENT_REVISION) return state.value === undefined ? state : undefined
  return state.value === undefined ? undefined : withRevision(state, expectedRevision)
}

/** The state, if what is there can have the revision. */
function withRevision(state: RegisterState, revision: number): Step {
  if (state.revision !== undefined) return state.revision === revision ? state : undefined
  return revision > state.usedRevision ? { ...state, revision, usedRevision: revision } : undefined
}

/** An unknown revision can always be another one. */
function mayConflict(state: RegisterState, input: Write): boolean {
  const { expectedRevision } = input
  if (expectedRevision === undefined) return false
  if (expectedRevision === ABSENT_REVISION) return state.value !== undefined
  return state.value === undefined || state.revision !== expectedRevision
}

function inputWords(input: RegisterInput): string {
  if (input.type === 'get') return 'get'
  const { expectedRevision } = input
  const what = input.type === 'put' ? `put ${JSON.stringify(input.value)}` : 'delete'
  if (expectedRevision === undefined) return what
  const isAbsent = expectedRevision === ABSENT_REVISION
  return `${what} if ${isAbsent ? 'absent' : `at revision ${expectedRevision}`}`
}

function outputWords(output: RegisterOutput): string {
  if (output.type === 'found')
    return `${JSON.stringify(output.value)} at revision ${output.revision}`
  return output.type === 'stored' ? `revision ${output.revision}` : output.type
}
