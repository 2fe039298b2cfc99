/**
 * The embedded engine with a model that says what a test tells it to.
 */
import type { Runtime } from '../../../src/node/runtime.ts'
import { soon } from './ask.ts'
import { demoRuntime } from './demo-runtime.ts'
import { onDisk } from './random-model.ts'
import { scriptedModel } from './scripted-model.ts'

const closers: (() => Promise<void>)[] = []

/** After each test: stops what it started. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) await close()
}

/** @param texts As `scriptedModel` takes them. */
export async function runtimeSaying(...texts: readonly string[]): Promise<Runtime> {
  const file = onDisk(scriptedModel(texts))
  const runtime = demoRuntime({ modelPath: file.path, parallelMax: 1 })
  closers.push(async () => {
    await runtime.close()
    file.remove()
  })
  await runtime.start(soon())
  return runtime
}
