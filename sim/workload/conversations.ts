/**
 * Conversations, and requests that stand alone as those of one turn: how many tokens each turn adds,
 * and when it comes.
 *
 * All of a conversation is drawn when it begins, so what it is depends on how many began before it,
 * and not on what happens meanwhile. Images and sound have no conversations.
 */
import { Random } from '../../src/core/random.ts'
import type { RequestClass, WorkloadScenario } from '../scenario/workload.ts'
import { createSampler, type Sampler } from './distribution-sampler.ts'
import type { Streams } from './streams.ts'
import { createWeightedChoice, createZipfChoice } from './weighted-choice.ts'

/** Nothing is longer, whatever the tail of a distribution says. */
const TOKENS_MAX = 1_000_000

export interface Turn {
  /** From the turn before. */
  readonly afterMs: number
  /** New in this turn, without what was said before. */
  readonly newTokens: number
  /** The whole prompt: the system prompt, all that was said before, and what is new. */
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface Conversation {
  readonly class: RequestClass
  readonly units: number
  /** Index of its system prompt. `undefined`: one of its own, if any. */
  readonly sharedPrefix: number | undefined
  readonly sharedTokens: number
  /** One at least. */
  readonly turns: readonly Turn[]
}

export interface ConversationSource {
  next(): Conversation
  /** Tokens of each shared system prompt. */
  readonly sharedPrefixTokens: readonly number[]
}

/** Whether no prompt has anything in common with another. */
export function isUnconnected({ sessions }: WorkloadScenario): boolean {
  return sessions.sharedPrefixCount === 0 && !mayContinue(sessions.turns)
}

/** Whether a conversation may have more than one turn. */
function mayContinue(turns: WorkloadScenario['sessions']['turns']): boolean {
  return turns.type !== 'constant' || Math.round(turns.value) > 1
}

/**
 * @param classWeights How often a conversation of each class begins, relative to the others.
 */
export function createConversationSource(
  { classes, sessions }: WorkloadScenario,
  classWeights: readonly number[],
  streams: Streams,
): ConversationSource {
  const chooseClass = createWeightedChoice(classWeights)
  const samplers = classes.map(requestClass => createClassSamplers(requestClass))
  const sharedPrefixTokens = drawSharedPrefixes(sessions)
  const chooseShared =
    sessions.sharedPrefixCount === 0
      ? () => undefined
      : createZipfChoice(sessions.sharedPrefixCount, sessions.sharedPrefixZipfExponent)
  const drawTurns = createSampler(sessions.turns)
  const drawThinkMs = createSampler(sessions.thinkMs)

  const drawTurnList = (sizes: ClassSamplers, sharedTokens: number): Turn[] => {
    const turnCount = Math.max(1, Math.round(drawTurns(streams.turns)))
    const turns: Turn[] = []
    let contextTokens = sharedTokens
    while (turns.length < turnCount) {
      const newTokens = wholeTokens(sizes.inputTokens(streams.inputTokens))
      const outputTokens = sizes.outputTokens(streams)
      const inputTokens = Math.min(TOKENS_MAX, contextTokens + newTokens)
      const isTooLong = inputTokens + outputTokens > sessions.contextTokensMax
      if (turns.length > 0 && isTooLong) break
      const afterMs = turns.length === 0 ? 0 : drawThinkMs(streams.thinkMs)
      turns.push({ afterMs, newTokens, inputTokens, outputTokens })
      contextTokens = inputTokens + outputTokens
    }
    return turns
  }

  return {
    sharedPrefixTokens,
    next() {
      const index = chooseClass(streams.classes)
      const requestClass = classes[index] as RequestClass
      const sizes = samplers[index] as ClassSamplers
      if (requestClass.kind !== 'llm') {
        return { ...ALONE, class: requestClass, units: sizes.units(streams.units) }
      }
      const sharedPrefix = chooseShared(streams.sharedPrefixes)
      const sharedTokens = sharedPrefix === undefined ? 0 : (sharedPrefixTokens[sharedPrefix] ?? 0)
      const turns = drawTurnList(sizes, sharedTokens)
      return { class: requestClass, units: 0, sharedPrefix, sharedTokens, turns }
    },
  }
}

/** The same in every run, so that no seed has more to read than another. */
function drawSharedPrefixes({
  sharedPrefixCount,
  sharedPrefixTokens,
}: WorkloadScenario['sessions']): readonly number[] {
  const draw = createSampler(sharedPrefixTokens)
  const random = new Random(sharedPrefixCount)
  return Array.from({ length: sharedPrefixCount }, () => wholeTokens(draw(random)))
}

const ALONE = {
  sharedPrefix: undefined,
  sharedTokens: 0,
  turns: [{ afterMs: 0, newTokens: 0, inputTokens: 0, outputTokens: 0 }],
} as const

interface ClassSamplers {
  readonly inputTokens: Sampler
  readonly outputTokens: (streams: Streams) => number
  readonly units: Sampler
}

function createClassSamplers(requestClass: RequestClass): ClassSamplers {
  const { outputTokensMax = TOKENS_MAX } = requestClass
  const drawOutput = createSampler(requestClass.outputTokens)
  return {
    inputTokens: createSampler(requestClass.inputTokens),
    outputTokens: streams =>
      Math.min(outputTokensMax, wholeTokens(drawOutput(streams.outputTokens))),
    units: createSampler(requestClass.units),
  }
}

function wholeTokens(drawn: number): number {
  return Math.min(TOKENS_MAX, Math.max(1, Math.round(drawn)))
}
