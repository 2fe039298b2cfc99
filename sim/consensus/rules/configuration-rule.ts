/**
 * Changes of the configuration: all apply the same ones, one at a time, and no two that follow one
 * another could decide without a common voter.
 *
 * Source: Raft paper, section 6; Ongaro, "bug in single-server membership changes", raft-dev, 2015.
 */
import { isConfChange } from '../../../src/consensus/raft/log/entry.ts'
import type { ConfState } from '../../../src/consensus/raft/membership/conf-change.ts'
import type { ReplicaView } from '../replica-view.ts'
import type { Rule } from '../safety-watch.ts'
import type { LogRule } from './log-rule.ts'
import { overlap } from './quorum.ts'

interface Configuration {
  readonly text: string
  readonly confState: ConfState
}

export class ConfigurationRule implements Rule {
  readonly #log: LogRule
  /** Index → what was in force after it, where somebody was seen. */
  readonly #configurations = new Map<number, Configuration>()

  constructor(log: LogRule) {
    this.#log = log
  }

  check(view: ReplicaView, before: ReplicaView | undefined): string | undefined {
    return this.#checkEqual(view, before) ?? this.#checkUnderWay(view, before)
  }

  #checkEqual(view: ReplicaView, before: ReplicaView | undefined): string | undefined {
    const { appliedIndex, confState } = view
    if (before?.appliedIndex === appliedIndex && before.confState === confState) return undefined
    const text = textOf(confState)
    const known = this.#configurations.get(appliedIndex)
    if (known === undefined) {
      this.#configurations.set(appliedIndex, { text, confState })
    } else if (known.text !== text) {
      return `expected one configuration after entry ${appliedIndex}, found ${known.text} and ${text}`
    }
    if (before === undefined || overlap(before.confState, confState)) return undefined
    return this.#isStep(view, before)
      ? `expected changes that overlap, found ${textOf(before.confState)} and then ${text}`
      : undefined
  }

  /** Who catches up may apply several changes at once. */
  #isStep(view: ReplicaView, before: ReplicaView): boolean {
    if (before.appliedIndex + 1 < view.firstIndex) return false
    let changeCount = 0
    for (let index = before.appliedIndex + 1; index <= view.appliedIndex; index += 1) {
      const entry = view.entry(index)
      if (entry !== undefined && isConfChange(entry)) changeCount += 1
    }
    return changeCount === 1
  }

  #checkUnderWay(view: ReplicaView, before: ReplicaView | undefined): string | undefined {
    if (before?.lastIndex === view.lastIndex && before.lastTerm === view.lastTerm) return undefined
    const low = Math.max(this.#log.committedIndex + 1, view.firstIndex)
    const underWay: number[] = []
    for (let index = low; index <= view.lastIndex; index += 1) {
      const entry = view.entry(index)
      if (entry !== undefined && isConfChange(entry)) underWay.push(index)
    }
    if (underWay.length <= 1) return undefined
    return `expected one change of the configuration at a time, found entries ${underWay}`
  }
}

function textOf(confState: ConfState): string {
  const { voters, votersOutgoing, learners, learnersNext, isAutoLeave } = confState
  const lists = [voters, votersOutgoing, learners, learnersNext].map(nodes => `[${nodes}]`)
  return `${lists.join(' ')}${isAutoLeave ? ' (to be left)' : ''}`
}
