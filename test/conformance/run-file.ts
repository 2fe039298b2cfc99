/**
 * Runs one data-driven file from its first case to its last in a fresh environment, and compares
 * what each case prints with what it must.
 */
import { type Case, type Handler, parseCases } from './data-driven.ts'
import { type FileKind, kindOf } from './file-kind.ts'

export interface FailedCase {
  /** From 1. */
  readonly line: number
  readonly directive: string
  readonly expected: string
  readonly found: string
}

export interface FileReport {
  readonly passedCount: number
  readonly failures: readonly FailedCase[]
}

/** @param path Absolute, for its folders tell what kind of file it is. */
export function runFile(path: string, text: string): FileReport {
  try {
    const cases = parseCases(text)
    return runCases(cases, kindOf(path, cases))
  } catch (error) {
    // The file itself is at fault. It counts as one case, so that nobody takes it for passed.
    const found = error instanceof Error ? error.message : String(error)
    const failure = { line: 1, directive: '(the file)', expected: 'a file that can be run', found }
    return { passedCount: 0, failures: [failure] }
  }
}

export function runCases(cases: readonly Case[], kind: FileKind): FileReport {
  const handler = kind.createHandler()
  const normalise = kind.normalise ?? (text => text)
  const failures: FailedCase[] = []
  for (const each of cases) {
    const expected = normalise(each.expected)
    const found = normalise(answer(handler, each))
    if (found === expected) continue
    failures.push({
      line: each.line,
      directive: `${each.text}\n${each.input}`.trim(),
      expected,
      found,
    })
  }
  return { passedCount: cases.length - failures.length, failures }
}

/** What the handler prints, ended by a line feed; what it threw, if it threw. */
function answer(handler: Handler, directive: Case): string {
  try {
    const output = handler(directive)
    return output.endsWith('\n') ? output : `${output}\n`
  } catch (error) {
    return `thrown: ${error instanceof Error ? error.stack : String(error)}\n`
  }
}
