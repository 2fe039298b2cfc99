/**
 * Reads a trace in any of the forms that there are.
 */
import type { TRACE_FORMATS } from '../scenario/workload.ts'
import { readAzure } from './azure-trace.ts'
import { readMooncake } from './mooncake-trace.ts'
import { readSkein } from './skein-trace.ts'
import { inOrder, linesOf, type TraceRow } from './trace.ts'

/**
 * @param model Of a trace that names none.
 * @throws MeshError ERR_CONFIG with the line that is wrong.
 */
export function parseTrace(
  format: (typeof TRACE_FORMATS)[number],
  text: string,
  model: string,
): readonly TraceRow[] {
  const lines = linesOf(text)
  switch (format) {
    case 'azure':
      return inOrder(readAzure(lines, model))
    case 'mooncake':
      return inOrder(readMooncake(lines, model))
    case 'skein':
      return inOrder(readSkein(lines))
  }
}
