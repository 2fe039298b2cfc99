/**
 * Reads API keys from a file: one per line; empty lines and lines that begin with `#` are not
 * keys. A secret is only ever given as such a file, and never printed.
 */
import { readFileSync } from 'node:fs'
import { MeshError } from '../../core/errors.ts'

/** More keys than one mesh's worth of clients; a larger file is another file. */
const KEYS_MAX = 10_000

/** What a header can carry and a person can copy: visible ASCII, no space. */
const KEY = /^[\x21-\x7e]{8,512}$/

/**
 * The keys of the file, at least one.
 *
 * @throws MeshError ERR_CONFIG, naming the file, if it cannot be read, holds no key, or a line is
 * no usable key. The line's number is told, its content is not.
 */
export function readKeyFile(path: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new MeshError(`expected a readable file with API keys, found none at ${path}`, {
      code: 'ERR_CONFIG',
      details: { path },
      hint: 'Create it, for example with `openssl rand -hex 32 > FILE`.',
      cause: error,
    })
  }

  const keys: string[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (!KEY.test(line)) {
      throw new MeshError(
        `expected an API key of 8 to 512 visible ASCII characters in line ${index + 1} of ${path}`,
        { code: 'ERR_CONFIG', details: { path, line: index + 1 } },
      )
    }
    keys.push(line)
  }
  if (keys.length > 0 && keys.length <= KEYS_MAX) return keys
  throw new MeshError(`expected 1 to ${KEYS_MAX} API keys in ${path}, found ${keys.length}`, {
    code: 'ERR_CONFIG',
    details: { path },
    hint: 'Put a key into it, for example with `openssl rand -hex 32 > FILE`.',
  })
}
