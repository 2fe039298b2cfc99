/**
 * What is left where no driver tells of GPUs: Apple's, others by name, and none.
 */
import type { Systeminformation } from 'systeminformation'
import { assert, describe, test } from 'vitest'
import { SystemGraphicsProbe, type SystemInformation } from '../../src/gpu/system-graphics.ts'

const controller = (change: Partial<Systeminformation.GraphicsControllerData>) => ({
  vendor: '',
  model: '',
  bus: '',
  vram: null,
  vramDynamic: false,
  ...change,
})

const M3 = controller({ vendor: 'Apple', model: 'Apple M3 Max', bus: 'Built-In', cores: 40 })

function probing(
  platform: NodeJS.Platform,
  controllers: readonly Systeminformation.GraphicsControllerData[],
) {
  const asked = { graphics: 0, mem: 0, load: 0 }
  const system: SystemInformation = {
    graphics: async () => {
      asked.graphics += 1
      return { controllers: [...controllers] }
    },
    mem: async () => {
      asked.mem += 1
      return { total: 1_000, available: 1_000 - 100 * asked.mem }
    },
  }
  const load = async () => {
    asked.load += 1
    return system
  }
  return { probe: new SystemGraphicsProbe(load, platform), asked }
}

describe('the system', () => {
  test("tells Apple's GPU with the memory that it shares, anew at each look", async () => {
    const { probe, asked } = probing('darwin', [M3])
    const [first] = await probe.read()
    assert.deepEqual(first, {
      index: 0,
      name: 'Apple M3 Max',
      vramTotalBytes: 1_000,
      vramUsedBytes: 100,
      throttleReasons: [],
    })
    const [second] = await probe.read()
    assert.equal(second?.vramUsedBytes, 200)
    assert.equal(asked.graphics, 1)
  })

  test('tells the name of any other GPU, and makes no memory up', async () => {
    const intel = controller({ vendor: 'Intel', model: 'Arc A770', bus: 'pci', vram: 256 })
    const { probe, asked } = probing('linux', [intel, controller({ bus: 'Built-In' })])
    const found = await probe.read()
    const shown = found.map(({ name, vramTotalBytes }) => [name, vramTotalBytes])
    assert.deepEqual(shown, [
      ['Intel Arc A770', 0],
      ['GPU', 0],
    ])
    assert.equal(asked.mem, 0)
  })

  test('of a machine that computes on its CPU tells none', async () => {
    const { probe } = probing('linux', [])
    assert.deepEqual(await probe.read(), [])
  })

  test('is not even loaded before the first look', async () => {
    const { asked } = probing('linux', [])
    assert.equal(asked.load, 0)
  })

  test('answers, whatever machine this is', async () => {
    assert.isArray(await new SystemGraphicsProbe().read())
  })
})
