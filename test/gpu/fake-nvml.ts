/**
 * Builds the library of `fake-nvml.c` for a test, and lets the test say what it says.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { testFolder } from './test-program.ts'

const SOURCE = new URL('./fake-nvml.c', import.meta.url).pathname

/** Why the tests with it are left out; `undefined`: they run. */
export const missingCompiler =
  process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0
    ? undefined
    : 'there is no gcc to build the fake driver library with'

export async function fakeNvml(values: Readonly<Record<string, number>> = {}) {
  const folder = await testFolder()
  const statePath = join(folder, 'state')
  const say = async (next: Readonly<Record<string, number>>) => {
    const lines = Object.entries(next).map(([name, value]) => `${name} ${value}\n`)
    await writeFile(statePath, lines.join(''))
  }
  await say(values)
  const library = join(folder, 'libnvidia-ml.so.1')
  const define = `-DSTATE_PATH="${statePath}"`
  execFileSync('gcc', ['-shared', '-fPIC', '-Wall', '-Werror', define, '-o', library, SOURCE])
  return { library, say }
}
