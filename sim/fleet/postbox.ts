/**
 * Carries what ingresses and nodes say to each other about requests.
 *
 * Bytes take their time; what one node says of one request arrives in its order. Across a partition
 * nothing passes: it arrives when that is mended, unless somebody has given up by then.
 */
import type { PeerLoad } from '../../src/core/peer-state.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { SimRequest } from '../workload/request.ts'
import type { Attempt } from './attempt.ts'
import type { FleetNode } from './fleet-node.ts'
import type { Failure, RequestTaker } from './ingress.ts'
import type { Links } from './links.ts'

/** Of a token of a prompt, as text; of a frame; of a megapixel as JPEG, and of a second of speech. */
const BYTES_PER_TOKEN = 4
const FRAME_BYTES = 200
const BYTES_PER_UNIT = 250_000

export interface PostboxDeps {
  readonly timeline: Timeline
  readonly links: Links
  readonly nodes: readonly FleetNode[]
  readonly ingressOf: (request: SimRequest) => RequestTaker
  /** Whether answers bring the load of their node. */
  readonly isTelling: boolean
}

const NO_LOAD: PeerLoad = { models: [], gpus: [], isDraining: false }

export class Postbox {
  readonly #deps: PostboxDeps
  /** What cannot pass now. */
  #held: { readonly from: number; readonly to: number; readonly deliver: () => void }[] = []

  constructor(deps: PostboxDeps) {
    this.#deps = deps
  }

  send(attempt: Attempt): void {
    const node = this.#nodeOf(attempt)
    const { inputTokens, units } = attempt.flight.request
    const bytes = FRAME_BYTES + inputTokens * BYTES_PER_TOKEN + units * BYTES_PER_UNIT
    this.#post(this.#cellOf(attempt), node.cell, { bytes, deliver: () => this.#arrive(attempt) })
  }

  cancel(attempt: Attempt): void {
    const node = this.#nodeOf(attempt)
    const deliver = () => {
      if (!node.isDown) node.cancel(attempt)
      // It may still be on its way there.
      attempt.isAbandoned = true
    }
    this.#post(this.#cellOf(attempt), node.cell, { bytes: FRAME_BYTES, deliver })
  }

  firstToken(attempt: Attempt): void {
    this.#answer(attempt, () => this.#ingressOf(attempt).firstToken(attempt))
  }

  ended(attempt: Attempt): void {
    const load = this.#loadOf(attempt)
    this.#answer(attempt, () => this.#ingressOf(attempt).ended(attempt, load))
  }

  refused(attempt: Attempt, failure: Failure): void {
    const load = this.#loadOf(attempt)
    this.#answer(attempt, () => this.#ingressOf(attempt).failed(attempt, failure, load))
  }

  /** The ingress notices that whoever has the request is gone. */
  lost(attempt: Attempt): void {
    const failure = { errorCode: 'ERR_PEER_LOST', isRetryable: true, reason: 'peer-lost' } as const
    this.#ingressOf(attempt).failed(attempt, failure)
  }

  /** What was held back arrives, after TCP has tried again. */
  mended(): void {
    const { timeline, links } = this.#deps
    const held = this.#held
    this.#held = []
    for (const { from, to, deliver } of held) {
      if (links.isCut(from, to)) this.#held.push({ from, to, deliver })
      else timeline.after(links.retransmitMs + links.delayMs(from, to, FRAME_BYTES), deliver)
    }
  }

  #arrive(attempt: Attempt): void {
    const node = this.#nodeOf(attempt)
    // Nobody answers; its ingress learns in time that the node is gone.
    if (node.isDown) {
      attempt.isLost = true
      return
    }
    if (attempt.isAbandoned) return
    if (node.isDraining) {
      const failure = { errorCode: 'ERR_STOPPING', isRetryable: true, reason: 'draining' } as const
      this.refused(attempt, failure)
    } else if (node.serverOf(attempt) === undefined) {
      const errorCode = 'ERR_MODEL_NOT_FOUND' as const
      this.refused(attempt, { errorCode, isRetryable: true, reason: 'model-missing' })
    } else node.arrive(attempt)
  }

  #answer(attempt: Attempt, deliver: () => void): void {
    const node = this.#nodeOf(attempt)
    this.#post(node.cell, this.#cellOf(attempt), { bytes: FRAME_BYTES, deliver, attempt })
  }

  #post(
    from: number,
    to: number,
    message: {
      readonly bytes: number
      readonly deliver: () => void
      readonly attempt?: Attempt
    },
  ): void {
    const { timeline, links } = this.#deps
    const { bytes, deliver, attempt } = message
    if (links.isCut(from, to)) {
      this.#held.push({ from, to, deliver })
      return
    }
    const atMs = timeline.nowMs + links.delayMs(from, to, bytes)
    const inOrderMs = Math.max(atMs, attempt?.heardAtMs ?? 0)
    if (attempt !== undefined) attempt.heardAtMs = inOrderMs
    timeline.at(inOrderMs, deliver)
  }

  #loadOf(attempt: Attempt): PeerLoad {
    return this.#deps.isTelling ? this.#nodeOf(attempt).load() : NO_LOAD
  }

  #nodeOf({ node }: Attempt): FleetNode {
    return this.#deps.nodes[node] as FleetNode
  }

  #ingressOf({ flight }: Attempt): RequestTaker {
    return this.#deps.ingressOf(flight.request)
  }

  #cellOf(attempt: Attempt): number {
    return this.#ingressOf(attempt).cell
  }
}
