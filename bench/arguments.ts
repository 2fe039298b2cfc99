/**
 * The command line of the benchmarks.
 */
import { parseArgs } from 'node:util'
import type { BenchmarkOptions } from './benchmark.ts'
import { PATH_NAMES, type PathName } from './gateway-path.ts'

export type BenchCommand =
  | { readonly type: 'run'; readonly name: string; readonly options: BenchmarkOptions }
  | { readonly type: 'refused'; readonly message: string }

/** Peers in one mesh on one machine, about 100 MB each. */
const SIZE_MAX = 64

/** @param names The benchmarks there are. */
export function parseBenchArguments(
  args: readonly string[],
  names: readonly string[],
): BenchCommand {
  const refused = (message: string): BenchCommand => ({ type: 'refused', message })
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        paths: { type: 'string' },
        sizes: { type: 'string' },
        'cpu-prof': { type: 'string' },
      },
    })
    const [name, ...rest] = positionals
    if (name === undefined) return refused('Say which benchmark.')
    if (!names.includes(name)) return refused(`There is no benchmark ${name}.`)
    if (rest.length > 0) return refused(`Expected one benchmark, found ${positionals.join(' ')}.`)
    const paths = values.paths?.split(',')
    const wrong = paths?.filter(path => !isPathName(path)) ?? []
    if (wrong.length > 0) {
      return refused(`Expected paths among ${PATH_NAMES.join(',')}, found ${wrong.join(',')}.`)
    }
    const sizes = values.sizes?.split(',').map(Number)
    if (sizes?.some(size => !isSize(size))) {
      return refused(`Expected sizes from 3 to ${SIZE_MAX}, found ${values.sizes}.`)
    }
    const options = {
      isQuick: values.quick,
      paths: paths?.filter(isPathName),
      sizes,
      cpuProfileFolder: values['cpu-prof'],
    }
    return { type: 'run', name, options }
  } catch (error) {
    // `parseArgs` throws a TypeError for a flag it does not know; anything else is a bug.
    if (error instanceof TypeError) return refused(error.message)
    throw error
  }
}

function isPathName(text: string): text is PathName {
  return PATH_NAMES.some(name => name === text)
}

/** Less than three cannot disagree. */
function isSize(size: number): boolean {
  return Number.isInteger(size) && size >= 3 && size <= SIZE_MAX
}
