/**
 * Answers one question with the embedded engine on Vulkan and prints how as JSON, for
 * `vulkan.test.ts`: which devices Vulkan shows is fixed before the process starts.
 */
import { hasCode } from '../../../src/core/errors.ts'
import { loadEngine } from '../../../src/runtimes/embedded/engine.ts'
import { type LoadedLibrary, loadLibrary } from '../../../src/runtimes/embedded/llama-library.ts'
import { demoModelPath, inspectModelFile } from '../../../src/runtimes/embedded/model-file.ts'
import { embeddedOptions } from '../../../src/runtimes/embedded/options.ts'
import { demoRuntime, embeddedDeps } from './demo-runtime.ts'

const options = embeddedOptions.parse({ gpu: 'vulkan' })
const soon = () => AbortSignal.timeout(60_000)

/** `undefined`: Vulkan does not run here. */
async function load(): Promise<LoadedLibrary | undefined> {
  try {
    return await loadLibrary(options, embeddedDeps.logger)
  } catch (error) {
    if (hasCode(error, 'ERR_CONFIG')) return undefined
    throw error
  }
}

/** How many layers of the model are on the GPU. */
async function offloadedLayers(loaded: LoadedLibrary) {
  const { gpuNames, description } = loaded
  const file = await inspectModelFile(demoModelPath(), soon())
  const engine = await loadEngine(loaded, file, options, soon())
  const { gpuLayers, fileInsights } = engine.model
  await engine.model.dispose()
  return { gpuNames, description, gpuLayers, layers: fileInsights.totalLayers }
}

async function answer(): Promise<string> {
  const runtime = demoRuntime({ gpu: 'vulkan' })
  await runtime.start(soon())
  const [{ id: model } = { id: '' }] = runtime.models()
  const messages = [{ role: 'user', content: 'What is a skein?' }]
  const body = JSON.stringify({ model, messages, temperature: 0, max_tokens: 12 })
  const head = { endpoint: 'chat/completions', model, isStream: false, headers: {} } as const
  const { chunks } = await runtime.generate({ ...head, body: Buffer.from(body) }, soon())
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  await runtime.close()
  return Buffer.concat(parts).toString('utf8')
}

const library = await load()
const found =
  library === undefined || library.gpuNames.length === 0
    ? { gpuNames: [] }
    : { ...(await offloadedLayers(library)), answer: await answer() }
process.stdout.write(JSON.stringify(found))
process.exit()
