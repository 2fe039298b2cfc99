/**
 * Fields of messages that came from another machine: each is checked before anybody computes with
 * it, and refused by its name.
 *
 * What is left out on the wire is read as protobuf does: 0, an empty text, an empty list.
 */
import { badFrame } from './lane-errors.ts'

/** @throws MeshError ERR_BAD_FRAME if it is longer. */
export function text(
  field: string,
  value: string | null | undefined,
  maxCharacters: number,
): string {
  const found = value ?? ''
  if (found.length <= maxCharacters) return found
  const expected = `expected "${field}" of at most ${maxCharacters} characters`
  throw badFrame(`${expected}, found ${found.length}`, { field })
}

/** From 0 to what a double can count to. @throws MeshError ERR_BAD_FRAME. */
export function whole(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (Number.isSafeInteger(found) && found >= 0) return found
  throw badFrame(`expected "${field}" to be a whole number from 0, found ${found}`, { field })
}

/** A number from 0 that can be computed with. @throws MeshError ERR_BAD_FRAME. */
export function amount(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (Number.isFinite(found) && found >= 0) return found
  throw badFrame(`expected "${field}" to be a finite number of at least 0, found ${found}`, {
    field,
  })
}

/** @throws MeshError ERR_BAD_FRAME. */
export function ratio(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (found >= 0 && found <= 1) return found
  throw badFrame(`expected "${field}" to be from 0 to 1, found ${found}`, { field })
}

/** @throws MeshError ERR_BAD_FRAME if there are more. */
export function bounded<Collection extends object>(
  field: string,
  values: Collection,
  max: number,
): Collection {
  const count = Array.isArray(values) ? values.length : Object.keys(values).length
  if (count <= max) return values
  throw badFrame(`expected at most ${max} "${field}", found ${count}`, { field })
}

/**
 * An entry for an object whose key is absent where the wire has nothing:
 * `...present('readyInMs', wire.readyInMs, value => amount('readyInMs', value))`.
 */
export function present<Key extends string, Wire, Value>(
  key: Key,
  value: Wire | null | undefined,
  read: (value: Wire) => Value,
): Partial<Record<Key, Value>> {
  if (value === null || value === undefined) return {}
  return { [key]: read(value) } as Partial<Record<Key, Value>>
}
