/**
 * What is said about a model file before llama.cpp sees it.
 */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { assert, describe, test } from 'vitest'
import { hasCode, type MeshError } from '../../../src/core/errors.ts'
import { demoModelPath, inspectModelFile } from '../../../src/runtimes/embedded/model-file.ts'
import { demoRuntime } from './demo-runtime.ts'
import { onDisk, randomModel } from './random-model.ts'

const soon = () => AbortSignal.timeout(15_000)

async function problemOf(promise: Promise<unknown>): Promise<MeshError> {
  const error = await promise.catch((found: unknown) => found)
  if (hasCode(error, 'ERR_MODEL_FILE')) return error
  assert.fail(`expected ERR_MODEL_FILE, found ${String(error)}`)
}

describe('a model file', () => {
  const contents = [
    { found: 'a file that starts with "PK', content: 'PK\u0003\u0004 and more' },
    { found: 'a file that starts with ""', content: '' },
    { found: 'a Git LFS pointer', content: 'version https://git-lfs.github.com/spec/v1\n' },
    { found: 'a GGUF that ends after 8 bytes', content: 'GGUF\u0003\0\0\0' },
  ]
  for (const { found, content } of contents) {
    test(`is refused if it is ${found}`, async () => {
      const file = onDisk(content)
      const problem = await problemOf(inspectModelFile(file.path, soon()))
      assert.include(problem.message, found)
      assert.include(problem.message, file.path)
      assert.isString(problem.hint)
      file.remove()
    })
  }

  test('is refused if there is none, or a folder', async () => {
    const file = onDisk('')
    const folder = join(dirname(file.path), 'folder.gguf')
    mkdirSync(folder)
    const missing = join(dirname(file.path), 'missing.gguf')

    assert.include((await problemOf(inspectModelFile(missing, soon()))).message, 'found nothing')
    assert.include((await problemOf(inspectModelFile(folder, soon()))).message, 'not a file')
    file.remove()
  })

  test('is refused by llama.cpp if the download broke off, with the path', async () => {
    const whole = randomModel(1)
    const file = onDisk(whole.subarray(0, whole.length - 1_000))
    const runtime = demoRuntime({ modelPath: file.path })

    const problem = await problemOf(runtime.start(soon()))

    assert.include(problem.message, file.path)
    assert.deepEqual(runtime.models(), [])
    await runtime.close()
    file.remove()
  })

  test('gives the model its name, without the part numbers of a split file', async () => {
    const file = onDisk(randomModel(1), 'noise-7b-00001-of-00003.gguf')
    const { defaultId, isDemo, digest } = await inspectModelFile(file.path, soon())
    assert.equal(defaultId, 'noise-7b')
    assert.notOk(isDemo)
    assert.match(digest, /^sha256:[0-9a-f]{64}$/)
    file.remove()
  })

  test('is known as the toy by its content, whatever its name', async () => {
    const { defaultId, isDemo } = await inspectModelFile(demoModelPath(), soon())
    assert.ok(isDemo)
    assert.equal(defaultId, 'skein-tiny')
  })
})
