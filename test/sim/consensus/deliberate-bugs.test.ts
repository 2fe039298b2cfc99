/**
 * The checkers bite: each of five bugs is found within some tens of seeds, and the same seeds pass
 * without it.
 */
import { assert, describe, test } from 'vitest'
import { CONSENSUS_SCENARIOS } from '../../../sim/consensus/scenarios.ts'
import { DELIBERATE_BUGS, type DeliberateBug } from './deliberate-bugs.ts'

const SEEDS_MAX = 40
const DURATION_MS = 10_000
const PEER_COUNT = 5

/** @returns What was found, if anything was. */
async function play(
  seed: number,
  { scenario, plant, prepare }: Pick<DeliberateBug, 'scenario' | 'plant' | 'prepare'>,
): Promise<string | undefined> {
  const takeOut = plant?.()
  try {
    const init = { seed, peerCount: PEER_COUNT, durationMs: DURATION_MS }
    await CONSENSUS_SCENARIOS[scenario]({ ...init, ...(prepare === undefined ? {} : { prepare }) })
    return undefined
  } catch (error) {
    return String(error)
  } finally {
    takeOut?.()
  }
}

describe('a replica that', () => {
  for (const [what, bug] of Object.entries(DELIBERATE_BUGS)) {
    test(`${what} is found out, and none of the same seeds accuses one that does not`, {
      timeout: 120_000,
    }, async () => {
      const { scenario, symptom } = bug
      const found: (string | undefined)[] = []
      while (!symptom.test(found.at(-1) ?? '') && found.length < SEEDS_MAX) {
        found.push(await play(found.length + 1, bug))
      }
      assert.match(found.at(-1) ?? 'nothing', symptom)
      for (const position of found.keys()) {
        assert.isUndefined(await play(position + 1, { scenario }), `seed ${position + 1}`)
      }
    })
  }
})
