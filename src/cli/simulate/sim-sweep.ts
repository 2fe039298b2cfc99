/**
 * `skein sim sweep`: one scenario many times, with every combination of some values.
 */
import { defineCommand, usageError } from '../command.ts'
import { runFlags, runOptionsOf } from './run-flags.ts'
import { scenarioWord } from './sim-run.ts'

export const simSweep = defineCommand({
  name: 'sim sweep',
  summary: 'Simulate a scenario with every combination of some values.',
  words: [scenarioWord],
  flags: {
    set: {
      type: 'string',
      multiple: true,
      value: 'PATH=VALUE,…',
      meaning: 'Values of what stands at that path of the scenario, as in a list of YAML.',
    },
    ...runFlags,
    output: { ...runFlags.output, meaning: 'Write sweep.html, sweep.csv and all results there.' },
  },
  notes: [
    'For example, how many GPUs are enough: `skein sim sweep small --set workload.arrivals.requestsPerSecond=800 --set topology.cells[0].nodes[0].count=16,24,32`.',
    'DIR gets sweep.html, sweep.csv and, for each combination, a folder with scenario.yaml and results.json, of which `skein sim report` makes a page.',
  ],

  async run({ flags, words: [name = ''] }, io) {
    if (flags.set.length === 0) {
      throw usageError(
        '`skein sim sweep` needs --set PATH=VALUE,…',
        'For example --set ingresses.count=1,4,16',
      )
    }
    const options = runOptionsOf(flags)
    const { sweepScenario } = await import('./sweep-scenario.ts')
    return await sweepScenario(name, io, options)
  },
})
