/**
 * A recording of `skein sim record`, read for what its requests measured.
 */
import { readFileSync } from 'node:fs'
import type { MeasuredRequest } from '../../../sim/calibrate/observations.ts'
import { skeinTraceHead, skeinTraceRow } from '../../../sim/workload/skein-trace.ts'
import { MeshError } from '../../core/errors.ts'
import { measuredOf } from './record.ts'

export interface Recording {
  readonly durationMs: number
  readonly ingressCount: number
  readonly requests: readonly MeasuredRequest[]
}

/** @throws MeshError ERR_CONFIG. */
export function readRecording(path: string): Recording {
  try {
    const [first = '', ...rest] = readFileSync(path, 'utf8').trimEnd().split('\n')
    const head = skeinTraceHead.parse(JSON.parse(first))
    const rows = rest.map(line => skeinTraceRow.parse(JSON.parse(line)))
    const requests = rows.flatMap(measuredOf)
    const lastMs = Math.max(0, ...rows.slice(-1).map(({ atMs }) => atMs))
    const ingresses = new Set(rows.map(({ ingress }) => ingress))
    return { durationMs: head.durationMs ?? lastMs, ingressCount: ingresses.size, requests }
  } catch (cause) {
    throw new MeshError(
      `expected a recording of \`skein sim record\` at ${path}, found another file or none`,
      {
        code: 'ERR_CONFIG',
        hint: 'Record one with `skein sim record -o FILE`.',
        cause,
      },
    )
  }
}
