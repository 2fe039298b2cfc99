/**
 * `add-nodes COUNT [voters=() learners=() index= content=] [options]`: nodes with the next ids,
 * which start from the same snapshot.
 */
import {
  EMPTY_CONF_STATE,
  EMPTY_SNAPSHOT,
  type Snapshot,
} from '../../../src/consensus/raft/log/storage.ts'
import type { NodeId } from '../../../src/consensus/raft/node-id.ts'
import type { RaftOptions } from '../../../src/consensus/raft/options.ts'
import { readBoolean, readNumber } from '../arguments.ts'
import type { Argument, Directive } from '../data-driven.ts'
import type { Cluster } from './cluster.ts'
import { CommandError } from './command-error.ts'

const UNLIMITED = Number.POSITIVE_INFINITY

/** Nothing is limited, and what can be left out is. */
const DEFAULTS: RaftOptions = {
  electionTicks: 3,
  heartbeatTicks: 1,
  hasPreVote: false,
  hasCheckQuorum: false,
  readMode: 'safe',
  messageMaxBytes: UNLIMITED,
  inflightMaxCount: 2 ** 31 - 1,
  inflightMaxBytes: UNLIMITED,
  applyingMaxBytes: UNLIMITED,
  uncommittedMaxBytes: UNLIMITED,
  pendingReadsMax: UNLIMITED,
  mayForwardProposals: true,
  hasConfChangeValidation: true,
  hasStepDownOnRemoval: false,
  hasAsyncStorageWrites: false,
}

/** What one argument sets. */
const OPTIONS: Readonly<Record<string, (value: string) => Partial<RaftOptions>>> = {
  inflight: value => ({ inflightMaxCount: readNumber(value) }),
  'async-storage-writes': value => ({ hasAsyncStorageWrites: readBoolean(value) }),
  prevote: value => ({ hasPreVote: readBoolean(value) }),
  checkquorum: value => ({ hasCheckQuorum: readBoolean(value) }),
  'max-committed-size-per-ready': value => ({ applyingMaxBytes: readNumber(value) || UNLIMITED }),
  'disable-conf-change-validation': value => ({ hasConfChangeValidation: !readBoolean(value) }),
  'step-down-on-removal': value => ({ hasStepDownOnRemoval: readBoolean(value) }),
  'read-only': value => ({ readMode: readReadMode(value) }),
}

export function addNodes(cluster: Cluster, { args }: Directive): void {
  const [count, ...rest] = args
  const options = { ...DEFAULTS, ...optionsOf(rest) }
  const snapshot = snapshotOf(rest)
  if (snapshot !== EMPTY_SNAPSHOT && snapshot.metadata.index <= 1) {
    throw new CommandError('index must be specified as > 1 due to bootstrap')
  }
  for (let i = 0; i < readNumber(count?.key ?? ''); i++) cluster.addNode(options, snapshot)
}

function optionsOf(args: readonly Argument[]): Partial<RaftOptions> {
  const settings = args.flatMap(({ key, values }) => values.map(value => OPTIONS[key]?.(value)))
  return Object.assign({}, ...settings)
}

function snapshotOf(args: readonly Argument[]): Snapshot {
  const valuesOf = (name: string) => args.find(({ key }) => key === name)?.values ?? []
  const ids = (name: string): NodeId[] => valuesOf(name).map(readNumber)
  const [voters, learners] = [ids('voters'), ids('learners')]
  const index = readNumber(valuesOf('index').at(-1) ?? '0')
  const content = valuesOf('content').join('')
  const isEmpty = voters.length + learners.length + index === 0 && content === ''
  if (isEmpty) return EMPTY_SNAPSHOT
  return {
    data: Buffer.from(content),
    metadata: { index, term: 1, confState: { ...EMPTY_CONF_STATE, voters, learners } },
  }
}

function readReadMode(value: string): RaftOptions['readMode'] {
  if (value === 'safe' || value === 'lease-based') return value
  throw new CommandError(`invalid read-only option ${JSON.stringify(value)}`)
}
