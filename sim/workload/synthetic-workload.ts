/**
 * Requests by chance: conversations begin as the arrivals say, and each goes on turn by turn.
 *
 * The next turn of a conversation comes so long after the one before was *sent*, whenever that is
 * answered (an open loop): so all contestants meet the same requests at the same times, and a slow one
 * does not make its own load lighter. Conversations begin long enough before the run that at its
 * beginning as many are under way as later.
 */
import { assert } from '../../src/core/assert.ts'
import { EventQueue } from '../event-queue.ts'
import type { WorkloadScenario } from '../scenario/workload.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import {
  type Conversation,
  type ConversationSource,
  createConversationSource,
  isUnconnected,
  type Turn,
} from './conversations.ts'
import { meanOf } from './distribution-sampler.ts'
import { type MeanRequest, meanRequestsOf } from './mean-request.ts'
import { ContentNames, GrowingText, NOTHING_SHARED, type SharedText } from './prompt-content.ts'
import type { SimRequest, Workload } from './request.ts'
import { createSenders, type Sender } from './senders.ts'
import { createStreams, type Streams } from './streams.ts'

export interface SyntheticInit {
  readonly scenario: WorkloadScenario
  readonly durationMs: number
  readonly seed: number
  readonly ingressCount: number
  readonly requestsPerSecond: number
}

/** Of mean lives of conversations that are passed before the run begins. */
const LIVES_BEFORE = 5

interface Ongoing {
  readonly conversation: Conversation
  readonly sender: Sender
  /** `undefined`: it has nothing in common with any. */
  readonly text: GrowingText | undefined
  turnIndex: number
  atMs: number
}

export function createSyntheticWorkload(init: SyntheticInit): Workload {
  return new SyntheticWorkload(init)
}

class SyntheticWorkload implements Workload {
  readonly #init: SyntheticInit
  readonly #streams: Streams
  readonly #arrivals: Arrivals
  readonly #conversations: ConversationSource
  readonly #nextSender: () => Sender
  readonly #isUnconnected: boolean
  readonly #names = new ContentNames()
  readonly #shared: readonly SharedText[]
  /** The next turn of each conversation that is under way. */
  readonly #turns = new EventQueue()
  #due: Ongoing | undefined
  #nextBeginMs: number
  #count = 0

  constructor(init: SyntheticInit) {
    const { scenario, seed, requestsPerSecond } = init
    const { arrivals } = scenario
    assert(arrivals.type !== 'trace', 'a trace is replayed, not drawn')
    this.#init = init
    this.#streams = createStreams(seed)
    this.#isUnconnected = isUnconnected(scenario)

    const means = meanRequestsOf(scenario)
    const weights = means.map(({ ratio, turns }) => ratio / turns)
    this.#conversations = createConversationSource(scenario, weights, this.#streams)
    this.#shared = this.#conversations.sharedPrefixTokens.map(tokens => this.#names.shared(tokens))
    this.#nextSender = createSenders(scenario, this.#streams)

    const beginRatio = weights.reduce((sum, weight) => sum + weight, 0)
    this.#arrivals = createArrivals(arrivals, {
      perSecond: requestsPerSecond * beginRatio,
      fromMs: -leadMs(scenario, means),
      random: this.#streams.arrivals,
    })
    this.#nextBeginMs = this.#arrivals()
  }

  next(): SimRequest | undefined {
    for (;;) {
      const ongoing = this.#nextTurn()
      const { atMs } = ongoing
      if (atMs >= this.#init.durationMs) return undefined
      const request = this.#requestOf(ongoing)
      this.#goOn(ongoing)
      if (atMs >= 0) return request
    }
  }

  #nextTurn(): Ongoing {
    const firstTurnMs = this.#turns.firstAtMs
    if (firstTurnMs === undefined || this.#nextBeginMs <= firstTurnMs) return this.#begin()
    this.#turns.take()?.run()
    return this.#due as Ongoing
  }

  #begin(): Ongoing {
    const atMs = this.#nextBeginMs
    // Past the end, it is asked for again and again.
    if (atMs < this.#init.durationMs) this.#nextBeginMs = this.#arrivals()
    const conversation = this.#conversations.next()
    const sender = this.#nextSender()
    return { conversation, sender, text: this.#textOf(conversation), turnIndex: 0, atMs }
  }

  #textOf({ class: { kind }, sharedPrefix }: Conversation): GrowingText | undefined {
    if (this.#isUnconnected || kind !== 'llm') return undefined
    const shared = sharedPrefix === undefined ? undefined : this.#shared[sharedPrefix]
    return new GrowingText(this.#names, shared ?? NOTHING_SHARED)
  }

  #goOn(ongoing: Ongoing): void {
    ongoing.turnIndex += 1
    const turn = ongoing.conversation.turns[ongoing.turnIndex]
    if (turn === undefined) return
    ongoing.atMs += turn.afterMs
    this.#turns.add(ongoing.atMs, () => {
      this.#due = ongoing
    })
  }

  #requestOf({ conversation, sender, text, turnIndex, atMs }: Ongoing): SimRequest {
    const { kind, model, outputTokensMax } = conversation.class
    const { inputTokens, outputTokens } = conversation.turns[turnIndex] as Turn
    const ingress = this.#streams.ingresses.nextIndex(this.#init.ingressCount)
    const index = this.#count
    if (atMs >= 0) this.#count += 1
    return {
      index,
      atMs,
      kind,
      model,
      inputTokens,
      outputTokens,
      outputTokensMax,
      units: conversation.units,
      tenant: sender.tenant,
      priority: sender.priority,
      beginWithinMs: this.#init.scenario.beginWithinMs,
      ingress,
      blocks: text?.blocksOf(inputTokens) ?? NO_BLOCKS,
      prefix: text?.prefixOf(inputTokens),
    }
  }
}

const NO_BLOCKS: readonly number[] = []

function leadMs({ sessions }: WorkloadScenario, means: readonly MeanRequest[]): number {
  const turns = Math.max(...means.map(mean => mean.turns))
  return LIVES_BEFORE * (turns - 1) * meanOf(sessions.thinkMs)
}
