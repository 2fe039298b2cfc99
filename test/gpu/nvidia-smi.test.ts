/**
 * NVIDIA GPUs through programs of the test's own in the place of nvidia-smi: what is read, and
 * what is made of garbage, failures and hangs.
 */
import fc from 'fast-check'
import { assert, describe, onTestFinished, test } from 'vitest'
import { NvidiaSmiProbe } from '../../src/gpu/nvidia-smi.ts'
import { readGpus } from '../../src/gpu/nvidia-smi-reading.ts'
import { afterHang, prints, testProgram } from './test-program.ts'

const MEBIBYTE = 1_048_576
const UUID = 'GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52'

/** A line with some of its fields replaced, in the order of the query. */
function line(change: Readonly<Record<string, string>> = {}): string {
  const fields = {
    index: '0',
    uuid: UUID,
    driver: '570.86.15',
    total: '143771',
    used: '71885',
    utilization: '37',
    memory: '12',
    ecc: '0',
    temperature: '41',
    power: '118.52',
    limit: '700.00',
    generation: '5',
    width: '16',
    reasons: '0x0000000000000000',
    name: 'NVIDIA H200',
    ...change,
  }
  return Object.values(fields).join(', ')
}

const reading = (change?: Readonly<Record<string, string>>) => readGpus(line(change))?.[0]

async function probing(text: string) {
  const { path, become } = await testProgram(text)
  const probe = new NvidiaSmiProbe(path)
  onTestFinished(() => probe.close())
  const read = () => probe.read(new AbortController().signal)
  return { probe, become, read }
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const outcome = await promise.then(
    () => 'no failure',
    (error: unknown) => error,
  )
  return outcome instanceof Error ? outcome.message : String(outcome)
}

describe('a line of nvidia-smi', () => {
  test('tells all that is asked for', () => {
    assert.deepEqual(reading(), {
      index: 0,
      name: 'NVIDIA H200',
      uuid: UUID,
      driverVersion: '570.86.15',
      vramTotalBytes: 143_771 * MEBIBYTE,
      vramUsedBytes: 71_885 * MEBIBYTE,
      utilizationRatio: 0.37,
      memoryUtilizationRatio: 0.12,
      temperatureCelsius: 41,
      powerWatts: 118.52,
      powerLimitWatts: 700,
      eccUncorrectableCount: 0,
      throttleReasons: [],
      defect: undefined,
      pcieGeneration: 5,
      pcieWidth: 16,
    })
  })

  const reasons = [
    ['0x0000000000000001', [], 'idle'],
    ['0x0000000000000002', [], 'clocks that somebody set'],
    ['0x0000000000000004', ['power cap'], 'a power cap'],
    ['0x0000000000000008', ['hardware slowdown'], 'a hardware slowdown'],
    ['0x0000000000000010', [], 'sync boost'],
    ['0x0000000000000021', ['heat, seen by the driver'], 'heat, seen by the driver'],
    ['0x0000000000000040', ['heat, seen by the hardware'], 'heat, seen by the hardware'],
    ['0x0000000000000080', ['power brake'], 'the power brake'],
    ['0xffffffff00000000', [], 'bits without a meaning'],
    ['[N/A]', [], 'nothing that is known'],
  ] as const
  for (const [bits, expected, reason] of reasons) {
    test(`of ${reason} says ${expected.length === 0 ? 'that it does not throttle' : 'so'}`, () => {
      assert.deepEqual(reading({ reasons: bits })?.throttleReasons, expected)
    })
  }

  test('says nothing of what does not apply', () => {
    for (const text of ['[N/A]', '[Not Supported]', '[Not Found]']) {
      const found = reading({ ecc: text, temperature: text, utilization: text })
      assert.isUndefined(found?.eccUncorrectableCount)
      assert.isUndefined(found?.temperatureCelsius)
      assert.isUndefined(found?.utilizationRatio)
      assert.isUndefined(found?.defect)
    }
  })

  const defects = [
    ['[GPU is lost]', 'lost'],
    ['[GPU requires reset]', 'needs-reset'],
    ['[Unknown Error]', 'broken'],
    ['ERR!', 'broken'],
  ] as const
  for (const [text, defect] of defects) {
    test(`with ${text} is of a GPU that is ${defect}`, () => {
      assert.equal(reading({ total: text, temperature: text })?.defect, defect)
    })
  }

  test('may have a comma in the name', () => {
    assert.equal(reading({ name: 'Tesla, second series' })?.name, 'Tesla, second series')
  })

  test('without memory of its own has none', () => {
    assert.equal(reading({ total: '[N/A]', used: '[N/A]', name: 'GB10' })?.vramTotalBytes, 0)
  })
})

describe('output that is not what was asked for', () => {
  const cases = [
    'No devices were found',
    'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
    '0, 1, 1, 0, 0, 0x0',
    line({ name: '' }),
    line({ used: '1 MiB' }),
    line({ used: '-1' }),
    line({ used: '1e9' }),
    line({ index: 'x' }),
    line({ index: '[N/A]' }),
    line({ reasons: '12' }),
    `${line()}\n${line()}`,
    `${line()}\ngarbage`,
  ]
  for (const output of cases) {
    test(`is refused as a whole: ${JSON.stringify(output)}`, () => {
      assert.isUndefined(readGpus(output))
    })
  }

  test('never makes a number out of range', () => {
    const text = fc.oneof(fc.nat().map(String), fc.constantFrom('[N/A]', 'ERR!', '0x4', ''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 13, maxLength: 16 }), fields => {
        for (const found of readGpus([...fields, 'GPU'].join(', ')) ?? []) {
          assert.isAtMost(found.vramUsedBytes, found.vramTotalBytes)
          assert.isAtMost(found.utilizationRatio ?? 0, 1)
        }
      }),
    )
  })
})

describe('asking nvidia-smi', () => {
  const other = line({ index: '1', uuid: 'GPU-1', name: 'NVIDIA L4' })

  test('gives the GPUs sorted', async () => {
    const { read } = await probing(prints(other, line()))
    const found = await read()
    assert.notEqual(found, 'absent')
    assert.deepEqual(found === 'absent' ? [] : found.map(({ index }) => index), [0, 1])
  })

  test('asks for the fields it reads, in that order', async () => {
    const { read } = await probing(`echo "${line({ name: '$*' })}"`)
    const found = await read()
    assert.equal(
      found === 'absent' ? '' : found[0]?.name,
      '--query-gpu=index, uuid, driver_version, memory.total, memory.used, utilization.gpu, ' +
        'utilization.memory, ecc.errors.uncorrected.volatile.total, temperature.gpu, power.draw, ' +
        'power.limit, pcie.link.gen.current, pcie.link.width.current, clocks_event_reasons.active, ' +
        'name --format=csv, noheader, nounits',
    )
  })

  test('falls back to the name that older drivers know, once', async () => {
    const { read, become } = await probing(
      `case "$*" in *clocks_event_reasons*) exit 2;; esac\n${prints(line())}`,
    )
    assert.equal((await read()).length, 1)
    await become('exit 2')
    assert.include(await failure(read()), 'Command failed')
  })

  test('fails if the program does, or prints something else, or too much', async () => {
    const { read, become } = await probing('echo oops; exit 9')
    assert.include(await failure(read()), 'Command failed')
    await become('echo garbage')
    assert.include(await failure(read()), 'not what was asked for')
    await become('head -c 3000000 /dev/zero')
    assert.include(await failure(read()), 'maxBuffer')
  })

  test('says that a GPU which fell off the bus is lost, and the others are not', async () => {
    const { read, become } = await probing(prints(line(), other))
    await read()
    await become(`${prints(other)}\nexit 15`)
    const found = await read()
    const defects = found === 'absent' ? [] : found.map(({ defect }) => defect)
    assert.deepEqual(defects, ['lost', undefined])
  })

  test('that hangs ends with the deadline, and then works again', async () => {
    const { probe, become, read } = await probing('exec sleep 1000')
    const deadline = new AbortController()
    const hanging = failure(probe.read(deadline.signal))
    assert.include(await failure(read()), 'still hangs')
    deadline.abort()
    assert.include(await hanging, 'aborted')

    await become(prints(line()))
    assert.equal((await afterHang(read)).length, 1)
  })

  test('that is not installed is absent', async () => {
    const probe = new NvidiaSmiProbe('no-such-nvidia-smi')
    assert.equal(await probe.read(new AbortController().signal), 'absent')
  })
})
