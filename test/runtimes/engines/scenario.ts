/**
 * An engine in another state, or of another release, than the one of its `answers.json`.
 */
import { z } from 'zod'
import type { EngineKind } from '../../../src/node/engine-kind.ts'
import {
  type DoubleAnswer,
  doubleOf,
  type EngineDouble,
  fixtureOf,
  fixtureText,
} from '../engine-double.ts'

const scenarioSchema = z.object({ answers: z.record(z.string(), z.custom<DoubleAnswer>()) })

/** What the file does not answer is unknown to it. */
export async function doubleIn(kind: EngineKind, file: string): Promise<EngineDouble> {
  const double = await doubleOf(kind)
  become(double, file)
  return double
}

/** The engine of a double changes its state, or is another after a restart. */
export function become(double: EngineDouble, file: string): void {
  const { answers } = scenarioSchema.parse(JSON.parse(fixtureText(double.kind, file)))
  for (const question of Object.keys(fixtureOf(double.kind).answers))
    double.set(question, undefined)
  for (const [question, answer] of Object.entries(answers)) double.set(question, answer)
}
