/**
 * The one shape every deterministic part of the mesh has.
 *
 * A machine learns only through `step` and acts only through the effects it returns. It owns
 * no timer, socket, file, promise, clock or global random source, so the same object runs
 * under the simulator and in production; only the code that performs its effects differs.
 */

/** A deadline that never comes. */
export const NEVER = Number.POSITIVE_INFINITY

export interface Machine<Event, Effect> {
  /**
   * Takes one event and returns what the caller must now do, in this order.
   *
   * @param nowMs Monotonic time in milliseconds. Never smaller than in the previous call.
   */
  step(event: Event, nowMs: number): readonly Effect[]

  /**
   * When the next `tick` event is due, in monotonic milliseconds. `NEVER`: none is.
   * A `tick` at or after it must move it later.
   */
  readonly wakeAtMs: number
}
