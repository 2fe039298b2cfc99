/**
 * What is wrong with a configuration, told all at once: a person who fixes one mistake must not
 * find the next one only by starting again.
 */

import { didYouMean } from '../../core/did-you-mean.ts'
import { MeshError } from '../../core/errors.ts'

export interface ConfigProblem {
  /** `section.option`, the variable, or the file. */
  readonly key: string
  /** What was expected, as a clause: `expected an integer from 0 to 65535`. */
  readonly expected: string
  /** The value found as short JSON; `undefined` if the key itself is what is wrong. */
  readonly found: string | undefined
  /** Where it came from: `default`, `file PATH`, `environment NAME` or `flag --name`. */
  readonly source: string
}

/** Longest part of a wrong value that is shown. */
const FOUND_MAX = 80

/** Problems that are told; of the rest only how many there are. */
export const PROBLEMS_MAX = 20

/** Longest key that is shown; the longest of ours has about 40 characters. */
const KEY_MAX = 120

export function showFound(value: unknown): string {
  if (value === '') return 'an empty text'
  try {
    return shortened(withoutCredentials(JSON.stringify(value) ?? 'nothing'), FOUND_MAX)
  } catch (error) {
    // JSON can be read deeper than it can be written.
    if (error instanceof RangeError) return 'a value that is nested too deep'
    throw error
  }
}

/** Of addresses: `//user:password@host` is shown as `//…@host`. */
function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/\s"]*@/g, '//…@')
}

function shortened(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text
}

/** A key that nobody reads. Its value is not shown: it may be a secret in the wrong place. */
export function unknownKey(
  key: string,
  { source, known }: { readonly source: string; readonly known: Iterable<string> },
): ConfigProblem {
  const meant = didYouMean(key, known)
  const question = meant === undefined ? '' : `; did you mean ${meant}?`
  return { key, expected: `there is no such option${question}`, found: undefined, source }
}

function line({ key, expected, found, source }: ConfigProblem): string {
  const value = found === undefined ? '' : `, found ${found}`
  return `${shortened(key, KEY_MAX)}: ${expected}${value} (${source})`
}

/**
 * @throws MeshError ERR_CONFIG if there is any problem; `details.problems` has the first
 * `PROBLEMS_MAX`, `details.moreCount` says how many there are besides.
 */
export function throwProblems(problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return
  const told = problems.slice(0, PROBLEMS_MAX)
  const moreCount = problems.length - told.length
  const lines = [...told.map(line), ...(moreCount === 0 ? [] : [`and ${moreCount} more`])]
  const message =
    problems.length === 1
      ? `wrong configuration: ${lines[0]}`
      : `${problems.length} problems in the configuration:\n${lines.map(each => `  ${each}`).join('\n')}`
  throw new MeshError(message, {
    code: 'ERR_CONFIG',
    details: { problems: told, moreCount },
    hint: 'docs/reference/config.md has every option, the values it takes and its variable.',
  })
}
