/**
 * How busy the GPUs were, when, and what that costs.
 */
import type { HeatMap, Metrics } from '../experiment/run-result.ts'
import type { ResolvedFleet } from '../scenario/resolve.ts'
import type { FleetNode } from './fleet-node.ts'
import { plotted } from './plotted.ts'

/** Rows of the map: more cannot be told apart. */
const ROWS_MAX = 32

const MS_PER_HOUR = 3_600_000
const WATTS_PER_KILOWATT = 1_000

export type CostMetrics = Pick<
  Metrics,
  | 'utilizationMean'
  | 'utilizationDeviation'
  | 'gpuBusyHours'
  | 'gpuHours'
  | 'dollarsPerThousandTokens'
  | 'busyDollarsPerThousandTokens'
  | 'energyKwh'
  | 'wastedRatio'
>

interface Row {
  readonly label: string
  readonly nodes: FleetNode[]
  readonly ratios: number[]
  busyMs: number
}

export class Usage {
  readonly #fleet: ResolvedFleet
  readonly #nodes: readonly FleetNode[]
  readonly #bucketMs: number
  readonly #rows: readonly Row[]
  #startMs: Float64Array
  #endMs: Float64Array

  constructor(fleet: ResolvedFleet, nodes: readonly FleetNode[], bucketMs: number) {
    this.#fleet = fleet
    this.#nodes = nodes
    this.#bucketMs = bucketMs
    this.#rows = rowsOf(nodes)
    this.#startMs = new Float64Array(nodes.length)
    this.#endMs = this.#startMs
  }

  /** The measured part begins. */
  begin(): void {
    this.#startMs = this.#read()
  }

  /** It ends: what still runs is served, and no more comes. */
  end(): void {
    this.#endMs = this.#read()
  }

  /** A bucket of the map is over. */
  observe(): void {
    for (const row of this.#rows) {
      const busyMs = row.nodes.reduce((sum, node) => sum + node.busyMs, 0)
      row.ratios.push(
        plotted(Math.min(1, (busyMs - row.busyMs) / (row.nodes.length * this.#bucketMs))),
      )
      row.busyMs = busyMs
    }
  }

  heatMap(): HeatMap {
    const rows = this.#rows.map(({ label, ratios }) => ({ label, ratios }))
    return { bucketMs: this.#bucketMs, rows }
  }

  /** @param totalMs From the beginning to the end of the last request. */
  metrics(measuredMs: number, totalMs: number, servedTokens: number): CostMetrics {
    const ratios = Array.from(this.#endMs, (endMs, node) =>
      measuredMs > 0 ? (endMs - (this.#startMs[node] as number)) / measuredMs : 0,
    )
    const mean = meanOf(ratios)
    const thousands = servedTokens / 1_000
    const perThousand = (dollars: number) => (thousands === 0 ? 0 : dollars / thousands)
    const sums = this.#sums(totalMs)
    return {
      utilizationMean: mean,
      utilizationDeviation: Math.sqrt(meanOf(ratios.map(each => (each - mean) ** 2))),
      gpuBusyHours: sums.busyMs / MS_PER_HOUR,
      gpuHours: (this.#nodes.length * totalMs) / MS_PER_HOUR,
      dollarsPerThousandTokens: perThousand(sums.dollars),
      busyDollarsPerThousandTokens: perThousand(sums.busyDollars),
      energyKwh: sums.wattMs / MS_PER_HOUR / WATTS_PER_KILOWATT,
      wastedRatio: sums.busyMs === 0 ? 0 : sums.wastedMs / sums.busyMs,
    }
  }

  #sums(totalMs: number) {
    const sums = { busyMs: 0, wastedMs: 0, dollars: 0, busyDollars: 0, wattMs: 0 }
    for (const node of this.#nodes) {
      const { dollarsPerHour, idleWatts, busyWatts } = this.#profileOf(node)
      const { busyMs } = node
      sums.busyMs += busyMs
      sums.dollars += (dollarsPerHour * totalMs) / MS_PER_HOUR
      sums.busyDollars += (dollarsPerHour * busyMs) / MS_PER_HOUR
      sums.wattMs += idleWatts * totalMs + (busyWatts - idleWatts) * busyMs
      for (const { engine } of node.servers.values()) sums.wastedMs += engine.totals.wastedMs
    }
    return sums
  }

  #profileOf({ index }: FleetNode) {
    const node = this.#fleet.nodes[index]
    if (node === undefined) throw new Error('every node was resolved')
    return node.hardware.profile
  }

  #read(): Float64Array {
    return Float64Array.from(this.#nodes, ({ busyMs }) => busyMs)
  }
}

/** A node each if they are few, else those of one cell and GPU, else neighbours together. */
function rowsOf(nodes: readonly FleetNode[]): readonly Row[] {
  const cells = new Set(nodes.map(({ cell }) => cell))
  const kind = ({ cell, gpu }: FleetNode) => (cells.size > 1 ? `cell ${cell} ${gpu}` : gpu)
  const byKind = grouped(nodes, kind)
  if (nodes.length <= ROWS_MAX) return grouped(nodes, ({ peer, gpu }) => `${peer} ${gpu}`)
  if (byKind.length <= ROWS_MAX) return byKind
  const perRow = Math.ceil(nodes.length / ROWS_MAX)
  return grouped(nodes, ({ index }) => {
    const first = index - (index % perRow)
    return `nodes ${first} to ${Math.min(nodes.length, first + perRow) - 1}`
  })
}

function grouped(nodes: readonly FleetNode[], labelOf: (node: FleetNode) => string): Row[] {
  const rows = new Map<string, Row>()
  for (const node of nodes) {
    const label = labelOf(node)
    const row = rows.get(label)
    if (row === undefined) rows.set(label, { label, nodes: [node], ratios: [], busyMs: 0 })
    else row.nodes.push(node)
  }
  return [...rows.values()]
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length
}
