/**
 * When a job would end on a language engine if nothing else came, from the true lengths of all
 * answers: what no mesh can know, in constant time.
 *
 *     wait for a place  +  prompts before it and its own  +  its answer, at the batch it will see
 *
 * An estimate: of those that run, only sums are looked at, as if what is left of them were
 * exponentially distributed.
 */
import type { LanguageSpeed } from '../scenario/hardware.ts'
import type { EngineJob } from './engine.ts'
import type { RunningBatch } from './running-batch.ts'

interface Circumstances {
  readonly nowMs: number
  readonly speed: LanguageSpeed
  readonly slowFactor: number
}

export function predictedEndMs<Job extends EngineJob>(
  { inputTokens, outputTokens }: EngineJob,
  batch: RunningBatch<Job>,
  { nowMs, speed, slowFactor }: Circumstances,
): number {
  const { waiting, decodingCount, memory } = batch
  const othersCount = batch.admitted.count + waiting.count
  const othersLeft = batch.decodingTokensLeft + waiting.outputTokensLeft
  const contextMs = speed.stepPerContextTokenMs * memory.usedTokens
  const stepMs = speed.stepBaseMs + speed.stepPerSequenceMs * decodingCount + contextMs

  const isFull = othersCount >= speed.sequencesMax
  const waitSteps = isFull
    ? batch.stepsToFirstEnd + waiting.outputTokensLeft / speed.sequencesMax
    : 0

  const promptTokens = batch.unreadTokens + inputTokens
  const chunkTokens = Math.max(1, speed.prefillChunkTokens - decodingCount)
  const promptSteps = Math.ceil(promptTokens / chunkTokens)
  const promptMs = promptTokens * speed.prefillTokenMs + promptSteps * stepMs

  const steps = Math.max(0, outputTokens - 1)
  const seenCount = Math.min(speed.sequencesMax - 1, othersSeen(othersCount, othersLeft, steps))
  const seenContextMs = decodingCount === 0 ? 0 : (contextMs * seenCount) / decodingCount
  const ownContextMs = speed.stepPerContextTokenMs * (inputTokens + steps / 2)
  const decodeStepMs =
    speed.stepBaseMs + speed.stepPerSequenceMs * (1 + seenCount) + seenContextMs + ownContextMs

  return nowMs + slowFactor * (waitSteps * stepMs + promptMs + steps * decodeStepMs)
}

/** How many others a step sees on average, if they end at an even rate. */
function othersSeen(count: number, tokensLeft: number, steps: number): number {
  if (count === 0 || tokensLeft === 0 || steps === 0) return 0
  const meanLeft = tokensLeft / count
  return (count * meanLeft * -Math.expm1(-steps / meanLeft)) / steps
}
