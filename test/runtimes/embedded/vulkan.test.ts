/**
 * The embedded engine's way onto a GPU, on a machine that has none: Mesa's software driver (lavapipe)
 * is a Vulkan device like any other, so layers are offloaded and computed there.
 *
 * llama.cpp takes no device that says it is a CPU unless it is named: GGML_VK_VISIBLE_DEVICES=0.
 *
 *     apt-get install mesa-vulkan-drivers libvulkan1
 *     npm run engine -- vulkan
 *     npx vitest run test/runtimes/embedded/vulkan.test.ts
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { assert, test } from 'vitest'
import { z } from 'zod'
import { installedEngine, packagesFor } from '../../../scripts/engine.ts'

/** The first time the driver compiles its shaders, which takes a small machine a minute. */
const TIMEOUT_MS = 180_000

const PROGRAM = new URL('./vulkan-program.ts', import.meta.url).pathname

const outcome = z.object({
  gpuNames: z.array(z.string()),
  description: z.string().default(''),
  gpuLayers: z.int().default(0),
  layers: z.int().default(-1),
  answer: z.string().default(''),
})

const wholeAnswer = z.object({
  choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]),
  usage: z.object({ completion_tokens: z.int() }),
})

function hasBinaries(): boolean {
  const engine = installedEngine()
  const [name = ''] = packagesFor('vulkan', { platform: 'linux', architecture: 'x64' }, engine)
  return existsSync(join(engine.folder, 'node_modules', name, 'bins'))
}

test('the embedded engine answers from a Vulkan device, with all layers on it', {
  timeout: TIMEOUT_MS,
}, async context => {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !hasBinaries()) {
    return context.skip('no Vulkan binaries: run `npm run engine -- vulkan`')
  }
  const variable = 'GGML_VK_VISIBLE_DEVICES=0'
  const { stdout } = await promisify(execFile)('env', [variable, process.execPath, PROGRAM])
  const found = outcome.parse(JSON.parse(stdout))
  if (found.gpuNames.length === 0) {
    return context.skip('no Vulkan device: run `apt-get install mesa-vulkan-drivers libvulkan1`')
  }
  assert.include(found.description, 'llama.cpp on Vulkan')
  assert.equal(found.gpuLayers, found.layers)
  const { choices, usage } = wholeAnswer.parse(JSON.parse(found.answer))
  assert.isAbove(usage.completion_tokens, 0)
  assert.notEqual(choices[0].message.content, '')
})
