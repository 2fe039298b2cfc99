/**
 * The whole gate, `npm test`: types, lint, unused code, then every test.
 *
 * All four run even if one fails, so that one run shows everything. The last line counts them,
 * each of the first three as one: `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
})

function run(command: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' })
  if (error) throw error
  return status === 0
}

function check(name: string, command: string, args: readonly string[]): Counts {
  const isGood = run(command, args)
  process.stdout.write(`${isGood ? '✓' : '✗'} ${name}\n`)
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 }
}

function runTests(testFilters: readonly string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'skein-report-'))
  const outputFile = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`]
    const isGood = run('vitest', ['run', ...reporters, ...testFilters])
    const counts = report.parse(JSON.parse(readFileSync(outputFile, 'utf8')))
    // A file that cannot be loaded has no tests to fail, and must not pass for that.
    const failed = Math.max(counts.numFailedTests, isGood ? 0 : 1)
    const skipped = counts.numPendingTests + counts.numTodoTests
    return { passed: counts.numPassedTests, failed, skipped }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const filters = process.argv.slice(2)
const checks =
  filters.length > 0
    ? []
    : [
        check('types', 'tsc', ['-b']),
        check('lint', 'biome', ['check', '.']),
        check('no unused code', 'knip', []),
      ]
const all = [...checks, runTests(filters)]
const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
process.stdout.write(
  `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`,
)
process.exitCode = sum('failed') > 0 ? 1 : 0
