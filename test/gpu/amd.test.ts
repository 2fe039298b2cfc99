/**
 * AMD GPUs out of what amd-smi and rocm-smi print, in the forms that their versions have.
 */
import { readFileSync } from 'node:fs'
import { assert, describe, onTestFinished, test } from 'vitest'
import { AmdSmiProbe, RocmSmiProbe } from '../../src/gpu/amd.ts'
import { readAmdFacts, readAmdSmi } from '../../src/gpu/amd-smi-reading.ts'
import { readRocmSmi } from '../../src/gpu/rocm-smi-reading.ts'
import { testProgram } from './test-program.ts'

const MEBIBYTE = 1_048_576

const pathOf = (name: string) => new URL(`./fixtures/${name}`, import.meta.url).pathname
const fixture = (name: string) => readFileSync(pathOf(name), 'utf8')

const facts = readAmdFacts(fixture('amd-smi-list.json'), fixture('amd-smi-static.json'))

const anySignal = new AbortController().signal

describe('amd-smi', () => {
  test('of ROCm 6 tells a list', () => {
    assert.deepEqual(readAmdSmi(fixture('amd-smi-6.json'), new Map()), [
      {
        index: 0,
        name: 'AMD GPU',
        vramTotalBytes: 32_752 * MEBIBYTE,
        vramUsedBytes: 30_000 * MEBIBYTE,
        utilizationRatio: 0.42,
        memoryUtilizationRatio: 0.01,
        temperatureCelsius: 71,
        powerWatts: 120,
        eccUncorrectableCount: 1,
        throttleReasons: [],
        pcieGeneration: 4,
        pcieWidth: 16,
      },
    ])
  })

  test('of ROCm 7 tells an object, and what stays is told apart', () => {
    const found = readAmdSmi(fixture('amd-smi-7.json'), facts).find(({ index }) => index === 0)
    assert.deepEqual(found, {
      index: 0,
      name: 'AMD Instinct MI300X OAM',
      uuid: 'b4ff74a1-0000-1000-8042-1a2b3c4d5e6f',
      driverVersion: '6.14.14',
      powerLimitWatts: 750,
      vramTotalBytes: 196_592 * MEBIBYTE,
      vramUsedBytes: 285 * MEBIBYTE,
      utilizationRatio: 0.88,
      memoryUtilizationRatio: 0.3,
      temperatureCelsius: 84,
      powerWatts: 700,
      eccUncorrectableCount: 0,
      throttleReasons: ['by the firmware'],
      pcieGeneration: 5,
      pcieWidth: 16,
    })
  })

  test('says nothing of sensors that a card does not have', () => {
    const found = readAmdSmi(fixture('amd-smi-7.json'), facts).find(({ index }) => index === 1)
    assert.deepEqual(found, {
      index: 1,
      name: 'AMD GPU',
      uuid: undefined,
      driverVersion: '6.14.14',
      powerLimitWatts: undefined,
      vramTotalBytes: 512 * MEBIBYTE,
      vramUsedBytes: 0,
      utilizationRatio: undefined,
      memoryUtilizationRatio: undefined,
      temperatureCelsius: 41,
      powerWatts: undefined,
      eccUncorrectableCount: undefined,
      throttleReasons: [],
      pcieGeneration: undefined,
      pcieWidth: undefined,
    })
  })

  for (const text of ['', 'no GPUs', '{}', '"N/A"', '{"gpu_data": 3}']) {
    test(`that prints ${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => readAmdSmi(text, facts), SyntaxError)
    })
  }

  test('is asked for what stays only once', async () => {
    const count = (words: string) => `*"${words}"*)`
    const { path, become } = await testProgram(
      `case "$*" in
        ${count('metric')} cat '${pathOf('amd-smi-7.json')}';;
        ${count('static')} cat '${pathOf('amd-smi-static.json')}';;
        ${count('list')} cat '${pathOf('amd-smi-list.json')}';;
      esac`,
    )
    const probe = new AmdSmiProbe(path)
    onTestFinished(() => probe.close())
    assert.equal((await probe.read(anySignal)).length, 2)

    await become(`case "$*" in metric*) cat '${pathOf('amd-smi-6.json')}';; *) exit 1;; esac`)
    const found = await probe.read(anySignal)
    assert.equal(found === 'absent' ? '' : found[0]?.name, 'AMD Instinct MI300X OAM')
  })

  test('that fails is a failure; that is not installed is absent', async () => {
    const { path } = await testProgram('exit 3')
    const outcome = await new AmdSmiProbe(path).read(anySignal).catch((error: Error) => error)
    assert.instanceOf(outcome, Error)
    assert.equal(await new AmdSmiProbe('no-such-amd-smi').read(anySignal), 'absent')
  })
})

describe('rocm-smi', () => {
  test('of ROCm 4 tells its cards', () => {
    assert.deepEqual(readRocmSmi(fixture('rocm-smi-4.json')), [
      {
        index: 0,
        name: 'Navi 22 [Radeon RX 6700 XT]',
        uuid: '0x12f34ab56c7d8e9',
        driverVersion: '5.13.0',
        vramTotalBytes: 12_868_124_672,
        vramUsedBytes: 1_622_728_704,
        utilizationRatio: 0.07,
        memoryUtilizationRatio: 0.15,
        temperatureCelsius: 45,
        powerWatts: 21,
        powerLimitWatts: 186,
        throttleReasons: [],
      },
    ])
  })

  test('of ROCm 6 tells them under other names, after a warning, in any order', () => {
    const [first, second] = readRocmSmi(fixture('rocm-smi-6.txt'))
    assert.deepEqual([first?.index, first?.name, first?.temperatureCelsius], [0, '0x74a1', 91])
    assert.equal(second?.name, 'AMD Instinct MI300X OAM')
    assert.isUndefined(second?.uuid)
    assert.equal(second?.powerWatts, 133)
    assert.equal(second?.temperatureCelsius, 39)
    assert.equal(second?.memoryUtilizationRatio, 0.12)
    assert.equal(second?.vramUsedBytes, 129_876_543_210)
  })

  test('that prints no JSON is refused', () => {
    assert.throws(() => readRocmSmi('ERROR: no AMD GPUs'), SyntaxError)
    assert.throws(() => readRocmSmi('3'), SyntaxError)
  })

  test('is run, or is absent', async () => {
    const { path } = await testProgram(`cat '${pathOf('rocm-smi-4.json')}'`)
    assert.equal((await new RocmSmiProbe(path).read(anySignal)).length, 1)
    assert.equal(await new RocmSmiProbe('no-such-rocm-smi').read(anySignal), 'absent')
  })
})
