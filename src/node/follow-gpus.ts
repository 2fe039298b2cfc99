/**
 * Brings what is known of this machine's GPUs to where people look: metrics, whenever those are
 * read, and events.
 */
import type { Gauge } from 'prom-client'
import type { GpuDetail, GpuGrade, GpuSource } from './gpu-source.ts'
import type { Metrics } from './metrics.ts'

const GRADES: readonly GpuGrade[] = ['ok', 'warn', 'quarantined']

export interface GpuFollowers {
  readonly metrics: Metrics
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
}

export function followGpus(source: GpuSource, { metrics, onEvent }: GpuFollowers): void {
  source.onGraded(({ name, uuid, index, grade, faults, warnings }) => {
    onEvent('gpu-graded', { name, uuid, index, grade, faults, warnings })
  })
  let failureCount = 0
  const feed = () => {
    metrics.gpu.readFailures.inc(source.failureCount - failureCount)
    failureCount = source.failureCount
    feedGpus(metrics, source.details())
  }
  // prom-client asks its metrics in the order they were made.
  Object.assign(metrics.gpu.info, { collect: feed })
}

function feedGpus({ gpu: gauges }: Metrics, details: readonly GpuDetail[]): void {
  const { readFailures, ...ofEach } = gauges
  for (const gauge of Object.values(ofEach)) gauge.reset()
  for (const [place, detail] of details.entries()) {
    const gpu = detail.uuid ?? `${place}`
    const { name, driverVersion: driver = '' } = detail
    gauges.info.set({ gpu, name, driver, index: detail.index }, 1)
    for (const grade of GRADES) gauges.grade.set({ gpu, grade }, grade === detail.grade ? 1 : 0)
    gauges.throttled.set({ gpu }, detail.throttleReasons.length > 0 ? 1 : 0)
    if (detail.vramTotalBytes > 0) {
      gauges.vramTotal.set({ gpu }, detail.vramTotalBytes)
      gauges.vramUsed.set({ gpu }, detail.vramUsedBytes)
    }
    setIfTold(gauges.utilization, gpu, detail.utilizationRatio)
    setIfTold(gauges.memoryUtilization, gpu, detail.memoryUtilizationRatio)
    setIfTold(gauges.temperature, gpu, detail.temperatureCelsius)
    setIfTold(gauges.power, gpu, detail.powerWatts)
    setIfTold(gauges.powerLimit, gpu, detail.powerLimitWatts)
    setIfTold(gauges.eccErrors, gpu, detail.eccUncorrectableCount)
  }
}

/** What is not told has no series, rather than one at 0. */
function setIfTold(gauge: Gauge<'gpu'>, gpu: string, value: number | undefined): void {
  if (value !== undefined) gauge.set({ gpu }, value)
}
