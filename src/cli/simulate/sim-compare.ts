/**
 * `skein sim compare`: policies of several scenarios on the same requests, or results that were kept.
 */
import { defineCommand } from '../command.ts'
import { runFlags, runOptionsOf } from './run-flags.ts'
import { setFlag } from './sim-run.ts'

export const simCompare = defineCommand({
  name: 'sim compare',
  summary: 'Compare policies: of scenarios, which are run, or of results that were kept.',
  words: [
    {
      name: 'file',
      meaning: 'Scenarios (files or presets), or results (.json or .html).',
      isRepeated: true,
    },
  ],
  flags: { ...runFlags, set: setFlag },
  notes: [
    'Scenarios may differ in `scheduler`, `signals` and `strategies`; all else must be alike, for contestants are compared on the same requests and the same fleet. What is the same in several is run once. Fleets and loads are compared by `skein sim sweep`.',
    'Flags change every scenario. Results are compared as they are: they take --output and --json only.',
  ],

  async run({ flags, words }, io) {
    const options = runOptionsOf(flags)
    const { compareFiles } = await import('./compare-files.ts')
    return await compareFiles(words, io, options)
  },
})
