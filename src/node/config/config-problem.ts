/**
 * What is wrong with a configuration, told all at once: a person who fixes one mistake must not
 * find the next one only by starting again.
 */
import { MeshError } from '../../core/errors.ts'
import { didYouMean } from './did-you-mean.ts'

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

export function showFound(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing'
  return json.length > FOUND_MAX ? `${json.slice(0, FOUND_MAX)}…` : json
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
  return `${key}: ${expected}${value} (${source})`
}

/** @throws MeshError ERR_CONFIG if there is any problem; `details.problems` has all of them. */
export function throwProblems(problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return
  const lines = problems.map(line)
  const message =
    lines.length === 1
      ? `wrong configuration: ${lines[0]}`
      : `${lines.length} problems in the configuration:\n${lines.map(each => `  ${each}`).join('\n')}`
  throw new MeshError(message, {
    code: 'ERR_CONFIG',
    details: { problems },
    hint: '`skein config show` prints every option, its value and where that came from.',
  })
}
