/**
 * Reads API keys from a file: one per line; empty lines and lines that begin with `#` are not
 * keys. A secret is only ever given as such a file, and never printed.
 */
import { MeshError } from '../../core/errors.ts'
import { readBounded } from './bounded-file.ts'

/** More keys than one mesh's worth of clients; a larger file is another file. */
const KEYS_MAX = 10_000

const KEY_MIN_CHARACTERS = 8
const KEY_MAX_CHARACTERS = 512

/** The longest keys, each with its line end, and as much again for comments. */
const FILE_MAX_BYTES = 2 * KEYS_MAX * (KEY_MAX_CHARACTERS + 1)

const MAKE_ONE = '`openssl rand -hex 32 > FILE` makes a file with a good key.'

/**
 * The keys of the file, at least one.
 *
 * @throws MeshError ERR_CONFIG, naming the file, if it cannot be read, holds no key, or a line is
 * no usable key. The line's number is told, its content is not.
 */
export function readKeyFile(path: string): readonly string[] {
  const keys: string[] = []
  for (const [index, raw] of readText(path).split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const fault = faultOf(line)
    if (fault !== undefined) throw badLine(path, { line: index + 1, fault })
    keys.push(line)
  }
  if (keys.length > 0 && keys.length <= KEYS_MAX) return keys
  throw new MeshError(`expected 1 to ${KEYS_MAX} API keys in ${path}, found ${keys.length}`, {
    code: 'ERR_CONFIG',
    details: { path },
    hint: `Put one key on each line; ${MAKE_ONE}`,
  })
}

function readText(path: string): string {
  let text: string | undefined
  try {
    text = readBounded(path, FILE_MAX_BYTES)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new MeshError(`expected a file with API keys at ${path}, found ${unreadable(code)}`, {
      code: 'ERR_CONFIG',
      details: { path },
      hint: code === 'EACCES' ? 'Make it readable for the user who starts Skein.' : MAKE_ONE,
      cause: error,
    })
  }
  if (text !== undefined) return text
  throw new MeshError(`expected API keys in ${path}, found more than ${FILE_MAX_BYTES} bytes`, {
    code: 'ERR_CONFIG',
    details: { path },
    hint: 'Check that this is the file you mean.',
  })
}

function unreadable(code: unknown): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no file'
    case 'EISDIR':
      return 'a folder'
    case 'EACCES':
      return 'a file that this user may not read'
    default:
      return `one that cannot be read (${code})`
  }
}

/** What is wrong with a key; its content is a secret. A header must be able to carry it. */
function faultOf(key: string): string | undefined {
  const { length } = key
  if (/\p{Cc}/u.test(key)) return 'a tab or another control character'
  if (key.includes(' ')) return 'a space'
  if (!/^[\x21-\x7e]*$/.test(key)) return 'a character that is not ASCII'
  if (length < KEY_MIN_CHARACTERS || length > KEY_MAX_CHARACTERS) return `${length} characters`
  return undefined
}

function badLine(
  path: string,
  { line, fault }: { readonly line: number; readonly fault: string },
): MeshError {
  return new MeshError(
    `expected an API key of ${KEY_MIN_CHARACTERS} to ${KEY_MAX_CHARACTERS} visible ASCII ` +
      `characters in line ${line} of ${path}, found ${fault}`,
    {
      code: 'ERR_CONFIG',
      details: { path, line },
      hint: `One key on each line, comments on lines of their own that begin with #; ${MAKE_ONE}`,
    },
  )
}
