/**
 * Makes a folder and those above it, each at most once.
 *
 * Not `mkdir` with `recursive`: where a parent exists and yet says "no such file", as under
 * `/proc`, Node 24 tries for ever on a thread that no signal can end.
 */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

const MODE = 0o700

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** One that is there is left as it is. @throws the system's error, also if a file is in the way. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error
    await makeFolder(parent)
    await makeOne(path)
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: MODE })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
  }
}
