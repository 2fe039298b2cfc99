/**
 * `stabilize [ids] [log-level=]`: lets nodes work and hear each other until nothing more happens.
 * One round lets each hand out its work, then hear its messages, then write, then apply.
 */

import { readNumber } from '../arguments.ts'
import type { Directive } from '../data-driven.ts'
import type { Cluster, ClusterNode } from './cluster.ts'
import { deliver, isFor } from './deliver.ts'
import { processAppendThread, processApplyThread, processReady } from './process.ts'

export function stabilize(cluster: Cluster, { args }: Directive): void {
  const ids = args.filter(({ values }) => values.length === 0).map(({ key }) => readNumber(key))
  const nodes = ids.length > 0 ? ids.map(id => cluster.node(id)) : cluster.nodes
  const levelBefore = cluster.output.level
  const levels = args.filter(({ key }) => key === 'log-level').flatMap(({ values }) => values)
  try {
    for (const level of levels) cluster.output.setLevel(level)
    while (runRound(cluster, nodes));
  } finally {
    cluster.output.setLevel(levelBefore)
  }
}

interface Stage {
  readonly title: string
  readonly hasWork: (node: ClusterNode) => boolean
  readonly work: (node: ClusterNode) => void
}

/** @returns Whether anything happened. */
function runRound(cluster: Cluster, nodes: readonly ClusterNode[]): boolean {
  const recipient = ({ id }: ClusterNode) => ({ id, isDropped: false })
  const stages: readonly Stage[] = [
    {
      title: 'handling Ready',
      hasWork: node => node.raw.hasReady,
      work: node => processReady(cluster, node),
    },
    {
      title: 'receiving messages',
      hasWork: node => cluster.messages.some(message => isFor(recipient(node), message)),
      work: node => deliver(cluster, recipient(node)),
    },
    {
      title: 'processing append thread',
      hasWork: node => node.appendWork.length > 0,
      work: node => drain(node.appendWork, () => processAppendThread(cluster, node)),
    },
    {
      title: 'processing apply thread',
      hasWork: node => node.applyWork.length > 0,
      work: node => drain(node.applyWork, () => processApplyThread(cluster, node)),
    },
  ]
  let hasHappened = false
  for (const { title, hasWork, work } of stages) {
    for (const node of nodes) {
      if (!hasWork(node)) continue
      hasHappened = true
      cluster.output.writeLine(`> ${node.id} ${title}`)
      cluster.output.indented(() => work(node))
    }
  }
  return hasHappened
}

function drain(queue: readonly unknown[], work: () => void): void {
  while (queue.length > 0) work()
}
