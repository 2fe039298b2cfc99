/**
 * The trace that a scenario names: a file beside it, or one that comes with Skein; plain, or packed with
 * gzip.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Scenario } from '../../../sim/scenario/scenario.ts'
import { parseTrace } from '../../../sim/workload/parse-trace.ts'
import type { TraceRow } from '../../../sim/workload/trace.ts'
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'

/** Unpacked. Some millions of requests; a text twice as long is more than one string can be. */
const TRACE_MAX_BYTES = 256 * 1024 ** 2

/** Of the traces that come with Skein, from `src/` and `dist/src/` alike. */
export function ownTraceFolder(): string {
  const manifest = findPackageJSON(import.meta.url)
  assert(manifest !== undefined, 'this file lies inside its package')
  return join(dirname(manifest), 'traces')
}

/**
 * Path of the trace: beside the scenario, or, if it is not there, among those that come with Skein.
 * `undefined`: the scenario names none.
 */
export function tracePath({ workload }: Scenario, folder: string): string | undefined {
  const { arrivals } = workload
  if (arrivals.type !== 'trace') return undefined
  const beside = resolve(folder, arrivals.file)
  if (existsSync(beside) || basename(arrivals.file) !== arrivals.file) return beside
  const own = join(ownTraceFolder(), arrivals.file)
  return existsSync(own) ? own : beside
}

/** @throws MeshError ERR_CONFIG if the file cannot be read, or is not what the scenario says. */
export function readTrace(scenario: Scenario, folder: string): readonly TraceRow[] | undefined {
  const { arrivals, classes } = scenario.workload
  const path = tracePath(scenario, folder)
  if (arrivals.type !== 'trace' || path === undefined) return undefined
  const text = path.endsWith('.gz') ? unpacked(path) : readFile(path).toString('utf8')
  // Of traces that name no model. Without a class of language models there is nobody to serve it.
  const model = classes.find(({ kind }) => kind === 'llm')?.model ?? ''
  return parseTrace(arrivals.format, text, model)
}

function readFile(path: string): Buffer {
  try {
    const { size } = statSync(path)
    if (size > TRACE_MAX_BYTES) throw unreadable(path, `${size} bytes`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof MeshError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error'
    throw unreadable(path, code === 'ENOENT' ? 'none' : code, error)
  }
}

function unpacked(path: string): string {
  const packed = readFile(path)
  try {
    return gunzipSync(packed, { maxOutputLength: TRACE_MAX_BYTES }).toString('utf8')
  } catch (error) {
    const isTooLong = error instanceof RangeError
    throw unreadable(path, isTooLong ? 'more when unpacked' : 'no gzip', error)
  }
}

function unreadable(path: string, found: string, cause?: unknown): MeshError {
  return new MeshError(
    `expected a trace of ${TRACE_MAX_BYTES} bytes at most in ${path}, found ${found}`,
    {
      code: 'ERR_CONFIG',
      hint: 'The path in `workload.arrivals.file` is relative to the scenario; .gz is unpacked.',
      cause,
    },
  )
}
