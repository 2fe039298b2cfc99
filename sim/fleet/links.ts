/**
 * How long a message takes from one place of the fleet to another.
 *
 * Within a cell half a round trip that varies a little; between two the base and the distance of
 * their coordinates, and noise. Then the time its bytes need. A message between two sides of a
 * partition does not arrive before it is mended: TCP sends it again then.
 */
import type { Random } from '../../src/core/random.ts'
import { standardNormal } from '../chance.ts'
import type { NetworkScenario } from '../scenario/topology.ts'

/** TCP notices that a partition is over when it sends again. */
const RETRANSMIT_MS = 200

const BITS_PER_BYTE = 8
const BITS_PER_MEGABIT_MS = 1_000

/** Noise never makes a message faster than this share of its usual time. */
const FASTEST_RATIO = 0.5

export class Links {
  readonly #network: NetworkScenario
  readonly #coordinates: readonly (readonly number[])[]
  readonly #random: Random
  #parted: ReadonlySet<number> = new Set()

  /** @param coordinates Of each cell. */
  constructor(
    network: NetworkScenario,
    coordinates: readonly (readonly number[])[],
    random: Random,
  ) {
    this.#network = network
    this.#coordinates = coordinates
    this.#random = random
  }

  /** What is in one of these cells and what is in another do not reach each other. */
  partition(cells: ReadonlySet<number>): void {
    this.#parted = cells
  }

  isCut(from: number, to: number): boolean {
    if (this.#parted.size === 0) return false
    return from !== to && this.#parted.has(from) !== this.#parted.has(to)
  }

  /** Without noise, of two cells. */
  rttMs(from: number, to: number): number {
    const { intraCell, interCell } = this.#network
    if (from === to) return intraCell.rttMs
    return interCell.baseRttMs + interCell.msPerUnit * this.#distance(from, to)
  }

  /** One way, for so many bytes. */
  delayMs(from: number, to: number, bytes: number): number {
    const { intraCell, interCell } = this.#network
    const isNear = from === to
    const meanMs = this.rttMs(from, to) / 2
    const noiseMs = isNear ? intraCell.jitterMs / 2 : meanMs * interCell.noiseRatio
    const drawnMs = meanMs + noiseMs * standardNormal(this.#random)
    const { bandwidthMbps } = isNear ? intraCell : interCell
    const sendMs = (bytes * BITS_PER_BYTE) / (bandwidthMbps * BITS_PER_MEGABIT_MS)
    return Math.max(meanMs * FASTEST_RATIO, drawnMs) + sendMs
  }

  /** After a partition is mended. */
  get retransmitMs(): number {
    return RETRANSMIT_MS
  }

  #distance(from: number, to: number): number {
    const a = this.#coordinates[from] ?? []
    const b = this.#coordinates[to] ?? []
    let sum = 0
    for (let axis = 0; axis < a.length; axis += 1) {
      sum += ((a[axis] ?? 0) - (b[axis] ?? 0)) ** 2
    }
    return Math.sqrt(sum)
  }
}
