/**
 * The folder that takes what a simulation came to. It is made, and shown to be writable, before anything
 * runs: nobody waits an hour to hear that nothing can be kept.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MeshError } from '../../core/errors.ts'

/** @throws MeshError ERR_CONFIG if the files cannot be written. */
export function writeInto(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeOutput(join(folder, name), text)
}

/** Makes the folders above it, and overwrites what was there. @throws MeshError ERR_CONFIG. */
export function writeOutput(path: string, text: string): void {
  writeChecked(path, () => writeFileSync(path, text))
}

/** @throws MeshError ERR_CONFIG if there is such a file. */
export function writeNew(path: string, text: string): void {
  writeChecked(path, () => writeFileSync(path, text, { flag: 'wx' }))
}

/**
 * One after the other, from the outermost. `recursive` would try for ever in a place that has no room for
 * folders, as /proc.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function writeChecked(path: string, write: () => void): void {
  try {
    makeFolder(dirname(path))
    write()
  } catch (error) {
    const { code = 'an error', syscall } = error as NodeJS.ErrnoException
    // A folder may be in the way too, or a file where a folder is to be.
    const isThere = code === 'EEXIST' && syscall === 'open'
    throw new MeshError(
      isThere ? `expected no file ${path}, found one` : `expected to write ${path}, found ${code}`,
      {
        code: 'ERR_CONFIG',
        hint: isThere ? 'Choose another name with -o FILE.' : 'Choose a place that is yours.',
        cause: error,
      },
    )
  }
}
