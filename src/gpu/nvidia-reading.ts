/**
 * What `nvidia-smi --query-gpu` prints, and what it means.
 *
 * One line per GPU, fields in the order asked for. The name is asked for last, so that no comma
 * in it can shift a number. A field that does not apply reads `[N/A]` or `[Not Supported]`; of a
 * GPU that is gone, fields read `[GPU is lost]`, `[Unknown Error]`, `[GPU requires reset]` or
 * `ERR!`. Anything else that is not a number is not a reading of ours, and is refused as a whole.
 *
 * Source: nvidia-smi(1), and `nvidia-smi --help-query-gpu`; NVML API, "Clocks Event Reasons".
 */
import type { GpuLoad } from '../core/peer-state.ts'

const MEBIBYTE = 1_048_576

/** Named so since driver 535; before it, `clocks_throttle_reasons.active`. */
export const EVENT_REASONS = 'clocks_event_reasons.active'
export const THROTTLE_REASONS = 'clocks_throttle_reasons.active'

export const queryOf = (reasonsField: string): string =>
  [
    'index',
    'memory.total',
    'memory.used',
    'utilization.gpu',
    'ecc.errors.uncorrected.volatile.total',
    reasonsField,
    'name',
  ].join(',')

/** Before the name. */
const FIELD_COUNT = 6

/**
 * Software power cap 0x4, hardware slowdown 0x8, software 0x20 and hardware 0x40 thermal
 * slowdown, power brake 0x80. Not: idle, clocks that somebody set, sync boost, display.
 */
const HEAT_OR_POWER_MASK = 0xec

const NOT_APPLICABLE = /^\[(N\/A|Not Supported|Not Found)\]$/
const BROKEN = /^(ERR!|\[(GPU is lost|Unknown Error|GPU requires reset|Unknown)\])$/
const COUNT = /^\d{1,15}$/
const BITS = /^0x[0-9a-f]{1,16}$/i

export interface GpuReading {
  readonly index: number
  readonly load: GpuLoad
}

type Field = number | 'broken' | 'not-applicable'

/** `undefined`: it is none of what the field can read. */
function fieldOf(text: string, form: RegExp): Field | undefined {
  if (form.test(text)) return Number(text)
  if (NOT_APPLICABLE.test(text)) return 'not-applicable'
  return BROKEN.test(text) ? 'broken' : undefined
}

/** Unknown counts as nothing. */
const numberOf = (field: Field) => (typeof field === 'number' ? field : 0)

function readLine(line: string): GpuReading | undefined {
  const texts = line.split(',').map(text => text.trim())
  const name = texts.slice(FIELD_COUNT).join(', ')
  const [indexText = '', ...rest] = texts.slice(0, FIELD_COUNT)
  if (name === '' || !COUNT.test(indexText)) return undefined

  const fields = rest.flatMap((text, place) => fieldOf(text, place === 4 ? BITS : COUNT) ?? [])
  const [totalMib, usedMib, percent, eccErrors, reasons] = fields
  if (
    totalMib === undefined ||
    usedMib === undefined ||
    percent === undefined ||
    eccErrors === undefined ||
    reasons === undefined
  ) {
    return undefined
  }
  const load: GpuLoad = {
    name,
    vramTotalBytes: numberOf(totalMib) * MEBIBYTE,
    vramUsedBytes: Math.min(numberOf(usedMib), numberOf(totalMib)) * MEBIBYTE,
    utilizationRatio: Math.min(1, numberOf(percent) / 100),
    isThrottled: (numberOf(reasons) & HEAT_OR_POWER_MASK) !== 0,
    isFaulty: numberOf(eccErrors) > 0 || fields.includes('broken'),
  }
  return { index: Number(indexText), load }
}

/**
 * Sorted by index. A GPU that shares the memory of the machine has no VRAM to tell, and is left
 * out.
 *
 * @returns `undefined` if any line is not a reading.
 */
export function readGpus(output: string): readonly GpuReading[] | undefined {
  const lines = output.split(/\r?\n/).filter(line => line.trim() !== '')
  const readings = lines.flatMap(line => readLine(line) ?? [])
  if (readings.length !== lines.length) return undefined
  if (new Set(readings.map(reading => reading.index)).size !== readings.length) return undefined
  return readings
    .filter(({ load }) => load.vramTotalBytes > 0 || load.isFaulty)
    .toSorted((a, b) => a.index - b.index)
}
