/**
 * `skein sim validate`: whether a scenario can be run, and what it comes to.
 */
import { defineCommand } from '../command.ts'
import { writeJson, writeLine } from '../io.ts'
import { table } from '../table.ts'
import { jsonFlag } from './run-flags.ts'
import { scenarioWord } from './sim-run.ts'

export const simValidate = defineCommand({
  name: 'sim validate',
  summary: 'Check a scenario and its trace, and tell what they come to.',
  words: [scenarioWord],
  flags: { json: jsonFlag },

  async run({ flags, words: [name = ''] }, io) {
    const [{ openScenario, planned }, { scenarioFacts }] = await Promise.all([
      import('./scenario-source.ts'),
      import('../../../sim/report/scenario-facts.ts'),
    ])
    for (const { scenario, trace } of planned([await openScenario(name, io)])) {
      if (flags.json) {
        writeJson(io, { isValid: true, scenario, traceRowCount: trace?.length ?? null })
        continue
      }
      const rows = [['Scenario', scenario.name], ...scenarioFacts(scenario)]
      if (trace !== undefined) rows.push(['Trace', `${trace.length} requests`])
      for (const line of table(['', ''], rows).slice(1)) writeLine(io, line)
    }
    return 0
  },
})
