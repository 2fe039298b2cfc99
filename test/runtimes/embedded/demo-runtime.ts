/**
 * The embedded engine with the toy model that ships, for tests that need readable text.
 */
import { systemClock } from '../../../src/node/clock.ts'
import { newId, systemEntropy } from '../../../src/node/entropy.ts'
import { createLogger } from '../../../src/node/log.ts'
import type { Runtime } from '../../../src/node/runtime.ts'
import {
  createEmbeddedRuntime,
  type EmbeddedDeps,
} from '../../../src/runtimes/embedded/embedded-runtime.ts'
import { type EmbeddedOptions, embeddedOptions } from '../../../src/runtimes/embedded/options.ts'

export const embeddedDeps: EmbeddedDeps = {
  clock: systemClock,
  logger: createLogger('silent', { write: () => {}, wallMs: () => 0 }),
  newId: () => newId(systemEntropy),
}

export function demoRuntime(options: Partial<EmbeddedOptions> = {}): Runtime {
  return createEmbeddedRuntime(embeddedOptions.parse({ gpu: 'cpu', ...options }), embeddedDeps)
}
