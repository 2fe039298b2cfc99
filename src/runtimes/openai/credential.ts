/**
 * Reads the file with the key that an engine wants.
 */
import { readFile } from 'node:fs/promises'
import { MeshError } from '../../core/errors.ts'

/** @throws MeshError ERR_CONFIG if there is no file, or none with one key. */
export async function readCredential(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MeshError(`expected a readable file with the engine's API key at ${path}`, {
      code: 'ERR_CONFIG',
      cause,
    })
  })
  const credential = text.trim()
  if (/^[\x21-\x7e]+$/.test(credential)) return credential
  throw new MeshError(`expected one API key of visible ASCII characters in ${path}`, {
    code: 'ERR_CONFIG',
  })
}
