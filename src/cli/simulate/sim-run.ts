/**
 * `skein sim run`: all strategies of a scenario on the same requests, several times each.
 */
import { defineCommand } from '../command.ts'
import { runFlags, runOptionsOf } from './run-flags.ts'
import { PRESET_NAMES } from './sim-init.ts'

export const setFlag = {
  type: 'string',
  multiple: true,
  value: 'PATH=VALUE',
  meaning: 'Set what stands at that path of the scenario; null takes it out.',
} as const

export const scenarioWord = {
  name: 'scenario',
  meaning: `A file, - for stdin, or a preset: ${PRESET_NAMES.join(', ')}.`,
}

export const simRun = defineCommand({
  name: 'sim run',
  summary: 'Simulate a fleet and compare strategies on it.',
  words: [scenarioWord],
  flags: { ...runFlags, set: setFlag },
  notes: [
    'Strategies are ranked by their p99 time to first token. One that did not complete 99.9 % of what it admitted, or admitted less than the others, is not: short times prove nothing of a strategy that had less to do.',
    'Equal scenarios and seeds give equal results. DIR/scenario.yaml is what was run, with what the flags set. Exits with 1 if a check of honesty fails.',
  ],

  async run({ flags, words: [name = ''] }, io) {
    const options = runOptionsOf(flags)
    const { runScenario } = await import('./run-scenario.ts')
    return await runScenario(name, io, options)
  },
})
