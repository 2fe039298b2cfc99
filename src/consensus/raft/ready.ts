/**
 * What a node has to do next, as the core hands it out.
 *
 * In this order: write `hardState`, `entries` and `snapshot` (in one go, and flushed if
 * `mustSync`), then send `messages`, then apply `committedEntries`, then `advance`. A leader may
 * send before its write has ended; for all others the messages promise what is written.
 *
 * With asynchronous writes there is no `advance`. Writing and applying are themselves messages, to
 * `APPEND_THREAD` and `APPLY_THREAD`, done one after the other in the order given; when one is
 * done, its `responses` are sent, or given to `stepLocal` if they are for the node itself. All other
 * messages may be sent at once.
 */
import type { Entry } from './log/entry.ts'
import { type HardState, isSameHardState, type Snapshot } from './log/storage.ts'
import { APPEND_THREAD, APPLY_THREAD, createMessage, type Message } from './message.ts'
import type { Raft, ReadState, SoftState } from './raft.ts'

export interface Ready {
  /** If it has changed. Need not be stored. */
  readonly softState: SoftState | undefined
  /** If it has changed. */
  readonly hardState: HardState | undefined
  readonly readStates: readonly ReadState[]
  /** To be appended to storage; the first may replace what is there from its index on. */
  readonly entries: readonly Entry[]
  /** To take the place of the whole log and of the application's state. Never with `entries`. */
  readonly snapshot: Snapshot | undefined
  /** To be applied, once each and in this order. */
  readonly committedEntries: readonly Entry[]
  readonly messages: readonly Message[]
  /** Entries, the term or the vote must not be lost. Else, only the commit index has moved. */
  readonly mustSync: boolean
}

/** What was handed out last, to see what has changed. */
export interface Previous {
  readonly softState: SoftState
  readonly hardState: HardState
}

export function softStateOf({ leader, role }: Raft): SoftState {
  return { leader, role }
}

export function hasSoftStateChanged({ leader, role }: Raft, { softState }: Previous): boolean {
  return leader !== softState.leader || role !== softState.role
}

export function createReady(raft: Raft, previous: Previous): Ready {
  const { log, options } = raft
  const hardState = raft.hardState
  const entries = log.unstable.nextEntries()
  const { term, vote } = previous.hardState
  const ready = {
    softState: hasSoftStateChanged(raft, previous) ? softStateOf(raft) : undefined,
    hardState: isSameHardState(hardState, previous.hardState) ? undefined : hardState,
    readStates: raft.readStates,
    entries,
    snapshot: log.unstable.nextSnapshot(),
    committedEntries: log.nextCommitted(!options.hasAsyncStorageWrites),
    mustSync: entries.length > 0 || hardState.term !== term || hardState.vote !== vote,
  }
  const messages = options.hasAsyncStorageWrites
    ? [...raft.messages, ...storageMessages(raft, ready)]
    : [...raft.messages, ...raft.messagesAfterAppend.filter(({ to }) => to !== raft.id)]
  return { ...ready, messages }
}

/** What the node tells itself when all of `ready` is done. */
export function stepsAfter(raft: Raft, ready: Ready): Message[] {
  return [
    ...raft.messagesAfterAppend.filter(({ to }) => to === raft.id),
    ...appendResponses(raft, ready),
    ...(ready.committedEntries.length > 0 ? [applyResponse(raft, ready.committedEntries)] : []),
  ]
}

/** The hard state that a MsgStorageAppend asks to store, if it does. */
export function hardStateOf({ term, vote, commit }: Message): HardState | undefined {
  return term === 0 && vote === 0 && commit === 0 ? undefined : { term, vote, commit }
}

type Work = Omit<Ready, 'messages'>

function storageMessages(raft: Raft, ready: Work): Message[] {
  const { hardState, entries, snapshot, committedEntries } = ready
  const messages: Message[] = []
  // Messages that wait for a write go with the next one, even if it writes nothing.
  const isWaitedFor = raft.messagesAfterAppend.length > 0
  if (entries.length > 0 || hardState !== undefined || snapshot !== undefined || isWaitedFor) {
    const responses = [...raft.messagesAfterAppend, ...appendResponses(raft, ready)]
    messages.push(
      createMessage({
        type: 'MsgStorageAppend',
        to: APPEND_THREAD,
        from: raft.id,
        ...hardState,
        entries,
        snapshot,
        responses,
      }),
    )
  }
  if (committedEntries.length > 0) {
    messages.push(
      createMessage({
        type: 'MsgStorageApply',
        to: APPLY_THREAD,
        from: raft.id,
        entries: committedEntries,
        responses: [applyResponse(raft, committedEntries)],
      }),
    )
  }
  return messages
}

/**
 * Says up to where the log is stored when the write has ended. It names the end of the whole log,
 * also if this write has no entries: an answer to an earlier write is ignored after a change of
 * the term, and then this one, of the new term, tells that those entries are stored.
 *
 * Why an answer of an earlier term does not count: entries A may be replaced by B and B by A
 * again, of the same index and term. The end of the first write of A would say that A is stored,
 * while the write of B is still to come.
 */
function appendResponses(raft: Raft, { snapshot }: Pick<Ready, 'snapshot'>): Message[] {
  const hasEntries = raft.log.unstable.length > 0
  if (!hasEntries && snapshot === undefined) return []
  const last = hasEntries ? raft.log.last : { index: 0, term: 0 }
  return [
    createMessage({
      type: 'MsgStorageAppendResp',
      to: raft.id,
      from: APPEND_THREAD,
      term: raft.term,
      index: last.index,
      logTerm: last.term,
      snapshot,
    }),
  ]
}

function applyResponse(raft: Raft, entries: readonly Entry[]): Message {
  return createMessage({
    type: 'MsgStorageApplyResp',
    to: raft.id,
    from: APPLY_THREAD,
    entries,
  })
}
