/**
 * A comparison that was kept: `results.json`, or the page that holds it.
 */
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import type { Comparison } from '../../../sim/experiment/comparison.ts'
import { embeddedComparison, parseComparison } from '../../../sim/report/read-report.ts'
import { MeshError } from '../../core/errors.ts'

/** Some thousands of runs. */
const RESULT_MAX_BYTES = 256 * 1024 ** 2

/** What `skein sim run` calls its files; the folder then says more. */
const USUAL_NAMES: ReadonlySet<string> = new Set(['results', 'report'])

export function isResultFile(path: string): boolean {
  return ['.json', '.html'].includes(extname(path))
}

/** How a report tells its contestants from those of others. */
export function resultLabel(path: string): string {
  const name = basename(path, extname(path))
  return USUAL_NAMES.has(name) ? basename(dirname(resolve(path))) : name
}

/** @throws MeshError ERR_CONFIG if there is none in it. */
export function readComparison(path: string): Comparison {
  const text = readResult(path)
  return path.endsWith('.html') ? embeddedComparison(text) : parseComparison(text)
}

function readResult(path: string): string {
  try {
    const { size } = statSync(path)
    if (size > RESULT_MAX_BYTES) throw unreadable(path, `${size} bytes`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof MeshError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error'
    throw unreadable(path, code === 'ENOENT' ? 'none' : code, error)
  }
}

function unreadable(path: string, found: string, cause?: unknown): MeshError {
  return new MeshError(
    `expected results of ${RESULT_MAX_BYTES} bytes at most in ${path}, found ${found}`,
    {
      code: 'ERR_CONFIG',
      hint: '`skein sim run SCENARIO --output DIR` writes DIR/results.json.',
      cause,
    },
  )
}
