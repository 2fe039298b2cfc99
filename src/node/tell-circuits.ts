/**
 * Breakers that open and close, as people are told of them.
 */
import type { SchedulerEffect } from '../scheduler/scheduler.ts'

export function tellCircuits(
  effects: readonly SchedulerEffect[],
  onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void,
): void {
  for (const effect of effects) {
    if (effect.type !== 'circuit-changed') continue
    const { type: _, state, ...facts } = effect
    onEvent(state === 'open' ? 'breaker-opened' : 'breaker-closed', facts)
  }
}
