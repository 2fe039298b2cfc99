/**
 * The text of a file that a person named, or of stdin.
 */
import { MeshError } from '../core/errors.ts'
import { readBounded } from '../node/config/bounded-file.ts'
import type { Io } from './io.ts'

/** Several times what one command of the policy may have. */
const TEXT_MAX_BYTES = 8 * 1024 ** 2

/** `-`: stdin. @throws MeshError ERR_CONFIG. */
export async function readText(path: string, io: Pick<Io, 'lines'>): Promise<string> {
  const text = path === '-' ? await readInput(io) : readFile(path)
  if (text !== undefined) return text
  throw unreadable(path, `more than ${TEXT_MAX_BYTES} bytes`)
}

function readFile(path: string): string | undefined {
  try {
    return readBounded(path, TEXT_MAX_BYTES)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error'
    throw unreadable(path, code === 'ENOENT' ? 'none' : code, error)
  }
}

async function readInput({ lines }: Pick<Io, 'lines'>): Promise<string | undefined> {
  const found: string[] = []
  let lengthBytes = 0
  for await (const line of lines('')) {
    lengthBytes += Buffer.byteLength(line) + 1
    if (lengthBytes > TEXT_MAX_BYTES) return undefined
    found.push(line)
  }
  return found.join('\n')
}

function unreadable(path: string, found: string, cause?: unknown): MeshError {
  const place = path === '-' ? 'stdin' : path
  return new MeshError(`expected a readable text in ${place}, found ${found}`, {
    code: 'ERR_CONFIG',
    hint: 'Give a file that is there, or - for stdin.',
    cause,
  })
}
