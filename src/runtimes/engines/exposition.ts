/**
 * Reads what an engine tells a Prometheus server: lines of text, one number each.
 *
 *     vllm:num_requests_running{engine="0",model_name="llama"} 3.0 1700000000000
 *     name                     {labels                       } value timestamp
 *
 * Comments, blank lines and lines it cannot read are passed over, as are numbers that are none
 * (`NaN`, infinities): an engine says with them that there is nothing to say. A text that is longer
 * than its bound is refused as a whole, since half of an exposition looks like a restart.
 *
 * Source: Prometheus, "Text-based format", version 0.0.4 (prometheus/docs,
 * docs/instrumenting/exposition_formats.md).
 */
import { MeshError } from '../../core/errors.ts'
import type { HistogramBucket } from './engine-profile.ts'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Finite. */
  readonly value: number
}

/** Labels that a sample must have, with these values. It may have others. */
export type LabelMatch = Readonly<Record<string, string>>

/** About a hundred times what an engine with one model says. */
export const EXPOSITION_LENGTH_MAX = 4_194_304
export const EXPOSITION_SAMPLES_MAX = 20_000

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y
const LABELS_END = /\s*\}/y
/** The value; then a timestamp or an exemplar may follow. */
const VALUE = /[ \t]*([^\s#]+)(?=\s|$)/y

/** @throws MeshError ERR_ENGINE if it is longer, or has more samples, than any engine needs. */
export function parseExposition(text: string): readonly Sample[] {
  if (text.length > EXPOSITION_LENGTH_MAX) {
    throw tooMuch(`${EXPOSITION_LENGTH_MAX} characters`, `${text.length}`)
  }
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    const sample = parseLine(line.trim())
    if (sample === undefined) continue
    if (samples.length === EXPOSITION_SAMPLES_MAX) {
      throw tooMuch(`${EXPOSITION_SAMPLES_MAX} samples`, 'more')
    }
    samples.push(sample)
  }
  return samples
}

/** All series of a metric, over all its other labels. `undefined`: there is none. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  labels: LabelMatch = {},
): number | undefined {
  const found = seriesOf(samples, name, labels)
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}

/** For ratios, of which an engine in several parts tells one for each part. */
export function meanOf(
  samples: readonly Sample[],
  name: string,
  labels: LabelMatch = {},
): number | undefined {
  const sum = sumOf(samples, name, labels)
  return sum === undefined ? undefined : sum / seriesOf(samples, name, labels).length
}

/**
 * A histogram, its series added up; the name is without `_bucket`. By growing bound, the last one
 * infinite. `undefined`: there is none.
 *
 * @param unitMs What 1 of its unit is in milliseconds: 1,000 for the usual seconds.
 */
export function histogramOf(
  samples: readonly Sample[],
  name: string,
  { labels = {}, unitMs = 1_000 }: { labels?: LabelMatch; unitMs?: number } = {},
): readonly HistogramBucket[] | undefined {
  const counts = new Map<number, number>()
  for (const sample of seriesOf(samples, `${name}_bucket`, labels)) {
    const bound = numberOf(sample.labels['le'] ?? '')
    if (Number.isNaN(bound)) continue
    counts.set(bound, (counts.get(bound) ?? 0) + sample.value)
  }
  if (!counts.has(Number.POSITIVE_INFINITY)) return undefined
  return [...counts]
    .map(([bound, count]) => ({ untilMs: bound * unitMs, count }))
    .toSorted((a, b) => a.untilMs - b.untilMs)
}

/**
 * The samples that name a model, by it; under `''` those that name none. For a profile's
 * `EngineReadings`.
 */
export function byLabel(
  samples: readonly Sample[],
  label: string,
): ReadonlyMap<string, readonly Sample[]> {
  const groups = new Map<string, Sample[]>()
  for (const sample of samples) {
    const value = sample.labels[label] ?? ''
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [sample])
    else group.push(sample)
  }
  return groups
}

function seriesOf(samples: readonly Sample[], name: string, labels: LabelMatch): Sample[] {
  const wanted = Object.entries(labels)
  return samples.filter(
    sample =>
      sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
  )
}

function parseLine(line: string): Sample | undefined {
  const name = matchAt(NAME, line, 0)
  if (name === undefined) return undefined
  const labels = parseLabels(line, NAME.lastIndex)
  if (labels === undefined) return undefined
  const text = matchAt(VALUE, line, labels.end)?.[1]
  const value = numberOf(text ?? '')
  if (!Number.isFinite(value)) return undefined
  return { name: name[0], labels: Object.fromEntries(labels.pairs), value }
}

interface Labels {
  readonly pairs: readonly (readonly [string, string])[]
  /** Where the value begins. */
  readonly end: number
}

function parseLabels(line: string, start: number): Labels | undefined {
  const brace = line.indexOf('{', start)
  const isLabelled = brace !== -1 && line.slice(start, brace).trim() === ''
  if (!isLabelled) return { pairs: [], end: start }
  const pairs: (readonly [string, string])[] = []
  let end = brace + 1
  for (let found = matchAt(LABEL, line, end); found !== undefined; ) {
    pairs.push([found[1] ?? '', unescaped(found[2] ?? '')])
    end = LABEL.lastIndex
    found = matchAt(LABEL, line, end)
  }
  return matchAt(LABELS_END, line, end) === undefined
    ? undefined
    : { pairs, end: LABELS_END.lastIndex }
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index
  return pattern.exec(text) ?? undefined
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}

const WORDS: Readonly<Record<string, number>> = {
  '+inf': Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

/** As Go's `strconv.ParseFloat` writes and reads it. `NaN` for what is none. */
function numberOf(text: string): number {
  return text === '' ? Number.NaN : (WORDS[text.toLowerCase()] ?? Number(text))
}

function tooMuch(expected: string, found: string): MeshError {
  return new MeshError(`expected metrics of at most ${expected}, found ${found}`, {
    code: 'ERR_ENGINE',
  })
}
