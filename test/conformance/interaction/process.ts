/**
 * The work of a node: what it hands out, and what its threads write and apply.
 *
 * `process-ready`, `process-append-thread` and `process-apply-thread`, each with ids.
 */
import { decodeConfChange } from '../../../src/consensus/raft/conf-changes.ts'
import { type Entry, isConfChange } from '../../../src/consensus/raft/log/entry.ts'
import type { HardState, Snapshot } from '../../../src/consensus/raft/log/storage.ts'
import { APPEND_THREAD, APPLY_THREAD, type Message } from '../../../src/consensus/raft/message.ts'
import { hardStateOf, type Ready } from '../../../src/consensus/raft/ready.ts'
import type { Cluster, ClusterNode } from './cluster.ts'
import { CommandError } from './command-error.ts'
import { confChangeCodec } from './conf-change-codec.ts'
import { messageText, readyText } from './describe.ts'

/** Hands out what is to be done and, unless threads do it, does it. */
export function processReady(cluster: Cluster, node: ClusterNode): void {
  const { raw, options } = node
  const ready = raw.ready()
  cluster.output.write(readyText(ready))
  if (!options.hasAsyncStorageWrites) {
    append(node, ready)
    apply(node, ready.committedEntries)
  }
  for (const message of ready.messages) {
    if (message.to === APPEND_THREAD) node.appendWork.push(message)
    else if (message.to === APPLY_THREAD) node.applyWork.push(message)
    else cluster.messages.push(message)
  }
  if (!options.hasAsyncStorageWrites) raw.advance()
}

/** Does the first piece of work of the thread that writes. */
export function processAppendThread(cluster: Cluster, node: ClusterNode): void {
  const message = node.appendWork.shift()
  if (message === undefined) cluster.output.write('no append work to perform')
  else {
    const { entries, snapshot } = message
    const work = { hardState: hardStateOf(message), entries, snapshot }
    processWork(cluster, message, () => append(node, work))
  }
}

/** Does the first piece of work of the thread that applies. */
export function processApplyThread(cluster: Cluster, node: ClusterNode): void {
  const message = node.applyWork.shift()
  if (message === undefined) cluster.output.write('no apply work to perform')
  else processWork(cluster, message, () => apply(node, message.entries))
}

function processWork({ output, messages }: Cluster, message: Message, work: () => void): void {
  output.writeLine('Processing:')
  output.writeLine(messageText({ ...message, responses: [] }))
  work()
  output.writeLine('Responses:')
  for (const response of message.responses) output.writeLine(messageText(response))
  messages.push(...message.responses)
}

interface AppendWork {
  readonly hardState: HardState | undefined
  readonly entries: Ready['entries']
  readonly snapshot: Snapshot | undefined
}

function append({ storage }: ClusterNode, { hardState, entries, snapshot }: AppendWork): void {
  if (hardState !== undefined) storage.setHardState(hardState)
  if (snapshot === undefined) {
    storage.append(entries)
    return
  }
  if (entries.length > 0) {
    throw new CommandError("can't apply snapshot and entries at the same time")
  }
  if (storage.applySnapshot(snapshot)) return
  throw new CommandError('requested index is older than the existing snapshot')
}

/** The application's state is what it was, and the entry's data behind it. */
function apply({ raw, storage }: ClusterNode, entries: readonly Entry[]): void {
  for (const entry of entries) {
    const { newest } = storage
    let { confState } = newest.metadata
    let update = entry.data
    if (isConfChange(entry)) {
      const change = decodeConfChange({ codec: confChangeCodec }, entry)
      if (change === undefined) throw new Error('expected a change of the configuration')
      confState = raw.applyConfChange(change)
      update = change.context
    }
    storage.history.push({
      data: Buffer.concat([newest.data, update]),
      metadata: { index: entry.index, term: entry.term, confState },
    })
  }
}
