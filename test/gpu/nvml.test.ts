/**
 * NVIDIA GPUs through NVML, against a library of the test's own, built with gcc: what is read, and
 * that a driver that hangs or crashes holds up nobody.
 */
import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import { assert, describe, onTestFinished, test } from 'vitest'
import { NvmlProbe } from '../../src/gpu/nvml.ts'
import type { GpuReading } from '../../src/node/gpu-source.ts'
import { fakeNvml, missingCompiler } from './fake-nvml.ts'
import { afterHang, testFolder } from './test-program.ts'

const GIBIBYTE = 1_073_741_824

async function probing(values: Readonly<Record<string, number>> = {}) {
  const { library, say } = await fakeNvml(values)
  const probe = new NvmlProbe(library)
  onTestFinished(() => probe.close())
  const read = async (signal = new AbortController().signal): Promise<readonly GpuReading[]> => {
    const found = await probe.read(signal)
    return found === 'absent' ? assert.fail('the library is absent') : found
  }
  return { probe, say, read }
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'no failure'
}

describe.skipIf(missingCompiler !== undefined)(`NVML ${missingCompiler ?? ''}`, () => {
  test('tells all there is to know of a GPU', async () => {
    const { read } = await probing({ count: 2 })
    const [first, second] = await read()
    assert.deepEqual(first, {
      index: 0,
      name: 'NVIDIA H100 80GB HBM3',
      uuid: 'GPU-0',
      driverVersion: '570.86.15',
      vramTotalBytes: 80 * GIBIBYTE,
      vramUsedBytes: 20 * GIBIBYTE,
      utilizationRatio: 0.97,
      memoryUtilizationRatio: 0.61,
      temperatureCelsius: 55,
      powerWatts: 350.25,
      powerLimitWatts: 700,
      eccUncorrectableCount: 0,
      isRepairPending: false,
      hasRepairFailed: false,
      throttleReasons: [],
      mpsProcessCount: 3,
      pcieGeneration: 5,
      pcieWidth: 16,
      nvlinkActiveCount: 3,
    })
    assert.equal(second?.uuid, 'GPU-1')
  })

  test('is asked anew at each look', async () => {
    const { read, say } = await probing({ temperature: 61 })
    assert.equal((await read())[0]?.temperatureCelsius, 61)
    await say({ temperature: 88, ecc: 11, reasons: 0x44 })
    const [now] = await read()
    assert.equal(now?.temperatureCelsius, 88)
    assert.equal(now?.eccUncorrectableCount, 11)
    assert.deepEqual(now?.throttleReasons, ['power cap', 'heat, seen by the hardware'])
  })

  test('tells of rows that wait to be remapped, and of a remapping that failed', async () => {
    const pending = await probing({ remap: 1 })
    assert.isTrue((await pending.read())[0]?.isRepairPending)
    const failed = await probing({ remap: 2 })
    assert.isTrue((await failed.read())[0]?.hasRepairFailed)
  })

  test('tells the instances of a GPU that is cut up, whose use nobody knows', async () => {
    const { read } = await probing({ mig: 2 })
    const [found] = await read()
    assert.isUndefined(found?.utilizationRatio)
    assert.deepEqual(found?.migInstances, [
      ...[100, 200].map(offset => ({
        name: 'NVIDIA H100 80GB HBM3 MIG 1g.10gb',
        uuid: `MIG-${offset}`,
        vramTotalBytes: 10 * GIBIBYTE,
        vramUsedBytes: 2.5 * GIBIBYTE,
      })),
    ])
  })

  test('of a GPU that falls off the bus still tells the name, and of the others all', async () => {
    const { read, say } = await probing({ count: 2 })
    await read()
    await say({ count: 2, lost: 0 })
    const [lost, other] = await read()
    assert.equal(lost?.defect, 'lost')
    assert.equal(lost?.uuid, 'GPU-0')
    assert.equal(lost?.name, 'NVIDIA H100 80GB HBM3')
    assert.isUndefined(other?.defect)
    assert.equal(other?.temperatureCelsius, 55)
  })

  test('is asked for what hardly changes at every 15th look, when a name may be gone', async () => {
    const { read, say } = await probing({ count: 2 })
    await read()
    await say({ count: 2, limit: 350_000, lost: 1 })
    const limits = new Set<number | undefined>()
    for (let look = 2; look <= 15; look += 1) limits.add((await read())[0]?.powerLimitWatts)
    assert.deepEqual([...limits], [700])
    const [first, lost] = await read()
    assert.equal(first?.powerLimitWatts, 350)
    assert.deepEqual([lost?.uuid, lost?.name], ['GPU-1', 'NVIDIA H100 80GB HBM3'])
  })

  test('of a GPU that was lost from the start tells that much', async () => {
    const { read } = await probing({ lost: 0 })
    const [found] = await read()
    assert.deepEqual([found?.defect, found?.name], ['lost', 'NVIDIA GPU'])
  })

  test('leaves out a GPU that is not for this process', async () => {
    const { read } = await probing({ count: 2, forbidden: 0 })
    assert.deepEqual(
      (await read()).map(({ index }) => index),
      [1],
    )
  })

  test('of a GPU that cannot be had says that it is broken', async () => {
    const { read } = await probing({ unpowered: 0 })
    assert.equal((await read())[0]?.defect, 'broken')
  })

  test('tells of a GPU that needs a reset', async () => {
    const { read } = await probing({ reset: 0 })
    assert.equal((await read())[0]?.defect, 'needs-reset')
  })

  test('finds no GPU where there is none', async () => {
    const { read } = await probing({ count: 0 })
    assert.deepEqual(await read(), [])
  })

  test('never counts more GPUs than a machine has', async () => {
    const { read } = await probing({ count: 1_000_000 })
    assert.equal((await read()).length, 64)
  })

  test('that hangs is given up at the deadline, and asked again by another process', async () => {
    const { probe, read, say } = await probing()
    await read()
    await say({ hang: 1 })
    const deadline = new AbortController()
    const hanging = failure(read(deadline.signal))
    deadline.abort()
    assert.include(await hanging, 'SIGKILL')

    await say({})
    assert.equal((await afterHang(read)).length, 1)
    probe.close()
    assert.include(await failure(read()), 'still hangs')
  })

  test('that crashes takes its own process with it only, and is asked again', async () => {
    const { read, say } = await probing({ crash: 1 })
    assert.include(await failure(read()), 'SIGABRT')
    await say({})
    assert.equal((await read()).length, 1)
  })

  test('may write lines of its own', async () => {
    const { read } = await probing({ print: 1 })
    assert.equal((await read()).length, 1)
  })

  test('that fails to count is a failure, and not the end', async () => {
    const { read, say } = await probing({ 'count-code': 999 })
    assert.include(await failure(read()), 'how many GPUs')
    await say({})
    assert.equal((await read()).length, 1)
  })

  test('that cannot begin is absent, so that other ways are tried', async () => {
    const { library } = await fakeNvml({ init: 9 })
    const probe = new NvmlProbe(library)
    assert.equal(await probe.read(new AbortController().signal), 'absent')
  })
})

test('a library that is none is absent', async () => {
  const path = `${await testFolder()}/libnvidia-ml.so.1`
  const probe = new NvmlProbe(path)
  assert.equal(await probe.read(new AbortController().signal), 'absent')
})

test('a process that ends late is no failure of the one that came after it', async () => {
  const started: ChildProcess[] = []
  const onStart = (message: unknown) => started.push((message as { process: ChildProcess }).process)
  subscribe('child_process', onStart)
  onTestFinished(() => {
    unsubscribe('child_process', onStart)
    for (const child of started) child.kill('SIGKILL')
  })
  const probe = new NvmlProbe(`${await testFolder()}/libnvidia-ml.so.1`)
  const first = failure(probe.read(new AbortController().signal))
  started[0]?.stdin?.emit('error', new Error('its pipe broke'))
  assert.equal(await first, 'its pipe broke')

  const second = probe.read(new AbortController().signal)
  started[0]?.emit('exit', 1, null)
  assert.equal(await second, 'absent')
  assert.lengthOf(started, 2)
})

test('no process is started on a machine without an NVIDIA driver', async context => {
  if (existsSync('/dev/nvidiactl') || existsSync('/dev/dxg')) {
    return context.skip('this machine has an NVIDIA driver')
  }
  const probe = new NvmlProbe(null)
  assert.equal(await probe.read(AbortSignal.abort()), 'absent')
})
