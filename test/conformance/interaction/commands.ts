/**
 * The commands of interaction files that are one call of the core.
 */
import { NO_DATA } from '../../../src/consensus/raft/log/entry.ts'
import type { ConfChangeTransition } from '../../../src/consensus/raft/membership/conf-change.ts'
import { NO_NODE, type NodeId } from '../../../src/consensus/raft/node-id.ts'
import { readBoolean, readConfChanges, readNumber } from '../arguments.ts'
import type { Directive } from '../data-driven.ts'
import { type Cluster, checkProposal } from './cluster.ts'
import { CommandError } from './command-error.ts'

const TRANSITIONS = new Map<string, ConfChangeTransition>([
  ['auto', 'auto'],
  ['implicit', 'joint-implicit'],
  ['explicit', 'joint-explicit'],
])

/** `propose 1 data` */
export function propose(cluster: Cluster, { args }: Directive): void {
  const [node, data] = args
  if (args.length !== 2 || data === undefined || data.values.length > 0) {
    throw new Error('expected a node and one word')
  }
  const { raw } = cluster.node(readNumber(node?.key ?? ''))
  checkProposal(raw.propose(Buffer.from(data.key)))
}

/** `propose-conf-change 1 [v1=true] [transition=auto|implicit|explicit]`, changes as input. */
export function proposeConfChange(cluster: Cluster, { args, input }: Directive): void {
  const { isV1, transition } = confChangeForm(args.slice(1))
  const { raw } = cluster.node(firstNumber({ args }))
  const changes = orCommandError(() => readConfChanges(input))
  const [first] = changes
  if (!isV1) {
    checkProposal(raw.proposeConfChange({ transition, changes, context: NO_DATA }))
    return
  }
  if (changes.length > 1 || transition !== 'auto' || first === undefined) {
    throw new CommandError('v1 conf change can only have one operation and no transition')
  }
  checkProposal(raw.proposeConfChange({ id: 0, ...first, context: NO_DATA }))
}

/** `compact 1 NEW-FIRST-INDEX`: all up to it goes. */
export function compact(cluster: Cluster, { args }: Directive): void {
  const [id = NO_NODE, index = 0] = args.map(({ key }) => readNumber(key))
  if (cluster.node(id).storage.compact(index)) return
  throw new CommandError('requested index is unavailable due to compaction')
}

/** `transfer-leadership from=1 to=4` */
export function transferLeadership(cluster: Cluster, { args }: Directive): void {
  const member = (name: string): NodeId => {
    const id = readNumber(args.find(({ key }) => key === name)?.values.at(-1) ?? '0')
    if (id > 0 && id <= cluster.nodes.length) return id
    throw new CommandError(`expected valid "${name}" argument`)
  }
  const [from, to] = [member('from'), member('to')]
  cluster.node(from).raw.transferLeader(to)
}

/** `report-unreachable 1 2`: node 1 is told that it cannot reach node 2. */
export function reportUnreachable(cluster: Cluster, { args }: Directive): void {
  const [id, other] = args.map(({ key }) => readNumber(key))
  if (id === undefined || other === undefined) throw new CommandError('must specify two nodes')
  cluster.node(id).raw.reportUnreachable(other)
}

/** `set-randomized-election-timeout 1 timeout=5` */
export function setElectionTimeout(cluster: Cluster, { args }: Directive): void {
  const timeout = args.find(({ key }) => key === 'timeout')?.values.at(-1)
  if (timeout === undefined) throw new Error('expected a timeout')
  cluster.node(firstNumber({ args })).raw.setRandomizedElectionTicks(readNumber(timeout))
}

/** The number that the first argument is. */
export function firstNumber({ args }: Pick<Directive, 'args'>): number {
  return readNumber(args[0]?.key ?? '')
}

function confChangeForm(args: Directive['args']): {
  isV1: boolean
  transition: ConfChangeTransition
} {
  let isV1 = false
  let transition: ConfChangeTransition = 'auto'
  for (const { key, values } of args) {
    for (const value of values) {
      if (key === 'v1') isV1 = orCommandError(() => readBoolean(value))
      else if (key === 'transition') transition = readTransition(value)
      else throw new CommandError(`unknown command ${key}`)
    }
  }
  return { isV1, transition }
}

function readTransition(value: string): ConfChangeTransition {
  const transition = TRANSITIONS.get(value)
  if (transition === undefined) throw new CommandError(`unknown transition ${value}`)
  return transition
}

/** Words that cannot be read are an answer here, not a mistake of the file. */
function orCommandError<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
