/**
 * The log or a snapshot is not what this peer wrote: it must not start with it.
 *
 * A peer that forgot entries or a vote which it had acknowledged could undo what the mesh agreed
 * on, so nothing is thrown away by itself here.
 */
import { MeshError } from '../../../core/errors.ts'
import type { LogFiles } from './log-files.ts'

export interface DamagePlace {
  readonly files: LogFiles
  readonly name: string
  /** In bytes; `undefined`: the file as a whole is at fault. */
  readonly offset?: number | undefined
}

/** An older copy has forgotten votes and entries that others count on. */
const HINT =
  'Give the peer an empty data folder, join the mesh again, and `skein peers deny` its old self: the ' +
  'other members have the log. Remove no file of it, and put no older copy under a mesh that lives on.'

export function logDamage({ files, name, offset }: DamagePlace, found: string): MeshError {
  const path = `${files.folder}/${name}`
  const where = offset === undefined ? path : `${path} at byte ${offset}`
  return new MeshError(`expected an intact log in ${where}, found ${found}`, {
    code: 'ERR_LOG_DAMAGED',
    details: { path, offset },
    hint: HINT,
  })
}

/** Intact, and written by a version that is not ours. */
export function unknownFormat({ files, name, offset }: DamagePlace): MeshError {
  const path = `${files.folder}/${name}`
  const where = `${path} at byte ${offset ?? 0}`
  return new MeshError(`expected a record of this version in ${where}, found one of another`, {
    code: 'ERR_STORAGE',
    details: { path, offset },
    hint: 'Start the version of Skein that wrote the data folder last, or a later one.',
  })
}
