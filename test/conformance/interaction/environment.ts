/**
 * Runs the directives of interaction files: a small cluster whose every message, write and tick is
 * asked for by a directive, and which prints what happens.
 *
 * Source: the environment of the package `rafttest` of etcd-io/raft, as its files show it.
 */
import { readNumber } from '../arguments.ts'
import type { Directive, Handler } from '../data-driven.ts'
import { addNodes } from './add-nodes.ts'
import { Cluster, type ClusterNode } from './cluster.ts'
import { CommandError } from './command-error.ts'
import {
  compact,
  firstNumber,
  propose,
  proposeConfChange,
  reportUnreachable,
  setElectionTimeout,
  transferLeadership,
} from './commands.ts'
import { deliverMessages, sendSnapshot } from './deliver.ts'
import { processAppendThread, processApplyThread, processReady } from './process.ts'
import { stabilize } from './stabilize.ts'
import { showLog, showStates, showStatus } from './views.ts'

type Command = (cluster: Cluster, directive: Directive) => void

const COMMANDS: Readonly<Record<string, Command>> = {
  _breakpoint: () => {},
  'add-nodes': addNodes,
  campaign: onNode((_, { raw }) => raw.campaign()),
  compact,
  'deliver-msgs': deliverMessages,
  'forget-leader': onNode((_, { raw }) => raw.forgetLeader()),
  'log-level': ({ output }, { args }) => output.setLevel(args[0]?.key ?? ''),
  'process-append-thread': onEachNode('processing append thread', processAppendThread),
  'process-apply-thread': onEachNode('processing apply thread', processApplyThread),
  'process-ready': onEachNode('handling Ready', processReady),
  propose,
  'propose-conf-change': proposeConfChange,
  'raft-log': onNode(showLog),
  'raft-state': showStates,
  'report-unreachable': reportUnreachable,
  'send-snapshot': sendSnapshot,
  'set-randomized-election-timeout': setElectionTimeout,
  stabilize,
  status: onNode(showStatus),
  'tick-election': onNode((_, node) => tick(node, node.options.electionTicks)),
  'tick-heartbeat': onNode((_, node) => tick(node, node.options.heartbeatTicks)),
  'transfer-leadership': transferLeadership,
}

/** Tell an interaction file from others. */
export const INTERACTION_COMMANDS: readonly string[] = Object.keys(COMMANDS)

/** A fresh cluster without nodes, for one file. */
export function createInteraction(): Handler {
  const cluster = new Cluster()
  const { output } = cluster
  return directive => {
    output.clear()
    try {
      const command = COMMANDS[directive.command]
      if (command === undefined) throw new CommandError('unknown command')
      command(cluster, directive)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // Errors are printed however quiet it is.
      return `${output.text}${error.message}`
    }
    return output.text === '' ? 'ok' : output.text
  }
}

function onNode(action: (cluster: Cluster, node: ClusterNode) => void): Command {
  return (cluster, directive) => action(cluster, cluster.node(firstNumber(directive)))
}

/** With several nodes, what each does stands under a title. */
function onEachNode(title: string, action: (cluster: Cluster, node: ClusterNode) => void): Command {
  return (cluster, { args }) => {
    const ids = args.filter(({ values }) => values.length === 0).map(({ key }) => readNumber(key))
    for (const node of ids.map(id => cluster.node(id))) {
      if (ids.length === 1) action(cluster, node)
      else {
        cluster.output.writeLine(`> ${node.id} ${title}`)
        cluster.output.indented(() => action(cluster, node))
      }
    }
  }
}

function tick({ raw }: ClusterNode, count: number): void {
  for (let i = 0; i < count; i++) raw.tick()
}
