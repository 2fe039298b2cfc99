/**
 * Runs every data-driven file under a folder against our Raft: `npm run conformance -- FOLDER`.
 *
 * Prints each file with its cases passed and failed, then one line for all. The exit code is 1 if
 * any case failed, 2 if there is nothing to run.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { type FailedCase, runFile } from '../test/conformance/run-file.ts'

const USAGE = 'usage: npm run conformance -- FOLDER'

function main(args: readonly string[]): number {
  const [folder, ...rest] = args
  if (folder === undefined || rest.length > 0) return misused('expected one folder')
  const root = resolve(folder)
  if (!existsSync(root)) return misused(`expected a folder, found nothing at ${root}`)
  if (!statSync(root).isDirectory()) return misused(`expected a folder, found a file: ${root}`)
  const paths = filesUnder(root)
  if (paths.length === 0) return misused(`expected files *.txt under ${root}, found none`)

  let passedCount = 0
  let failedCount = 0
  for (const path of paths) {
    const report = runFile(path, readFileSync(path, 'utf8'))
    passedCount += report.passedCount
    failedCount += report.failures.length
    const counts = `${report.passedCount} passed, ${report.failures.length} failed`
    process.stdout.write(`${relative(root, path)}: ${counts}\n`)
    for (const failure of report.failures) process.stdout.write(failureText(failure))
  }
  process.stdout.write(`${passedCount} passed, ${failedCount} failed\n`)
  return failedCount > 0 ? 1 : 0
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.txt'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

function failureText({ line, directive, expected, found }: FailedCase): string {
  const indented = (text: string) => text.trimEnd().replaceAll(/^/gm, '      ')
  return [
    `  line ${line}: ${directive.replaceAll('\n', '\n    ')}`,
    '    expected:',
    indented(expected),
    '    found:',
    indented(found),
    '',
  ].join('\n')
}

function misused(problem: string): number {
  process.stderr.write(`${problem}\n${USAGE}\n`)
  return 2
}

process.exitCode = main(process.argv.slice(2))
