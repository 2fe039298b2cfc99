/**
 * An error that a directive prints, as part of what a file expects. All other errors mean that the
 * directive itself makes no sense.
 */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
