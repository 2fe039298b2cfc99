/**
 * What a peer no longer has, or never had, of a request: each keeps its latest only.
 */
import { MeshError } from '../core/errors.ts'

/** Twice as long as the ids we make; a longer one is cut. */
const ID_SHOWN_LENGTH_MAX = 64

/** @param what Of which there is none with this decision's id, for example `trace`. */
export function notKept(what: 'decision' | 'trace', id: string): MeshError {
  const shown = JSON.stringify(id.slice(0, ID_SHOWN_LENGTH_MAX))
  const named = what === 'decision' ? 'decision' : `${what} of a decision`
  return new MeshError(`This peer knows no ${named} ${shown}.`, {
    code: 'ERR_NOT_FOUND',
    details: { param: 'id' },
    hint: `Ask the peer that took the request; each keeps its latest ${what}s only.`,
  })
}
