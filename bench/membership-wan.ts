/**
 * Whether peers that are far from each other stay alive to each other: every connection of the
 * mesh goes through a relay that delays and now and then stalls it.
 *
 *     peer a --dials what b announces--> relay of b --delay--> peer b
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../src/core/random.ts'
import { type Benchmark, type BenchmarkResult, formatNumber, formatTable } from './benchmark.ts'
import { DelayRelay, type Distance } from './delay-relay.ts'
import { freePort } from './free-port.ts'
import { PeerGroup, viewOf } from './peer-group.ts'
import { median } from './statistics.ts'

const SIZE = 5
const CALM_MS = 300_000
const QUICK_CALM_MS = 30_000
const NOTE_INTERVAL_MS = 60_000

const VIEW_MAX_MS = 10_000
const DEATH_MAX_MS = 60_000

/** One seed, so that the delays are the same in every run. */
const SEED = 7

export const FAR: Distance = {
  delayMs: 50,
  jitterMs: 10,
  stallIntervalMs: 20_000,
  stallMaxMs: 1_000,
}

export const membershipWan: Benchmark = {
  summary: 'false deaths among peers 100 ms apart, with stalls of up to 1 s (about 6 minutes)',

  async run({ isQuick, sizes: [size = SIZE] = [] }, note) {
    const mesh = new FarMesh()
    try {
      note(`${size} peers: start`)
      while (mesh.group.peers.length < size) await mesh.group.add()
      const rttMs = await mesh.roundTripMs()
      const calmMs = isQuick ? QUICK_CALM_MS : CALM_MS
      for (let leftMs = calmMs; leftMs > 0; leftMs -= NOTE_INTERVAL_MS) {
        note(`nothing happens for ${leftMs / 1000} s`)
        await sleep(Math.min(leftMs, NOTE_INTERVAL_MS))
      }
      const { watch } = mesh.group
      const calm = {
        size,
        durationMs: calmMs,
        rttMs,
        stallCount: mesh.stallCount,
        falseDeathCount: watch.countOf('dead'),
        falseSuspectCount: watch.countOf('suspect'),
      }
      note('one crash')
      const victim = mesh.group.peers[1]
      if (victim === undefined) throw new Error('expected a second peer')
      return summarize({ ...calm, crashMs: await mesh.group.crash(victim, DEATH_MAX_MS) })
    } finally {
      await mesh.stop()
    }
  },
}

/** Peers of which each announces a relay in its place. */
export class FarMesh {
  readonly group: PeerGroup
  readonly #folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
  readonly #relays: DelayRelay[] = []
  readonly #random = new Random(SEED)

  constructor(distance = FAR) {
    this.group = new PeerGroup(this.#folder, async () => {
      const port = await freePort()
      const random = () => this.#random.next()
      const relay = await DelayRelay.start({ targetPort: port, distance, random })
      this.#relays.push(relay)
      const announce = [`/ip4/127.0.0.1/tcp/${relay.port}`]
      return { p2p: { port, announce }, membership: { profile: 'wan' } }
    })
  }

  get stallCount(): number {
    return this.#relays.reduce((sum, relay) => sum + relay.stallCount, 0)
  }

  /** As the peers have measured it. */
  async roundTripMs(): Promise<number | undefined> {
    const deadline = AbortSignal.timeout(VIEW_MAX_MS)
    const views = await Promise.all(this.group.peers.map(peer => viewOf(peer, deadline)))
    return median(views.flat().map(({ rttMs }) => rttMs ?? undefined))
  }

  async stop(): Promise<void> {
    await this.group.stop()
    await Promise.all(this.#relays.map(relay => relay.stop()))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

interface FarFigures {
  readonly size: number
  readonly durationMs: number
  readonly rttMs: number | undefined
  readonly stallCount: number
  readonly falseDeathCount: number
  readonly falseSuspectCount: number
  readonly crashMs: number
}

function summarize(figures: FarFigures): BenchmarkResult {
  const { size, durationMs, rttMs, stallCount, crashMs } = figures
  const { falseDeathCount, falseSuspectCount } = figures
  return {
    table: formatTable([
      [`${size} peers, ${durationMs / 1000} s`, ''],
      ['round trip ms, median', formatNumber(rttMs)],
      ['stalls of a direction of a connection', formatNumber(stallCount)],
      ['false deaths', formatNumber(falseDeathCount)],
      ['false suspicions, refuted', formatNumber(falseSuspectCount)],
      ['crash to dead everywhere, ms', formatNumber(crashMs)],
    ]),
    figures: { ...figures },
    ratios: {},
    errors: falseDeathCount > 0 ? [`${falseDeathCount} false deaths`] : [],
  }
}
