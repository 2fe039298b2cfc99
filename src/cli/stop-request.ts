/**
 * The wish to end, as a signal of the operating system: the first asks to end gracefully, the
 * second ends the process at once with exit code 1.
 *
 * One Ctrl-C may arrive more than once: the terminal sends it to the whole group, and `npm` and
 * our own launcher each pass on theirs. Copies come within milliseconds, a second wish of a
 * person does not.
 */
import type { Io } from './io.ts'

/** Longer than a copy takes on a busy machine, shorter than a person needs to press again. */
const COPIES_MS = 400

export interface StopRequest {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal
  /** Resolves at the first signal. */
  readonly requested: Promise<void>
  /** Signals are no longer ours. */
  release(): void
}

export function stopRequest(io: Pick<Io, 'onSignal' | 'nowMs' | 'exitNow'>): StopRequest {
  const controller = new AbortController()
  const requested = new Promise<void>(resolve => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let firstMs: number | undefined
  const release = io.onSignal(() => {
    if (firstMs === undefined) {
      firstMs = io.nowMs()
      controller.abort()
    } else if (io.nowMs() - firstMs > COPIES_MS) io.exitNow(1)
  })
  return { signal: controller.signal, requested, release }
}
