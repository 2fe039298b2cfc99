/**
 * Messages, entries and a `Ready` as the files print them.
 */
import { decodeConfChange } from '../../../src/consensus/raft/conf-changes.ts'
import type { Entry } from '../../../src/consensus/raft/log/entry.ts'
import type { HardState, Snapshot } from '../../../src/consensus/raft/log/storage.ts'
import type { ConfState } from '../../../src/consensus/raft/membership/conf-change.ts'
import { APPEND_THREAD, APPLY_THREAD, type Message } from '../../../src/consensus/raft/message.ts'
import { NO_NODE, type NodeId } from '../../../src/consensus/raft/node-id.ts'
import type { Role, SoftState } from '../../../src/consensus/raft/raft.ts'
import type { Ready } from '../../../src/consensus/raft/ready.ts'
import { confChangeCodec } from './conf-change-codec.ts'

export const ROLES = {
  follower: 'StateFollower',
  'pre-candidate': 'StatePreCandidate',
  candidate: 'StateCandidate',
  leader: 'StateLeader',
} as const satisfies Record<Role, string>

const ENTRY_TYPES = {
  normal: 'EntryNormal',
  'conf-change': 'EntryConfChange',
  'conf-change-v2': 'EntryConfChangeV2',
} as const satisfies Record<Entry['type'], string>

const CHANGE_LETTERS = {
  'add-node': 'v',
  'add-learner': 'l',
  'remove-node': 'r',
  'update-node': 'u',
} as const

export function readyText(ready: Ready): string {
  const { softState, hardState, readStates, entries, snapshot, committedEntries } = ready
  const reads = readStates.map(({ index, context }) => `{${index} [${context.join(' ')}]}`)
  const body = [
    ...(softState === undefined ? [] : [softStateText(softState)]),
    ...(hardState === undefined ? [] : [`HardState ${hardStateText(hardState)}`]),
    ...(reads.length === 0 ? [] : [`ReadStates [${reads.join(' ')}]`]),
    ...section('Entries:', entries.map(entryText)),
    ...(snapshot === undefined ? [] : [`Snapshot ${snapshotText(snapshot)}`]),
    ...section('CommittedEntries:', committedEntries.map(entryText)),
    ...section(
      'Messages:',
      ready.messages.map(message => messageText(message)),
    ),
  ]
  if (body.length === 0) return '<empty Ready>'
  return [`Ready MustSync=${ready.mustSync}:`, ...body, ''].join('\n')
}

export function messageText(message: Message, indent = ''): string {
  const { from, to, type, term, logTerm, index, isRejected, commit, vote } = message
  return [
    `${indent}${targetText(from)}->${targetText(to)} ${type} Term:${term} Log:${logTerm}/${index}`,
    isRejected ? ` Rejected (Hint: ${message.rejectHint})` : '',
    commit === 0 ? '' : ` Commit:${commit}`,
    vote === NO_NODE ? '' : ` Vote:${vote}`,
    messageEntriesText(message.entries, indent),
    messageSnapshotText(message.snapshot, indent),
    responsesText(message.responses, indent),
  ].join('')
}

export function entryText(entry: Entry): string {
  const { term, index, type, data } = entry
  const text = type === 'normal' ? quoted(data) : changesText(entry)
  return `${term}/${index} ${ENTRY_TYPES[type]}${text === '' ? '' : ` ${text}`}`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines]
}

function messageEntriesText(entries: readonly Entry[], indent: string): string {
  if (entries.length === 0) return ''
  const [first] = entries
  if (first !== undefined && entries.length === 1) return ` Entries:[${entryText(first)}]`
  const lines = entries.map(entry => `\n${indent}  ${entryText(entry)}`)
  return ` Entries:[${lines.join('')}\n${indent}]`
}

function messageSnapshotText(snapshot: Snapshot | undefined, indent: string): string {
  if (snapshot === undefined || snapshot.metadata.index === 0) return ''
  return `\n${indent}  Snapshot: ${snapshotText(snapshot)}`
}

function responsesText(responses: readonly Message[], indent: string): string {
  if (responses.length === 0) return ''
  const lines = responses.map(response => `\n${messageText(response, `${indent}  `)}`)
  return ` Responses:[${lines.join('')}\n${indent}]`
}

function softStateText({ leader, role }: SoftState): string {
  return `Lead:${leader} State:${ROLES[role]}`
}

function hardStateText({ term, vote, commit }: HardState): string {
  return `Term:${term}${vote === NO_NODE ? '' : ` Vote:${vote}`} Commit:${commit}`
}

function snapshotText({ metadata: { index, term, confState } }: Snapshot): string {
  return `Index:${index} Term:${term} ConfState:${confStateText(confState)}`
}

function confStateText(confState: ConfState): string {
  const { voters, votersOutgoing, learners, learnersNext, isAutoLeave } = confState
  const list = (ids: readonly NodeId[]) => `[${ids.join(' ')}]`
  return [
    `Voters:${list(voters)}`,
    `VotersOutgoing:${list(votersOutgoing)}`,
    `Learners:${list(learners)}`,
    `LearnersNext:${list(learnersNext)}`,
    `AutoLeave:${isAutoLeave}`,
  ].join(' ')
}

function changesText(entry: Entry): string {
  const change = decodeConfChange({ codec: confChangeCodec }, entry)
  const changes = change?.changes ?? []
  return changes.map(({ type, nodeId }) => `${CHANGE_LETTERS[type]}${nodeId}`).join(' ')
}

function targetText(id: NodeId): string {
  if (id === NO_NODE) return 'None'
  if (id === APPEND_THREAD) return 'AppendThread'
  return id === APPLY_THREAD ? 'ApplyThread' : id.toString(16)
}

function quoted(data: Uint8Array): string {
  return JSON.stringify(Buffer.from(data).toString())
}
