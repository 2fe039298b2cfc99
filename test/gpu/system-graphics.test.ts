/**
 * What is left where no driver tells of GPUs: Apple's, others by name, and none.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { assert, describe, test } from 'vitest'
import {
  type Controller,
  type SystemFacts,
  SystemGraphicsProbe,
} from '../../src/gpu/system-graphics.ts'

const anySignal = new AbortController().signal

const M3: Controller = { vendor: 'Apple', model: 'Apple M3 Max', bus: 'Built-In' }

function probing(platform: NodeJS.Platform, controllers: readonly Controller[], hasAny = true) {
  const asked = { graphics: 0, memory: 0 }
  const system: SystemFacts = {
    mayHaveGraphics: () => hasAny,
    graphics: async () => {
      asked.graphics += 1
      return controllers
    },
    memory: async () => {
      asked.memory += 1
      return { total: 1_000, available: 1_000 - 100 * asked.memory }
    },
  }
  const probe = new SystemGraphicsProbe(system, platform)
  const read = async () => {
    const found = await probe.read(anySignal)
    return found === 'absent' ? [] : found
  }
  return { probe, read, asked }
}

describe('the system', () => {
  test("tells Apple's GPU with the memory that it shares, anew at each look", async () => {
    const { read, asked } = probing('darwin', [M3])
    const [first] = await read()
    assert.deepEqual(first, {
      index: 0,
      name: 'Apple M3 Max',
      vramTotalBytes: 1_000,
      vramUsedBytes: 100,
      throttleReasons: [],
    })
    const [second] = await read()
    assert.equal(second?.vramUsedBytes, 200)
    assert.equal(asked.graphics, 1)
  })

  test('tells the name of any other GPU, and makes no memory up', async () => {
    const intel = { vendor: 'Intel', model: 'Arc A770', bus: 'pci' }
    const { read, asked } = probing('linux', [intel, { vendor: '', model: '', bus: 'Built-In' }])
    const found = await read()
    const shown = found.map(({ name, vramTotalBytes }) => [name, vramTotalBytes])
    assert.deepEqual(shown, [
      ['Intel Arc A770', 0],
      ['GPU', 0],
    ])
    assert.equal(asked.memory, 0)
  })

  test('of a machine that computes on its CPU tells none', async () => {
    const { read } = probing('linux', [])
    assert.deepEqual(await read(), [])
  })

  test('is not asked for a list where nothing can be on it', async () => {
    const { probe, asked } = probing('linux', [M3], false)
    assert.equal(await probe.read(anySignal), 'absent')
    assert.equal(asked.graphics, 0)
  })

  test('answers, whatever machine this is', async () => {
    const found = await new SystemGraphicsProbe().read(anySignal)
    assert.isTrue(found === 'absent' || Array.isArray(found))
  })

  test('is listed by a process of its own', async () => {
    const program = new URL('../../src/gpu/system-graphics-program.ts', import.meta.url).pathname
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    assert.isArray(JSON.parse(stdout))
  })
})
