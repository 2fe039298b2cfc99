/**
 * `skein sim init`: writes a scenario that works, with what each field means beside it.
 */
import { didYouMean } from '../../core/did-you-mean.ts'
import { defineCommand, usageError } from '../command.ts'
import { writeLine } from '../io.ts'
import { commandName, shellWord } from '../shell-word.ts'

/** Here too, so that help can name them without loading the simulator. A test compares. */
export const PRESET_NAMES = ['small', 'medium', 'large', 'edge-wan', 'azure-mixed', 'mooncake']

const PRESET_WITHOUT_WORD = 'small'

export const simInit = defineCommand({
  name: 'sim init',
  summary: 'Write a scenario to begin with.',
  words: [
    {
      name: 'preset',
      meaning: `One of ${PRESET_NAMES.join(', ')}. Default: small.`,
      isOptional: true,
    },
  ],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      meaning: 'Where to; - is stdout. Default: the name of the preset, with .yaml.',
    },
  },
  notes: ['A file that is there already stays as it is.'],

  async run({ flags, words: [preset = PRESET_WITHOUT_WORD] }, io) {
    const [{ PRESETS, presetText }, { writeNew }] = await Promise.all([
      import('../../../sim/scenario/presets.ts'),
      import('./output-folder.ts'),
    ])
    const found = PRESETS.find(each => each === preset)
    if (found === undefined) {
      const meant = didYouMean(preset, PRESETS)
      const hint = meant === undefined ? undefined : `Did you mean ${meant}?`
      throw usageError(`expected one of ${PRESETS.join(', ')}, found ${preset}`, hint)
    }
    const path = flags.output ?? `${found}.yaml`
    if (path === '-') {
      io.write(presetText(found))
      return 0
    }
    writeNew(path, presetText(found))
    writeLine(io, `Written: ${path}`)
    writeLine(io, `Run it:  ${commandName(io.variables)} sim run ${shellWord(path)}`)
    return 0
  },
})
