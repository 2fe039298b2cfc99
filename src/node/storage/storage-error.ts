/**
 * Turns what the system says about a data folder into what a person can act on.
 */
import { MeshError } from '../../core/errors.ts'

interface Explanation {
  readonly found: string
  readonly hint: string
}

const ANOTHER = 'or choose another folder with --data-dir.'

/** @param action What was tried, as `write` or `make the folder`. */
export function storageError(action: string, path: string, cause: unknown): MeshError {
  const { found, hint } = explain(cause)
  return new MeshError(`expected to ${action} ${path}, found ${found}`, {
    code: 'ERR_STORAGE',
    details: { path },
    hint,
    cause,
  })
}

function explain(cause: unknown): Explanation {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return { found: 'a file where a folder must be', hint: `Move that file, ${ANOTHER}` }
    case 'EISDIR':
      return { found: 'a folder where a file must be', hint: `Move that folder, ${ANOTHER}` }
    case 'EACCES':
    case 'EPERM':
      return {
        found: 'that this user may not',
        hint: `Give the user who starts Skein the right to read and write there, ${ANOTHER}`,
      }
    case 'EROFS':
      return { found: 'a read-only file system', hint: `Make it writable, ${ANOTHER}` }
    case 'ENOSPC':
    case 'EDQUOT':
      return { found: 'no space left', hint: `Free some space, ${ANOTHER}` }
    default: {
      const reason = cause instanceof Error ? cause.message : String(cause)
      return { found: reason, hint: `Check the permissions and the free space, ${ANOTHER}` }
    }
  }
}
