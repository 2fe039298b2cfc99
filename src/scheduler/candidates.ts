/**
 * Those that could serve one request, looked at only as far as a strategy asks.
 *
 * While few peers serve the model everybody is looked at, so that the record of the decision is
 * complete. Of many, a strategy draws some, and only those are looked at: a decision then costs the
 * same among a thousand peers as among a hundred. Whoever cannot take a request at all is not drawn
 * in the first place; who is full or out of date is found out by looking, and another one drawn. If
 * all that were drawn are excluded, everybody is looked at before anybody is refused.
 */
import type { PeerId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import type { AssumedSpeed } from './assumed-speed.ts'
import { routingOf, shareWeightOf } from './policy.ts'
import { weightedSample } from './sample.ts'
import { type Contender, capacityOf } from './score.ts'
import type { ScoreWeights } from './score-weights.ts'
import type { ServingPeers } from './serving-peers.ts'
import {
  type Excluded,
  exclusionOf,
  type Survey,
  type SurveyDeps,
  type SurveyRequest,
  stateAgeMs,
} from './survey.ts'
import type { Side } from './view.ts'

/** Draws in vain before everybody is looked at. */
const REDRAWS_MAX = 32

export interface CandidatesInit {
  readonly request: SurveyRequest
  readonly side: Side
  readonly nowMs: number
  readonly random: Random
}

export class Candidates {
  readonly #init: CandidatesInit
  readonly #deps: SurveyDeps
  readonly #serving: ServingPeers
  readonly #assumed: AssumedSpeed
  readonly #weights: ScoreWeights | undefined
  /** Place → who is there, if eligible. Those that were looked at. */
  readonly #looks = new Map<number, Contender | undefined>()
  /** The same once everybody was looked at. */
  #allLooks: (Contender | undefined)[] | undefined
  readonly #eligible: Contender[] = []
  readonly #excluded: Excluded[] = []

  constructor(init: CandidatesInit, deps: SurveyDeps) {
    this.#init = init
    this.#deps = deps
    this.#serving = deps.view.serving(init.request.model, init.side)
    this.#assumed = this.#serving.assumedSpeed(deps.options)
    this.#weights = routingOf(deps.policy, init.request.model)?.weights
    if (this.#serving.size <= deps.options.surveyedMax) this.all()
  }

  /** Names what a strategy remembers: those that serve one model, on one side. */
  get scope(): string {
    return `${this.#init.side}/${this.#init.request.model}`
  }

  /** How many serve the model, eligible or not. */
  get servingCount(): number {
    return this.#serving.size
  }

  /** What was found by looking so far. */
  survey(): Survey {
    return {
      eligible: this.#eligible,
      excluded: this.#excluded,
      notLookedAtCount: this.#hasSeenAll ? 0 : this.#serving.size - this.#looks.size,
    }
  }

  /** Everyone eligible. */
  all(): readonly Contender[] {
    if (this.#hasSeenAll) return this.#eligible
    const looks: (Contender | undefined)[] = []
    for (let place = 0; place < this.#serving.size; place++) {
      looks.push(this.#looks.has(place) ? this.#looks.get(place) : this.#judge(place))
    }
    this.#allLooks = looks
    return this.#eligible
  }

  /** Up to `count` of the eligible, drawn by capacity. Empty: nobody is eligible. */
  sample(count: number): readonly Contender[] {
    const { random } = this.#init
    return this.#drawn(
      count,
      (draws, take) => this.#serving.drawByCapacity(random, draws, take, this.#assumed),
      capacityOf,
    )
  }

  /** The same with all alike. */
  sampleEvenly(count: number): readonly Contender[] {
    const { random } = this.#init
    return this.#drawn(
      count,
      (draws, take) => this.#serving.drawEvenly(random, draws, take),
      () => 1,
    )
  }

  /** One of those for which it holds. Looks no further than a choice does. */
  drawUntil(isWanted: (contender: Contender) => boolean): Contender | undefined {
    let found: Contender | undefined
    if (!this.#hasSeenAll) {
      const take = (place: number) => {
        const contender = this.#look(place)
        if (contender !== undefined && isWanted(contender)) found = contender
        return found !== undefined
      }
      const draws = { wantedCount: 1, drawsMax: 1 + REDRAWS_MAX }
      this.#serving.drawByCapacity(this.#init.random, draws, take, this.#assumed)
    }
    if (this.#eligible.length === 0) this.all()
    return found ?? this.#eligible.find(isWanted)
  }

  /** `undefined`: it does not serve the model, or is not eligible. */
  find(peer: PeerId): Contender | undefined {
    const place = this.#serving.placeOf(peer)
    return place === undefined ? undefined : this.#look(place)
  }

  /** The first eligible one from a place on, around to it again. */
  firstFrom(start: number): { readonly contender: Contender; readonly place: number } | undefined {
    const { size } = this.#serving
    for (let step = 0; step < size; step++) {
      const place = (start + step) % size
      const contender = this.#look(place)
      if (contender !== undefined) return { contender, place }
    }
    return undefined
  }

  /** Who have the key among those that serve the model (`rendezvous.ts`), of the eligible. */
  homes(key: number): readonly Contender[] {
    return this.#serving.homes(key).flatMap(peer => this.find(peer) ?? [])
  }

  stateAgeMs({ entry }: Contender): number {
    return stateAgeMs(entry, this.#deps.self, this.#init.nowMs)
  }

  get #hasSeenAll(): boolean {
    return this.#allLooks !== undefined || this.#looks.size === this.#serving.size
  }

  #drawn(
    count: number,
    draw: (
      draws: { wantedCount: number; drawsMax: number },
      take: (place: number) => boolean,
    ) => void,
    weightOf: (contender: Contender) => number,
  ): readonly Contender[] {
    const found: Contender[] = []
    if (!this.#hasSeenAll) {
      draw({ wantedCount: count, drawsMax: count + REDRAWS_MAX }, place => {
        const contender = this.#look(place)
        if (contender !== undefined) found.push(contender)
        return contender !== undefined
      })
    }
    // A copy need not be sent at all: it is worth no more than what was drawn.
    const isEnough = found.length > 0 || (this.#init.request.isCopy && !this.#hasSeenAll)
    if (isEnough) return found
    return weightedSample(this.all(), count, weightOf, this.#init.random)
  }

  #look(place: number): Contender | undefined {
    if (this.#allLooks !== undefined) return this.#allLooks[place]
    if (this.#looks.has(place)) return this.#looks.get(place)
    const eligible = this.#judge(place)
    this.#looks.set(place, eligible)
    return eligible
  }

  /** `undefined`: not eligible. */
  #judge(place: number): Contender | undefined {
    const { request, nowMs } = this.#init
    const { policy, breakers, reservations } = this.#deps
    const { entry, model } = this.#serving.at(place)
    const contender: Contender = {
      entry,
      model,
      reserved: reservations.at(entry.peer, request.model),
      rampRatio: breakers.rampRatio({ peer: entry.peer, model: request.model }, nowMs),
      assumed: this.#assumed,
      weights: this.#weights,
      shareWeight: shareWeightOf(policy, entry, request.model),
    }
    const exclusion = exclusionOf(contender, request, this.#deps, nowMs)
    if (exclusion !== undefined) {
      this.#excluded.push({ entry, exclusion, contender })
      return undefined
    }
    this.#eligible.push(contender)
    return contender
  }
}
