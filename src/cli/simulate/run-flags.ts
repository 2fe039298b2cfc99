/**
 * Flags of the commands that run simulations, and what they set in a scenario.
 */
import type { Setting } from '../../../sim/experiment/settings.ts'
import type { FlagValues } from '../command.ts'
import { wholeNumber } from '../policy-path.ts'
import type { RunOptions } from './run-scenario.ts'

const SEED_MAX = 2 ** 31 - 1
const RUNS_MAX = 1_000
const DURATION_MAX_MS = 86_400_000
const THREADS_MAX = 1_024

export const jsonFlag = {
  type: 'boolean',
  meaning: 'JSON for programs instead of text for people.',
} as const

export const runFlags = {
  strategy: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    meaning: 'Run only this: a strategy, or what the scenario calls one.',
  },
  seed: { type: 'string', value: 'N', meaning: 'Seed of the first run.' },
  runs: { type: 'string', value: 'N', meaning: 'Runs of each strategy, one seed after the other.' },
  'duration-ms': {
    type: 'string',
    value: 'MS',
    meaning: 'How long requests come. If the warm-up is as long, a tenth of it is warm-up.',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'DIR',
    meaning: 'Write report.html, results.json, tables as CSV and scenario.yaml there.',
  },
  threads: { type: 'string', value: 'N', meaning: 'Runs at once. Default: one per core.' },
  json: jsonFlag,
} as const

type RunFlags = FlagValues<typeof runFlags>

/** What the flags of a command that runs simulations ask for. @throws MeshError ERR_USAGE. */
export function runOptionsOf(flags: RunFlags & { readonly set: readonly string[] }): RunOptions {
  return {
    settings: settingsOf(flags),
    assignments: flags.set,
    strategies: flags.strategy,
    threadCount: wholeNumber(flags.threads, { flag: '--threads', min: 1, max: THREADS_MAX }),
    folder: flags.output,
    isJson: flags.json,
  }
}

/** What has a flag of its own. */
function settingsOf(flags: RunFlags): readonly Setting[] {
  const durationMax = { flag: '--duration-ms', min: 100, max: DURATION_MAX_MS }
  const found = {
    seed: wholeNumber(flags.seed, { flag: '--seed', max: SEED_MAX }),
    runs: wholeNumber(flags.runs, { flag: '--runs', min: 1, max: RUNS_MAX }),
    durationMs: wholeNumber(flags['duration-ms'], durationMax),
  }
  return Object.entries(found).flatMap(([path, value]) =>
    value === undefined ? [] : [{ path, value }],
  )
}
