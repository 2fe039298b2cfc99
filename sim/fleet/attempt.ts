/**
 * One request on its way through the fleet, and each attempt to have it served.
 */
import type { EngineJob } from '../engines/engine.ts'
import type { SimRequest } from '../workload/request.ts'

/** How a request ended. */
export type Ending = 'completed' | 'rejected' | 'failed'

/** A request from its arrival to its end, as its ingress has it. */
export class Flight {
  readonly request: SimRequest
  /** As its scheduler calls it. */
  readonly id: string
  /** Every attempt, in the order they were made. */
  readonly attempts: Attempt[] = []
  /** As its ingress saw the first token. */
  firstTokenAtMs: number | undefined
  ending: Ending | undefined

  constructor(request: SimRequest) {
    this.request = request
    this.id = String(request.index)
  }
}

export type AttemptState = 'sent' | 'waiting' | 'running' | 'ended'

export class Attempt implements EngineJob {
  readonly flight: Flight
  /** Unique within a run: a flight goes to a node once. */
  readonly id: string
  readonly node: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly outputTokensExpected: number
  readonly units: number
  readonly blocks: readonly number[]
  readonly sentAtMs: number
  readonly isHedge: boolean
  /** See `Dispatch`. */
  readonly readWaitMaxMs: number | undefined
  /** At the node. */
  state: AttemptState = 'sent'
  /** Its node went down with it, and its ingress does not know. */
  isLost = false
  /** Its ingress waits no more for it. */
  isAbandoned = false
  /** When the node got it, and when its engine did. */
  arrivedAtMs = 0
  releasedAtMs = 0
  /** The last message of the node about it arrives then: later ones do not overtake it. */
  heardAtMs = 0

  constructor(
    flight: Flight,
    init: {
      readonly node: number
      readonly outputTokensExpected: number
      readonly sentAtMs: number
      readonly isHedge: boolean
      readonly readWaitMaxMs?: number | undefined
    },
  ) {
    const { inputTokens, outputTokens, units, blocks } = flight.request
    this.flight = flight
    this.id = `${flight.id}@${init.node}`
    this.node = init.node
    this.inputTokens = inputTokens
    this.outputTokens = outputTokens
    this.outputTokensExpected = init.outputTokensExpected
    this.units = units
    this.blocks = blocks
    this.sentAtMs = init.sentAtMs
    this.isHedge = init.isHedge
    this.readWaitMaxMs = init.readWaitMaxMs
  }
}
