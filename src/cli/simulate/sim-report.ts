/**
 * `skein sim report`: the page of a comparison that was kept, drawn again.
 */
import { defineCommand } from '../command.ts'
import { writeLine } from '../io.ts'

export const simReport = defineCommand({
  name: 'sim report',
  summary: 'Make the page of results that were kept.',
  words: [{ name: 'results', meaning: 'results.json, or a report.html, which holds the same.' }],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      meaning: 'Where to. Without it, the summary goes to stdout and no page is made.',
    },
  },

  async run({ flags, words: [path = ''] }, io) {
    const [{ readComparison }, { htmlReport }, { writeOutput }, { exitCodeOf, showComparison }] =
      await Promise.all([
        import('./result-file.ts'),
        import('../../../sim/report/html-report.ts'),
        import('./output-folder.ts'),
        import('./show-comparison.ts'),
      ])
    const comparison = readComparison(path)
    if (flags.output === undefined) {
      return showComparison(comparison, io, { isJson: false, folder: undefined })
    }
    writeOutput(flags.output, htmlReport(comparison))
    writeLine(io, `Written: ${flags.output}`)
    return exitCodeOf([comparison], io)
  },
})
