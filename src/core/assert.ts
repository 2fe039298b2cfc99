/**
 * Assertions for what must be true if our own code is right.
 *
 * They stay on in production: a node that broke an invariant must stop before it tells
 * others. What a user, a peer or a disk can get wrong is a `MeshError` instead.
 */

export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Throws `InvariantError` unless `condition` holds. Split `a && b` into two calls. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** Marks the branch of an exhaustive switch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable: ${JSON.stringify(value)}`)
}
