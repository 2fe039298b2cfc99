/**
 * `skein config show`: every option as it would take effect now, and what decided it.
 */
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { configSources, peerFlags } from './peer-flags.ts'
import { table } from './table.ts'

function shown(value: unknown): string {
  return value === undefined ? '-' : JSON.stringify(value)
}

export const configShow = defineCommand({
  name: 'config show',
  summary: 'Print every option, its value and where that came from.',
  flags: peerFlags,
  notes: ['Takes the flags of `skein up`, to see what they would do. Nothing is started.'],

  async run({ flags }, io, deps) {
    const { entries } = deps.configure(configSources(flags, io))
    if (flags.json) {
      const values = entries.map(({ key, value = null, source }) => ({ key, value, source }))
      writeJson(io, { options: values })
      return 0
    }
    const rows = entries.map(({ key, value, source }) => [key, shown(value), source])
    for (const line of table(['OPTION', 'VALUE', 'SOURCE'], rows)) writeLine(io, line)
    return 0
  },
})
