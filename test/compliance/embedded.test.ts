/**
 * The embedded engine obeys the rules of the engine port.
 */
import { demoRuntime } from '../runtimes/embedded/demo-runtime.ts'
import { runtimeCompliance } from './runtime.ts'

runtimeCompliance('the embedded engine', async () => {
  const runtime = demoRuntime()
  return { runtime, model: 'skein-tiny', close: () => runtime.close() }
})
