/**
 * What the mean request of each class is: what a load is worth, before it is there.
 *
 * From the formulas of the distributions where these say it. Where a bound cuts them off or turns
 * build on one another, from conversations drawn with a seed of their own.
 */
import type { RequestClass, WorkloadScenario } from '../scenario/workload.ts'
import { createConversationSource, isUnconnected } from './conversations.ts'
import { meanOf } from './distribution-sampler.ts'
import { createStreams } from './streams.ts'

export interface MeanRequest {
  readonly class: RequestClass
  /** Of all requests. */
  readonly ratio: number
  /** The whole prompt. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly units: number
  /** Turns of one conversation. */
  readonly turns: number
}

/** The mean of 100,000 requests whose deviation is twice their mean is off by less than 2 %. */
const SAMPLES = 100_000
const SAMPLE_SEED = 0

export function meanRequestsOf(workload: WorkloadScenario): readonly MeanRequest[] {
  const total = workload.classes.reduce((sum, { share }) => sum + share, 0)
  return workload.classes.map(requestClass => {
    const ratio = requestClass.share / total
    return { class: requestClass, ratio, ...sizesOf(workload, requestClass) }
  })
}

type Sizes = Omit<MeanRequest, 'class' | 'ratio'>

function sizesOf(workload: WorkloadScenario, requestClass: RequestClass): Sizes {
  const { kind, inputTokens, outputTokens, units, outputTokensMax } = requestClass
  if (kind !== 'llm') return { inputTokens: 0, outputTokens: 0, units: meanOf(units), turns: 1 }
  if (!isUnconnected(workload) || outputTokensMax !== undefined) {
    return sampledSizes(workload, requestClass)
  }
  return {
    inputTokens: Math.max(1, meanOf(inputTokens)),
    outputTokens: Math.max(1, meanOf(outputTokens)),
    units: 0,
    turns: 1,
  }
}

function sampledSizes(workload: WorkloadScenario, requestClass: RequestClass): Sizes {
  const ofClass = { ...workload, classes: [requestClass] }
  const source = createConversationSource(ofClass, [1], createStreams(SAMPLE_SEED))
  let conversationCount = 0
  let requestCount = 0
  let inputTokens = 0
  let outputTokens = 0
  while (requestCount < SAMPLES) {
    const { turns } = source.next()
    conversationCount += 1
    requestCount += turns.length
    for (const turn of turns) {
      inputTokens += turn.inputTokens
      outputTokens += turn.outputTokens
    }
  }
  return {
    inputTokens: inputTokens / requestCount,
    outputTokens: outputTokens / requestCount,
    units: 0,
    turns: requestCount / conversationCount,
  }
}
