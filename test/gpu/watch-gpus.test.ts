/**
 * The watch over all GPUs, with probes that say what a test wants: which way is taken, what becomes
 * of failures and hangs, what the others are told.
 */
import { assert, describe, onTestFinished, test, vi } from 'vitest'
import { gpuOptions } from '../../src/gpu/options.ts'
import type { GpuProbe } from '../../src/gpu/probe.ts'
import { type GpuProbes, watchGpus } from '../../src/gpu/watch-gpus.ts'
import type { GpuDetail, GpuReading } from '../../src/node/gpu-source.ts'
import { createLogger } from '../../src/node/log.ts'
import { PEER_STATE_LIMITS } from '../../src/protocols/peer-state-codec.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'

type Answer = readonly GpuReading[] | 'absent' | Error | 'hangs'

const gpu: GpuReading = {
  index: 0,
  name: 'H200',
  uuid: 'GPU-0',
  vramTotalBytes: 100,
  vramUsedBytes: 40,
  throttleReasons: [],
}

/** Gives the answers one after the other, and the last one ever after. */
class ScriptedProbe implements GpuProbe {
  readonly name: string
  readonly isSlow: boolean
  readonly #answers: Answer[]
  lookCount = 0
  isClosed = false

  constructor(answers: readonly Answer[], { name = 'scripted', isSlow = false } = {}) {
    this.#answers = [...answers]
    this.name = name
    this.isSlow = isSlow
  }

  read(): Promise<readonly GpuReading[] | 'absent'> {
    this.lookCount += 1
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]
    if (answer instanceof Error) return Promise.reject(answer)
    if (answer === 'hangs' || answer === undefined) return new Promise(() => {})
    return Promise.resolve(answer)
  }

  close(): void {
    this.isClosed = true
  }
}

const says = (...answers: readonly Answer[]) => new ScriptedProbe(answers)

function watching(probes: Partial<GpuProbes>) {
  const clock = new ManualClock()
  const lines: string[] = []
  const log = createLogger('info', { write: line => lines.push(line), wallMs: () => 0 })
  const options = gpuOptions.parse({
    refreshIntervalMs: 1_000,
    slowIntervalMs: 7_000,
    timeoutMs: 5_000,
    failuresMax: 2,
  })
  const source = watchGpus({ chains: [], lastResort: [], ...probes }, options, { clock, log })
  onTestFinished(() => source.close())
  const settled = () => new Promise(resolve => setImmediate(resolve))
  /** Lets time pass, and what was asked then be answered. */
  const pass = async (durationMs: number) => {
    clock.advance(durationMs)
    await settled()
  }
  return { source, clock, lines, settled, pass }
}

const hot = { ...gpu, temperatureCelsius: 95 }

describe('the watch over GPUs', () => {
  test('knows nothing before the hardware has answered', async () => {
    const { source, settled } = watching({ chains: [[says([gpu])]] })
    assert.deepEqual(source.read(), [])
    await settled()
    assert.equal(source.read().length, 1)
  })

  test('looks again after each interval, and shows what is there then', async () => {
    const busy = { ...gpu, vramUsedBytes: 90 }
    const { source, settled, pass } = watching({ chains: [[says([gpu], [busy], [])]] })
    await settled()
    await pass(999)
    assert.equal(source.read()[0]?.vramUsedBytes, 40)
    await pass(1)
    assert.equal(source.read()[0]?.vramUsedBytes, 90)
    await pass(1_000)
    assert.deepEqual(source.read(), [])
  })

  test('asks a costly program seldom', async () => {
    const slow = new ScriptedProbe([[gpu]], { isSlow: true })
    const { settled, pass } = watching({ chains: [[slow]] })
    await settled()
    await pass(6_999)
    assert.equal(slow.lookCount, 1)
    await pass(1)
    assert.equal(slow.lookCount, 2)
  })

  test('takes the next way where one does not exist, and stays with it', async () => {
    const first = says('absent')
    const second = says([gpu])
    const { source, settled, pass } = watching({ chains: [[first, second]] })
    await settled()
    assert.equal(source.read().length, 1)
    await pass(1_000)
    assert.deepEqual([first.lookCount, first.isClosed, second.lookCount], [1, true, 2])
  })

  test('shows the GPUs of all makers', async () => {
    const other = { ...gpu, uuid: 'AMD-0', name: 'MI300X' }
    const { source, settled } = watching({ chains: [[says([gpu])], [says([other])]] })
    await settled()
    const names = source.read().map(({ name }) => name)
    assert.deepEqual(names, ['H200', 'MI300X'])
  })

  test('turns to the last resort only where all makers end without any', async () => {
    const spared = says([gpu])
    const one = watching({ chains: [[says('absent')], [says([gpu])]], lastResort: [spared] })
    await one.settled()
    assert.equal(spared.lookCount, 0)

    const asked = says([gpu])
    const none = watching({ chains: [[says('absent')], [says([])]], lastResort: [asked] })
    await none.settled()
    assert.equal(asked.lookCount, 1)
    assert.equal(none.source.read().length, 1)
  })

  test('ends where there is nothing at all', async () => {
    const { clock, settled } = watching({ chains: [[says('absent')]], lastResort: [says([])] })
    await settled()
    assert.equal(clock.wakeCount, 0)
  })

  test('does not end where what exists fails', async () => {
    const spared = says([gpu])
    const chains = [[says(new Error('no'), [gpu])]]
    const { source, settled, pass } = watching({ chains, lastResort: [spared] })
    await settled()
    await pass(1_000)
    assert.equal(source.read().length, 1)
    assert.equal(spared.lookCount, 0)
  })

  test('keeps the last values over one failure, not over several', async () => {
    const no = new Error('no')
    const { source, settled, pass, lines } = watching({
      chains: [[says([gpu], no, [gpu], no, no, [gpu])]],
    })
    await settled()
    await pass(1_000)
    assert.equal(source.read().length, 1)
    await pass(1_000)
    await pass(1_000)
    assert.equal(source.read().length, 1)
    await pass(1_000)
    assert.deepEqual(source.read(), [])
    assert.equal(source.failureCount, 3)
    assert.equal(lines.filter(line => line.includes('cannot be read')).length, 2)
    await pass(1_000)
    assert.equal(source.read().length, 1)
  })

  test('gives up a look that hangs, goes on, and lets the last values age', async () => {
    const { source, settled, pass, clock } = watching({
      chains: [[says([gpu], 'hangs', 'hangs', [gpu])]],
    })
    await settled()
    await pass(1_000)
    assert.equal(clock.untilWakeMs, 5_000)
    await pass(5_000)
    assert.equal(source.read().length, 1)
    await pass(1_000)
    await pass(5_000)
    assert.deepEqual(source.read(), [])
    await pass(1_000)
    assert.equal(source.read().length, 1)
  })

  test('asks what fails on and on ever less often, at most every minute', async () => {
    const { settled, clock, pass } = watching({ chains: [[says(new Error('no'))]] })
    await settled()
    const waits: number[] = []
    for (let look = 0; look < 10; look += 1) {
      waits.push(clock.untilWakeMs)
      await pass(clock.untilWakeMs)
    }
    assert.deepEqual(waits, [
      ...[1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000],
    ])
  })

  test('stops for good when it is closed, also amid a look', async () => {
    const hanging = says('hangs')
    const { source, clock } = watching({ chains: [[hanging]] })
    await source.close()
    assert.equal(clock.wakeCount, 0)
    assert.isTrue(hanging.isClosed)

    const late = watching({ chains: [[says([gpu])]] })
    await late.source.close()
    await late.settled()
    assert.deepEqual(late.source.read(), [])
    assert.equal(late.clock.wakeCount, 0)
  })
})

describe('what the others are told of a GPU', () => {
  const told = async (...readings: readonly GpuReading[]) => {
    const { source, settled } = watching({ chains: [[says(readings)]] })
    await settled()
    return source.read()
  }

  test('is little, and no tenths', async () => {
    const detailed = {
      ...gpu,
      utilizationRatio: 0.5,
      memoryUtilizationRatio: 0.25,
      temperatureCelsius: 61.4,
      powerWatts: 349.9,
      powerLimitWatts: 700,
      throttleReasons: ['power cap'],
      pcieWidth: 16,
    }
    assert.deepEqual(await told(detailed), [
      {
        name: 'H200',
        uuid: 'GPU-0',
        vramTotalBytes: 100,
        vramUsedBytes: 40,
        utilizationRatio: 0.5,
        memoryUtilizationRatio: 0.25,
        temperatureCelsius: 61,
        powerWatts: 350,
        isThrottled: true,
        isFaulty: false,
      },
    ])
  })

  test('is why it must not be used', async () => {
    const [load] = await told({ ...hot, eccUncorrectableCount: 1 })
    assert.isTrue(load?.isFaulty)
    assert.deepEqual(load?.faults, ['hotter than 90 °C'])
  })

  test('is nothing if it has no memory of its own, but something if it is at fault', async () => {
    const shared = { ...gpu, vramTotalBytes: 0, vramUsedBytes: 0 }
    assert.deepEqual(await told(shared), [])
    assert.equal((await told({ ...shared, defect: 'lost' })).length, 1)
  })

  test('fits into what a peer may tell, of however many GPUs with however long names', async () => {
    const many = Array.from({ length: 70 }, (_, index) => ({
      ...gpu,
      index,
      name: 'x'.repeat(1_000),
      uuid: `${'y'.repeat(1_000)}${index}`,
    }))
    const loads = await told(...many)
    assert.equal(loads.length, PEER_STATE_LIMITS.gpusMax)
    assert.equal(loads[0]?.name.length, PEER_STATE_LIMITS.textMaxCharacters)
    assert.equal(loads[0]?.uuid?.length, PEER_STATE_LIMITS.textMaxCharacters)
  })

  test('is never more memory in use than there is', async () => {
    assert.equal((await told({ ...gpu, vramUsedBytes: 101 }))[0]?.vramUsedBytes, 100)
  })
})

describe('a GPU whose grade changes', () => {
  test('is announced once, in the log too, and again when it is well', async () => {
    const cool = { ...gpu, temperatureCelsius: 70 }
    const near = { ...gpu, temperatureCelsius: 89 }
    const { source, settled, pass, lines } = watching({
      chains: [[says([cool], [hot], [near], [hot], [cool])]],
    })
    const listener = vi.fn<(gpu: GpuDetail) => void>()
    source.onGraded(listener)
    await settled()
    for (let look = 0; look < 4; look += 1) await pass(1_000)
    const grades = listener.mock.calls.map(([{ grade, faults }]) => [grade, ...faults])
    assert.deepEqual(grades, [['quarantined', 'hotter than 90 °C'], ['ok']])
    assert.equal(lines.filter(line => line.includes('a GPU is quarantined')).length, 1)
  })

  test('stays quarantined without values when its driver hangs, until it is well', async () => {
    const near = { ...gpu, temperatureCelsius: 89 }
    const other = { ...gpu, uuid: 'GPU-1' }
    const no = new Error('no')
    const { source, settled, pass } = watching({
      chains: [[says([hot, other], no, no, no, [near], [gpu])]],
    })
    const listener = vi.fn<(gpu: GpuDetail) => void>()
    source.onGraded(listener)
    await settled()
    for (const waitMs of [1_000, 1_000, 1_000]) await pass(waitMs)
    const [load, ...others] = source.read()
    assert.deepEqual([load?.uuid, load?.isFaulty, others.length], ['GPU-0', true, 0])
    assert.deepEqual(load?.faults, ['hotter than 90 °C'])
    assert.isUndefined(load?.temperatureCelsius)
    await pass(2_000)
    assert.deepEqual(
      source.details().map(({ grade, temperatureCelsius }) => [grade, temperatureCelsius]),
      [['quarantined', 89]],
    )
    await pass(1_000)
    assert.equal(source.read()[0]?.isFaulty, false)
    assert.deepEqual(
      listener.mock.calls.map(([{ grade }]) => grade),
      ['quarantined', 'ok'],
    )
  })

  test('is not announced to who no longer listens', async () => {
    const { source, settled } = watching({ chains: [[says([hot])]] })
    const listener = vi.fn<(gpu: GpuDetail) => void>()
    source.onGraded(listener)()
    await settled()
    assert.equal(source.details()[0]?.grade, 'quarantined')
    assert.equal(listener.mock.calls.length, 0)
  })
})
