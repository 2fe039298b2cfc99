/**
 * A machine on which the optional library is not installed.
 */
import { assert, test, vi } from 'vitest'
import { refusal, soon } from './ask.ts'
import { demoRuntime } from './demo-runtime.ts'

vi.mock('node-llama-cpp', () => {
  throw new Error("Cannot find package 'node-llama-cpp'")
})

test('the embedded engine says what is missing and what to do', async () => {
  const runtime = demoRuntime()
  const starting = runtime.start(soon()).then(() => assert.fail('expected no start'))
  const { message, hint } = await refusal(starting, 'ERR_ENGINE')
  assert.include(message, 'node-llama-cpp')
  assert.include(hint, 'npm install')
  assert.deepEqual(runtime.load(), { models: [], gpus: [] })
  await runtime.close()
})
