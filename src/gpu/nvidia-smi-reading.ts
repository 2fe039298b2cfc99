/**
 * What `nvidia-smi --query-gpu` prints, and what it means.
 *
 * One line per GPU, fields in the order asked for. The name is asked for last, so that no comma
 * in it can shift a number. A field that does not apply reads `[N/A]` or `[Not Supported]`; of a
 * GPU that is gone, fields read `[GPU is lost]`, `[Unknown Error]`, `[GPU requires reset]` or
 * `ERR!`. Anything else that is not of the field's form is not a reading of ours, and is refused as
 * a whole.
 *
 * Source: nvidia-smi(1), and `nvidia-smi --help-query-gpu` of drivers 470 to 570.
 */
import type { GpuReading } from '../node/gpu-source.ts'
import { throttleReasons } from './throttle-reasons.ts'

const MEBIBYTE = 1_048_576

/** Named so since driver 535; before it, `clocks_throttle_reasons.active`. */
export const EVENT_REASONS = 'clocks_event_reasons.active'
export const THROTTLE_REASONS = 'clocks_throttle_reasons.active'

const COUNT = /^\d{1,15}$/
const AMOUNT = /^\d{1,9}(\.\d{1,6})?$/
const BITS = /^0x[0-9a-f]{1,16}$/i
const WORD = /^[\w.-]{1,96}$/

/** In this order, before the name. */
const FIELDS = {
  index: { query: 'index', form: COUNT },
  uuid: { query: 'uuid', form: WORD },
  driverVersion: { query: 'driver_version', form: WORD },
  totalMib: { query: 'memory.total', form: COUNT },
  usedMib: { query: 'memory.used', form: COUNT },
  utilizationPercent: { query: 'utilization.gpu', form: COUNT },
  memoryPercent: { query: 'utilization.memory', form: COUNT },
  eccErrors: { query: 'ecc.errors.uncorrected.volatile.total', form: COUNT },
  temperature: { query: 'temperature.gpu', form: COUNT },
  powerWatts: { query: 'power.draw', form: AMOUNT },
  powerLimitWatts: { query: 'power.limit', form: AMOUNT },
  pcieGeneration: { query: 'pcie.link.gen.current', form: COUNT },
  pcieWidth: { query: 'pcie.link.width.current', form: COUNT },
  reasons: { query: EVENT_REASONS, form: BITS },
} as const

type FieldName = keyof typeof FIELDS

const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[]

/** @param reasonsField One of the two names above. */
export const queryOf = (reasonsField: string): string =>
  [...FIELD_NAMES.map(name => FIELDS[name].query), 'name']
    .map(query => (query === EVENT_REASONS ? reasonsField : query))
    .join(',')

const NOT_APPLICABLE = /^\[(N\/A|Not Supported|Not Found)\]$/

/** What stands there instead of a value, when the GPU is at fault. */
const DEFECTS: Readonly<Record<string, GpuReading['defect']>> = {
  '[GPU is lost]': 'lost',
  '[GPU requires reset]': 'needs-reset',
  '[Unknown Error]': 'broken',
  '[Unknown]': 'broken',
  'ERR!': 'broken',
}

interface Line {
  readonly name: string
  readonly texts: ReadonlyMap<FieldName, string>
  readonly defect: GpuReading['defect']
}

/** `undefined`: a field is none of what it can read. */
function splitLine(line: string): Line | undefined {
  const texts = line.split(',').map(text => text.trim())
  const name = texts.slice(FIELD_NAMES.length).join(', ')
  if (name === '') return undefined
  const values = new Map<FieldName, string>()
  let defect: GpuReading['defect']
  for (const [place, field] of FIELD_NAMES.entries()) {
    const text = texts[place] ?? ''
    if (FIELDS[field].form.test(text)) values.set(field, text)
    else if (Object.hasOwn(DEFECTS, text)) defect ??= DEFECTS[text]
    else if (!NOT_APPLICABLE.test(text)) return undefined
  }
  return { name, texts: values, defect }
}

function readLine(line: string): GpuReading | undefined {
  const found = splitLine(line)
  if (found === undefined) return undefined
  const { name, texts, defect } = found
  const index = texts.get('index')
  if (index === undefined) return undefined
  const number = (field: FieldName) => {
    const text = texts.get(field)
    return text === undefined ? undefined : Number(text)
  }
  const ratio = (field: FieldName) => {
    const percent = number(field)
    return percent === undefined ? undefined : Math.min(1, percent / 100)
  }
  return {
    index: Number(index),
    name,
    uuid: texts.get('uuid'),
    driverVersion: texts.get('driverVersion'),
    vramTotalBytes: (number('totalMib') ?? 0) * MEBIBYTE,
    vramUsedBytes: Math.min(number('usedMib') ?? 0, number('totalMib') ?? 0) * MEBIBYTE,
    utilizationRatio: ratio('utilizationPercent'),
    memoryUtilizationRatio: ratio('memoryPercent'),
    temperatureCelsius: number('temperature'),
    powerWatts: number('powerWatts'),
    powerLimitWatts: number('powerLimitWatts'),
    eccUncorrectableCount: number('eccErrors'),
    throttleReasons: throttleReasons(number('reasons') ?? 0),
    defect,
    pcieGeneration: number('pcieGeneration'),
    pcieWidth: number('pcieWidth'),
  }
}

/**
 * Sorted by index.
 *
 * @returns `undefined` if any line is not a reading.
 */
export function readGpus(output: string): readonly GpuReading[] | undefined {
  const lines = output.split(/\r?\n/).filter(line => line.trim() !== '')
  const readings = lines.flatMap(line => readLine(line) ?? [])
  if (readings.length !== lines.length) return undefined
  if (new Set(readings.map(reading => reading.index)).size !== readings.length) return undefined
  return readings.toSorted((a, b) => a.index - b.index)
}
