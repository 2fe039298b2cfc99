/**
 * The way of messages: `deliver-msgs [ids] [drop=(ids)] [type=MsgApp]`, and `send-snapshot`.
 */
import { createMessage, isLocal, type Message } from '../../../src/consensus/raft/message.ts'
import type { NodeId } from '../../../src/consensus/raft/node-id.ts'
import { readNumber } from '../arguments.ts'
import type { Directive } from '../data-driven.ts'
import type { Cluster } from './cluster.ts'
import { messageText } from './describe.ts'

interface Recipient {
  readonly id: NodeId
  readonly isDropped: boolean
  /** Only messages of this type. */
  readonly type?: string | undefined
}

export function deliverMessages(cluster: Cluster, { args }: Directive): void {
  const type = args.find(({ key }) => key === 'type')?.values.at(-1)
  if (type !== undefined && !type.startsWith('Msg')) throw new Error(`unknown message type ${type}`)
  const recipients: Recipient[] = []
  for (const { key, values } of args) {
    if (values.length === 0) recipients.push({ id: readNumber(key), isDropped: false, type })
    if (key !== 'drop') continue
    for (const id of values.map(readNumber)) {
      if (recipients.some(each => each.id === id)) {
        throw new Error(`can't both deliver and drop msgs to ${id}`)
      }
      recipients.push({ id, isDropped: true, type })
    }
  }
  const counts = recipients.map(recipient => deliver(cluster, recipient))
  if (counts.every(count => count === 0)) cluster.output.writeLine('no messages')
}

/** Takes the messages off their way, in order. @returns How many there were. */
export function deliver(cluster: Cluster, recipient: Recipient): number {
  const mine = cluster.messages.filter(message => isFor(recipient, message))
  cluster.messages = cluster.messages.filter(message => !isFor(recipient, message))
  const prefix = recipient.isDropped ? 'dropped: ' : ''
  for (const message of mine) {
    cluster.output.writeLine(`${prefix}${messageText(message)}`)
    // A node need not be there to lose what is sent to it.
    if (!recipient.isDropped) step(cluster, message)
  }
  return mine.length
}

/** Local messages are never lost. */
export function isFor({ id, isDropped, type }: Recipient, message: Message): boolean {
  if (message.to !== id || (isDropped && isLocal(message))) return false
  return type === undefined || type === message.type
}

/** Puts a snapshot on its way without asking the core. */
export function sendSnapshot(cluster: Cluster, { args }: Directive): void {
  const [from, to] = args.map(({ key }) => readNumber(key))
  if (from === undefined || to === undefined) throw new Error('expected two nodes')
  const { raw, storage } = cluster.node(from)
  const snapshot = storage.newest
  const message = createMessage({ type: 'MsgSnap', from, to, term: raw.term, snapshot })
  cluster.messages.push(message)
  cluster.output.write(messageText(message))
}

function step(cluster: Cluster, message: Message): void {
  const { raw } = cluster.node(message.to)
  const result = isLocal(message) ? raw.stepLocal(message) : raw.step(message)
  const text = {
    'peer-not-found': 'raft: cannot step as peer not found',
    'local-message': 'raft: cannot step raft local message',
  }[result as string]
  if (text !== undefined) cluster.output.writeLine(text)
}
