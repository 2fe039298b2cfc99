/**
 * Agreements of a few peers over lanes that only drop what a test tells them to, with disks and
 * time by hand.
 */

import { foundingOf } from '../../../sim/founding.ts'
import { identityFile } from '../../../sim/identities.ts'
import type { Snapshot } from '../../../src/consensus/raft/log/storage.ts'
import { type ConsensusOptions, consensusOptions } from '../../../src/consensus/replica/options.ts'
import { Agreement } from '../../../src/node/consensus/agreement.ts'
import { openAgreement } from '../../../src/node/consensus/open-agreement.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'
import { silent } from '../recorded-network.ts'
import { MemoryLogFiles } from '../storage/wal/memory-log-files.ts'
import { turns } from '../until.ts'

export const MESH = '00112233445566778899aabbccddeeff'
const SEGMENT_BYTES = 64 * 1024
const STEP_MS = 50
const MINUTE_MS = 60_000

export interface Side {
  readonly peer: string
  readonly files: MemoryLogFiles
  readonly fatal: unknown[]
  readonly events: string[]
  agreement: Agreement
  isUp: boolean
}

export class AgreementMesh {
  readonly clock = new ManualClock()
  readonly sides: Side[] = []
  /** Whether a message gets through. */
  passes = (_from: Side, _to: Side) => true
  readonly #options: ConsensusOptions
  #founding: Snapshot | undefined
  #requestCount = 0

  constructor(options: Partial<ConsensusOptions> = {}) {
    this.#options = consensusOptions.parse({ voterStableAfterMs: 0, ...options })
  }

  /** Peers that are all on the roster, the first of which decides until there are more. */
  static async of(count: number, options: Partial<ConsensusOptions> = {}): Promise<AgreementMesh> {
    const mesh = new AgreementMesh(options)
    const keys = await Promise.all(
      Array.from({ length: count }, (_, index) => identityFile(index + 1)),
    )
    mesh.#founding = foundingOf(keys.map(({ peerId }) => peerId))
    for (const { peerId: peer } of keys) {
      const side = { peer, files: new MemoryLogFiles(), fatal: [], events: [], isUp: true }
      mesh.sides.push({ ...side, agreement: await mesh.#open(side) })
    }
    for (const side of mesh.sides) mesh.#meet(side)
    return mesh
  }

  get leader(): Side | undefined {
    const leading = this.sides.filter(each => each.isUp && roleOf(each) === 'leader')
    return leading.toSorted((a, b) => termOf(b) - termOf(a))[0]
  }

  /** Waits until somebody leads, with so many voters. */
  async settled(voterCount: number): Promise<Side> {
    await this.until(() => {
      const { leader } = this
      return leader?.agreement.status().confState.voters.length === voterCount
    })
    const { leader } = this
    if (leader === undefined) throw new Error('expected a leader')
    return leader
  }

  /** As `kill -9` does it. */
  async crash(side: Side): Promise<void> {
    side.isUp = false
    for (const other of this.sides) this.#see(other, side)
    // Nobody hears from it any more; what it had asked the disk for may still be done.
    await turns(4)
  }

  /** Starts again with what is in the files. */
  async restart(side: Side): Promise<void> {
    side.agreement = await this.#open(side)
    side.isUp = true
    this.#meet(side)
  }

  async pass(durationMs: number): Promise<void> {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= STEP_MS) {
      await turns(8)
      this.clock.advance(STEP_MS)
    }
    await turns(8)
  }

  async until(condition: () => boolean): Promise<void> {
    for (let leftMs = MINUTE_MS; !condition(); leftMs -= STEP_MS) {
      if (leftMs <= 0) throw new Error(`expected to become true: ${condition}`)
      await this.pass(STEP_MS)
    }
  }

  /** The end of a promise, as time passes. */
  async end<Value>(promise: Promise<Value>): Promise<Value> {
    let isOver = false
    const over = () => {
      isOver = true
    }
    promise.then(over, over)
    await this.until(() => isOver)
    return await promise
  }

  #meet(side: Side): void {
    for (const other of this.sides) {
      this.#see(side, other)
      this.#see(other, side)
    }
  }

  #see(side: Side, { peer, isUp }: Side): void {
    if (side.peer === peer || !side.isUp) return
    side.agreement.memberSeen({ peer, isAlive: isUp, zone: '' })
  }

  async #open(side: Omit<Side, 'agreement'>): Promise<Agreement> {
    const { peer, files, fatal, events } = side
    const opened = await openAgreement({
      ...{ self: peer, meshId: MESH, files, founding: this.#founding },
      segmentBytes: SEGMENT_BYTES,
    })
    const agreement: Agreement = new Agreement(
      {
        ...{ self: peer, zone: '', clock: this.clock, logger: silent, metrics: createMetrics() },
        seed: [...peer].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7),
        newRequestId: () => {
          this.#requestCount += 1
          return `request-${`${this.#requestCount}`.padStart(10, '0')}`
        },
        post: (to, message) => this.#post(agreement, to, message),
        onEvent: event => events.push(event),
        onFatal: error => fatal.push(error),
      },
      opened,
      this.#options,
    )
    return agreement
  }

  #post(sender: Agreement, to: string, message: Uint8Array): boolean {
    const from = this.sides.find(({ agreement }) => agreement === sender)
    const target = this.sides.find(({ peer }) => peer === to)
    if (from?.isUp !== true || target === undefined || !this.passes(from, target)) return false
    setImmediate(() => {
      if (target.isUp) target.agreement.messageReceived(from.peer, message)
    })
    return true
  }
}

export function roleOf({ agreement }: Side): string {
  return agreement.status().role
}

function termOf({ agreement }: Side): number {
  return agreement.status().term
}
