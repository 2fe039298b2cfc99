/**
 * What is known of GPUs, as metrics and events show it.
 */
import { assert, describe, test } from 'vitest'
import { followGpus } from '../../src/node/follow-gpus.ts'
import { type GpuDetail, NO_GPUS } from '../../src/node/gpu-source.ts'
import { createMetrics } from '../../src/node/metrics.ts'

const hot: GpuDetail = {
  index: 3,
  name: 'H200',
  uuid: 'GPU-3',
  driverVersion: '570',
  vramTotalBytes: 100,
  vramUsedBytes: 40,
  temperatureCelsius: 95,
  throttleReasons: ['power cap'],
  grade: 'quarantined',
  faults: ['hotter than 90 °C'],
  warnings: ['throttled: power cap'],
}

function following(details: GpuDetail[]) {
  const metrics = createMetrics()
  const events: [string, Readonly<Record<string, unknown>>][] = []
  let tell = (_gpu: GpuDetail) => {}
  const source = {
    ...NO_GPUS,
    failureCount: 0,
    details: () => details,
    onGraded: (listener: (gpu: GpuDetail) => void) => {
      tell = listener
      return () => {}
    },
  }
  followGpus(source, { metrics, onEvent: (event, facts) => events.push([event, facts]) })
  const scrape = async () =>
    (await metrics.registry.metrics())
      .split('\n')
      .filter(line => line.startsWith('skein_gpu_'))
      .toSorted()
  return { source, events, scrape, tell: (gpu: GpuDetail) => tell(gpu) }
}

describe('the metrics of GPUs', () => {
  test('are of each what it tells, and nothing that it does not tell', async () => {
    const { scrape } = following([hot])
    assert.deepEqual(await scrape(), [
      'skein_gpu_grade{gpu="GPU-3",grade="ok"} 0',
      'skein_gpu_grade{gpu="GPU-3",grade="quarantined"} 1',
      'skein_gpu_grade{gpu="GPU-3",grade="warn"} 0',
      'skein_gpu_info{gpu="GPU-3",name="H200",driver="570",index="3"} 1',
      'skein_gpu_read_failures_total 0',
      'skein_gpu_temperature_celsius{gpu="GPU-3"} 95',
      'skein_gpu_throttled{gpu="GPU-3"} 1',
      'skein_gpu_vram_total_bytes{gpu="GPU-3"} 100',
      'skein_gpu_vram_used_bytes{gpu="GPU-3"} 40',
    ])
  })

  test('are gone with the GPU', async () => {
    const details = [hot]
    const { scrape, source } = following(details)
    await scrape()
    details.pop()
    source.failureCount = 2
    assert.deepEqual(await scrape(), ['skein_gpu_read_failures_total 2'])
    assert.deepEqual(await scrape(), ['skein_gpu_read_failures_total 2'])
  })

  test('name a GPU without a uuid by its place', async () => {
    const { scrape } = following([hot, { ...hot, uuid: undefined, driverVersion: undefined }])
    assert.include(await scrape(), 'skein_gpu_info{gpu="1",name="H200",driver="",index="3"} 1')
  })
})

test('a GPU with another grade is an event', () => {
  const { tell, events } = following([])
  tell(hot)
  const { name, uuid, index, grade, faults, warnings } = hot
  assert.deepEqual(events, [['gpu-graded', { name, uuid, index, grade, faults, warnings }]])
})
