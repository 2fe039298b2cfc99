/**
 * Which packages bring the GPU binaries, and the hint that names the step.
 */
import { assert, describe, test } from 'vitest'
import { installedEngine, packagesFor } from '../../../scripts/engine.ts'
import { defaultThreads } from '../../../src/runtimes/embedded/llama-library.ts'
import { gpuStep, visibleGpu } from '../../../src/runtimes/embedded/visible-gpu.ts'

const engine = installedEngine()

describe('the engine step', () => {
  const cases = [
    { variant: 'cuda', platform: 'linux', packages: ['linux-x64-cuda', 'linux-x64-cuda-ext'] },
    { variant: 'vulkan', platform: 'linux', packages: ['linux-x64-vulkan'] },
    { variant: 'cuda', platform: 'win32', packages: ['win-x64-cuda', 'win-x64-cuda-ext'] },
  ] as const
  for (const { variant, platform, packages } of cases) {
    test(`takes ${packages.join(' and ')} for ${variant} on ${platform}`, () => {
      const found = packagesFor(variant, { platform, architecture: 'x64' }, engine)
      assert.deepEqual(
        found,
        packages.map(name => `@node-llama-cpp/${name}`),
      )
    })
  }

  test('says that a Mac needs none, and where there are none', () => {
    const mac = { platform: 'darwin', architecture: 'arm64' }
    assert.throws(() => packagesFor('cuda', mac, engine), 'needs no step')
    const pi = { platform: 'linux', architecture: 'arm64' }
    assert.throws(() => packagesFor('cuda', pi, engine), 'no cuda binaries')
  })
})

describe('a GPU that the system shows', () => {
  test('is named with the step that makes use of it', () => {
    const nvidia = visibleGpu(path => path === '/proc/driver/nvidia/version')
    assert.equal(nvidia?.vendor, 'NVIDIA')
    assert.ok(nvidia !== undefined)
    assert.equal(gpuStep(nvidia), 'npm run engine -- cuda')
    assert.equal(visibleGpu(path => path === '/dev/kfd')?.variant, 'vulkan')
    assert.isUndefined(visibleGpu(() => false))
  })
})

test('one thread computes on one or two cores, and above that all but one', () => {
  assert.deepEqual([1, 2, 3, 16].map(defaultThreads), [1, 1, 2, 15])
})
