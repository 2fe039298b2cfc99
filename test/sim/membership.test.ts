/**
 * What membership promises, shown with whole peers and many seeds.
 *
 * Smaller and shorter than in the soak (`npm run soak -- membership`). A failure says how to replay
 * it; `SEED=3 npm test` runs one seed here, `SEEDS=1000 npm test` searches.
 */
import { assert, describe, test } from 'vitest'
import { MEMBERSHIP_SCENARIOS, type MembershipScenario } from '../../sim/membership/scenarios.ts'
import { runSeed, type SeedRun } from '../../sim/soak-run.ts'
import { seeds } from '../seeds.ts'

const SEED_COUNT = 50

/** How long faults strike, where it matters. */
const DURATIONS_MS: { readonly [Name in MembershipScenario]?: number } = {
  quiet: 40_000,
  far: 20_000,
  churn: 45_000,
  storm: 45_000,
}

/** Most meshes are small; every tenth is not. */
function runOf(scenario: MembershipScenario, seed: number): SeedRun {
  const peerCount = seed % 10 === 0 ? 20 : 3 + (seed % 5)
  const durationMs = DURATIONS_MS[scenario]
  return {
    subject: 'membership',
    scenario,
    seed,
    peerCount,
    ...(durationMs === undefined ? {} : { durationMs }),
  }
}

const SENTENCES: Readonly<Record<MembershipScenario, string>> = {
  quiet: 'calls nobody dead who runs, at up to 5 % trouble and pauses up to 500 ms',
  far: 'calls nobody dead who runs at another site, 50 ms away',
  crash: 'calls a crashed node dead everywhere within the shortest suspicion and 3 s',
  vanish: 'calls a vanished host dead everywhere within the shortest suspicion and 3 s',
  pause: 'has a node that stalled for 10 s alive again everywhere',
  partition: 'finds together by itself after a partition of 60 s',
  churn: 'keeps no ghosts of those who come and go',
  storm: 'comes to one true view after everything went wrong at once',
}

describe('membership', () => {
  for (const name of Object.keys(MEMBERSHIP_SCENARIOS) as MembershipScenario[]) {
    test(SENTENCES[name], { timeout: 120_000 }, async () => {
      for (const seed of seeds(SEED_COUNT)) {
        const { failure, replay } = await runSeed(runOf(name, seed))
        assert.isUndefined(failure, `seed ${seed}; replay: ${replay}\n`)
      }
    })
  }
})
