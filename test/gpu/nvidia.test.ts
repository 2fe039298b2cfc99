/**
 * NVIDIA telemetry against programs of the test's own that are called nvidia-smi: what is read,
 * and what is made of garbage, failures and hangs.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { assert, describe, onTestFinished, test, vi } from 'vitest'
import { watchNvidiaGpus } from '../../src/gpu/nvidia.ts'
import { readGpus } from '../../src/gpu/nvidia-reading.ts'
import { gpuOptions } from '../../src/gpu/options.ts'
import { createLogger } from '../../src/node/log.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'

const MEBIBYTE = 1_048_576
const H200 = '0, 143771, 71885, 37, 0, 0x0000000000000000, NVIDIA H200'
const IDLE_H200 = {
  name: 'NVIDIA H200',
  vramTotalBytes: 143_771 * MEBIBYTE,
  vramUsedBytes: 71_885 * MEBIBYTE,
  utilizationRatio: 0.37,
  isThrottled: false,
  isFaulty: false,
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 2 })

/** A folder with a program in it whose shell text can be replaced. */
async function program(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'skein-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'nvidia-smi')
  const become = async (next: string) => {
    await writeFile(path, `#!/bin/sh\n${next}\n`)
    await chmod(path, 0o755)
  }
  await become(text)
  return { folder, become }
}

const prints = (...lines: string[]) => lines.map(line => `echo '${line}'`).join('\n')

async function watching(text: string) {
  const { folder, become } = await program(text)
  const clock = new ManualClock()
  const lines: string[] = []
  const log = createLogger('debug', { write: line => lines.push(line), wallMs: () => 0 })
  const options = gpuOptions.parse({ refreshIntervalMs: 1_000, timeoutMs: 5_000, failuresMax: 2 })
  const source = watchNvidiaGpus(options, { clock, log, searchPath: `${folder}:/bin:/usr/bin` })
  onTestFinished(() => source.close())
  /** Waits until the reading is over, then lets the next one begin. */
  const next = async () => {
    await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
    clock.advance(1_000)
    await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
  }
  return { source, clock, become, next, lines }
}

describe('a line of nvidia-smi', () => {
  const load = (line: string) => readGpus(line)?.[0]?.load

  test('tells memory, utilization and name', () => {
    assert.deepEqual(load(H200), IDLE_H200)
  })

  const reasons = [
    ['0x0000000000000001', false, 'idle'],
    ['0x0000000000000002', false, 'clocks that somebody set'],
    ['0x0000000000000004', true, 'a power cap'],
    ['0x0000000000000008', true, 'a hardware slowdown'],
    ['0x0000000000000010', false, 'sync boost'],
    ['0x0000000000000021', true, 'heat, seen by the driver'],
    ['0x0000000000000040', true, 'heat, seen by the hardware'],
    ['0x0000000000000080', true, 'the power brake'],
    ['[N/A]', false, 'nothing that is known'],
  ] as const
  for (const [bits, isThrottled, reason] of reasons) {
    test(`says of ${reason} that it ${isThrottled ? 'throttles' : 'does not throttle'}`, () => {
      assert.equal(load(`0, 1, 1, 0, 0, ${bits}, GPU`)?.isThrottled, isThrottled)
    })
  }

  test('with an uncorrected memory error is of a faulty GPU', () => {
    assert.isTrue(load('0, 80000, 1, 0, 1, 0x0, GPU')?.isFaulty)
  })

  test('without ECC is of a sound GPU', () => {
    assert.isFalse(load('0, 24564, 1, 0, [N/A], 0x0, NVIDIA GeForce RTX 4090')?.isFaulty)
    assert.isFalse(load('0, 24564, 1, 0, [Not Supported], 0x0, GPU')?.isFaulty)
  })

  test('of a GPU that is lost is of a faulty one, whatever else it says', () => {
    for (const text of ['[GPU is lost]', '[Unknown Error]', '[GPU requires reset]', 'ERR!']) {
      assert.isTrue(load(`0, ${text}, ${text}, ${text}, ${text}, ${text}, GPU`)?.isFaulty, text)
    }
  })

  test('may have a comma in the name', () => {
    assert.equal(load('0, 1, 1, 0, 0, 0x0, Tesla, second series')?.name, 'Tesla, second series')
  })

  test('without memory of its own is left out', () => {
    assert.deepEqual(readGpus('0, [N/A], [N/A], 0, 0, 0x0, NVIDIA GB10'), [])
  })
})

describe('output that is not what was asked for', () => {
  const cases = [
    'No devices were found',
    'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
    '0, 1, 1, 0, 0, 0x0',
    '0, 1, 1, 0, 0, 0x0, ',
    '0, 1 MiB, 1, 0, 0, 0x0, GPU',
    '0, -1, 1, 0, 0, 0x0, GPU',
    '0, 1e9, 1, 0, 0, 0x0, GPU',
    'x, 1, 1, 0, 0, 0x0, GPU',
    '0, 1, 1, 0, 0, 12, GPU',
    `${H200}\n${H200}`,
    `${H200}\ngarbage`,
  ]
  for (const output of cases) {
    test(`is refused as a whole: ${JSON.stringify(output)}`, () => {
      assert.isUndefined(readGpus(output))
    })
  }

  test('never makes a number out of range', () => {
    const text = fc.oneof(fc.nat().map(String), fc.constantFrom('[N/A]', 'ERR!', '0x4', ''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 6, maxLength: 8 }), fields => {
        for (const { load } of readGpus([...fields, 'GPU'].join(', ')) ?? []) {
          assert.ok(load.vramUsedBytes >= 0 && load.vramUsedBytes <= load.vramTotalBytes)
          assert.ok(load.utilizationRatio >= 0 && load.utilizationRatio <= 1)
        }
      }),
    )
  })
})

describe('the watch over NVIDIA GPUs', () => {
  test('shows them sorted, and anew after each interval', async () => {
    const other = '1, 1000, 500, 100, 0, 0x40, NVIDIA L4'
    const { source, become, next } = await watching(prints(other, H200))
    assert.deepEqual(source.read(), [])
    await eventually(() => assert.equal(source.read().length, 2))
    assert.deepEqual(source.read()[0], IDLE_H200)
    assert.equal(source.read()[1]?.isThrottled, true)

    await become(prints(H200))
    await next()
    assert.deepEqual(source.read(), [IDLE_H200])
  })

  test('asks for the fields it reads, in that order', async () => {
    const { source } = await watching('echo "0, 1, 1, 0, 0, 0x0, $*"')
    await eventually(() => assert.equal(source.read().length, 1))
    assert.equal(
      source.read()[0]?.name,
      '--query-gpu=index, memory.total, memory.used, utilization.gpu, ' +
        'ecc.errors.uncorrected.volatile.total, clocks_event_reasons.active, name ' +
        '--format=csv, noheader, nounits',
    )
  })

  test('falls back to the name that older drivers know', async () => {
    const text = `case "$*" in *clocks_event_reasons*) exit 2;; esac\n${prints(H200)}`
    const { source } = await watching(text)
    await eventually(() => assert.deepEqual(source.read(), [IDLE_H200]))
  })

  test('keeps the last values over one failure, not over several', async () => {
    const { source, become, next, lines } = await watching(prints(H200))
    await eventually(() => assert.equal(source.read().length, 1))

    await become('echo oops; exit 9')
    await next()
    assert.equal(source.read().length, 1)
    await next()
    assert.deepEqual(source.read(), [])
    assert.equal(lines.length, 1)

    await become(prints(H200))
    await next()
    assert.equal(source.read().length, 1)
  })

  test('treats garbage as a failure', async () => {
    const { source, become, next } = await watching(prints(H200))
    await eventually(() => assert.equal(source.read().length, 1))
    await become('head -c 1000000 /dev/zero')
    await next()
    await next()
    assert.deepEqual(source.read(), [])
  })

  test('says that a GPU which fell off the bus is faulty, and the others are not', async () => {
    const second = '1, 1000, 500, 10, 0, 0x0, NVIDIA L4'
    const { source, become, next } = await watching(prints(H200, second))
    await eventually(() => assert.equal(source.read().length, 2))
    await become(`${prints(second)}\nexit 15`)
    await next()
    assert.deepEqual(
      source.read().map(gpu => gpu.isFaulty),
      [true, false],
    )
  })

  test('gives up a program that hangs, and goes on', async () => {
    const { source, clock, become } = await watching('exec sleep 1000')
    assert.equal(clock.untilWakeMs, 5_000)
    clock.advance(5_000)
    await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
    assert.deepEqual(source.read(), [])

    await become(prints(H200))
    // The next look finds the old program gone, or else one after it does.
    await eventually(() => {
      if (clock.untilWakeMs === 1_000) clock.advance(1_000)
      assert.deepEqual(source.read(), [IDLE_H200])
    })
  })

  test('ends where there is no such program', async () => {
    const clock = new ManualClock()
    const log = createLogger('silent', { write: () => {}, wallMs: () => 0 })
    const options = gpuOptions.parse({ command: 'no-such-nvidia-smi' })
    const source = watchNvidiaGpus(options, { clock, log })
    await eventually(() => assert.equal(clock.wakeCount, 0))
    assert.deepEqual(source.read(), [])
  })

  test('stops for good when it is closed', async () => {
    const { source, clock } = await watching('exec sleep 1000')
    await source.close()
    assert.equal(clock.wakeCount, 0)
  })
})
