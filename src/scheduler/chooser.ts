/**
 * Chooses a peer for a request: which strategy, in the mesh or with a provider, and who it is.
 *
 *     policy --> sides --> local candidates --strategy--> choice --> placement verdict --> it
 *                                                                          |
 *                          cloud candidates --strategy--> choice <---------'
 *
 * Equal views, policies and seeds choose equally.
 */
import type { PeerId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { DEFAULT_PRIORITY, type Priority, rankOf } from './admission/priority.ts'
import { Candidates } from './candidates.ts'
import type { ChoiceRule } from './decision.ts'
import { hasRoomNow, laterRoom, type Room } from './degradation.ts'
import type { SchedulerOptions, StrategyName } from './options.ts'
import { allowedSides, localOffer, type PlacementPolicy, placementVerdict } from './placement.ts'
import { placementsOf, type SchedulingPolicy, strategyOf } from './policy.ts'
import type { Contender, RequestSize } from './score.ts'
import { costOf } from './score-weights.ts'
import { createStrategy } from './strategies/create-strategy.ts'
import { anyOfLowest, type Choice, type Scored, type Strategy, scoreAll } from './strategy.ts'
import type { Excluded, Survey, SurveyDeps } from './survey.ts'
import { SIDES, type Side, type View } from './view.ts'

export interface ChoiceRequest {
  readonly model: string
  readonly size: RequestSize
  /** Whose request it is. `undefined`: nobody's in particular. */
  readonly tenant?: string | undefined
  /** Default: normal. */
  readonly priority?: Priority | undefined
  /** Peers that failed this request already. */
  readonly tried: readonly PeerId[]
  /** The only peer that will do. `undefined`: any. */
  readonly target?: PeerId | undefined
  /**
   * Who works on it and has not answered. A copy of it is no reason to pay, to load a model or to let
   * another wait: it goes to the same side, to who begins it at once, or nowhere. `undefined`: nobody.
   */
  readonly besides?: PeerId | undefined
}

export interface Chosen {
  readonly survey: Survey
  /** `undefined`: nobody may take it. */
  readonly choice: Choice | undefined
}

export interface Ranking {
  readonly survey: Survey
  /** The best first. */
  readonly scored: readonly Scored[]
}

export class Chooser {
  readonly #options: SchedulerOptions
  readonly #random: Random
  /** Of every choice without a routing policy of its own. */
  readonly #plainRule: ChoiceRule
  /** Those that were needed so far. */
  readonly #strategies = new Map<StrategyName, Strategy>()

  constructor(options: SchedulerOptions, random: Random) {
    this.#options = options
    this.#random = random
    const { kvKneeRatio, vramKneeRatio, stickyPatience } = options
    this.#plainRule = { kvKneeRatio, vramKneeRatio, stickyPatience }
  }

  strategyFor(policy: SchedulingPolicy, model: string): Strategy {
    const name = strategyOf(policy, model) ?? this.#options.strategy
    const known = this.#strategies.get(name)
    if (known !== undefined) return known
    const strategy = createStrategy(name, { options: this.#options, random: this.#random })
    this.#strategies.set(name, strategy)
    return strategy
  }

  /**
   * If all are full, one of those is chosen for a request that may have more of a claim than what
   * waits there: only the peer itself knows.
   */
  choose(request: ChoiceRequest, deps: SurveyDeps, nowMs: number): Chosen {
    const found = this.#choose(request, deps, nowMs)
    const isDone = found.choice !== undefined || request.besides !== undefined
    if (isDone || !mayClaim(request)) return found
    const isFull = found.survey.excluded.some(({ exclusion }) => exclusion === 'queue-full')
    return isFull ? this.#choose(request, deps, nowMs, true) : found
  }

  /** What every peer that serves the model is worth, best first. Nothing is chosen or drawn. */
  rank(request: ChoiceRequest, deps: SurveyDeps, nowMs: number): Ranking {
    const survey = this.#lookAtAll(request, deps, nowMs)
    return { survey, scored: scoreAll(survey.eligible, request.size, this.#options) }
  }

  /**
   * What the mesh has for it now, as far as a choice would look: of many peers, at some.
   *
   * @param best The model in whose place this one would serve.
   */
  room(request: ChoiceRequest, best: string | undefined, deps: SurveyDeps, nowMs: number): Room {
    const seen: Contender[] = []
    const lookAt = this.#looks(request, deps, nowMs)
    for (const side of SIDES) {
      const look = lookAt(side)
      const found = look.drawUntil(contender => hasRoomNow(contender, request.size))
      if (found !== undefined) return 'now'
      seen.push(...look.survey().eligible)
    }
    return laterRoom(seen, best === undefined ? undefined : deps.view.weighed(best))
  }

  #lookAtAll(request: ChoiceRequest, deps: SurveyDeps, nowMs: number) {
    const looks = SIDES.map(this.#looks(request, deps, nowMs))
    for (const look of looks) look.all()
    return merged(looks, deps.view, this.#options.candidatesKept)
  }

  #looks({ model, size, tenant, tried }: ChoiceRequest, deps: SurveyDeps, nowMs: number) {
    const sides = allowedSides(placementsOf(deps.policy, model, tenant))
    return (side: Side) => {
      const surveyed = { model, size, tried, isForbidden: !sides.includes(side) }
      return new Candidates({ request: surveyed, side, nowMs, random: this.#random }, deps)
    }
  }

  #choose(request: ChoiceRequest, deps: SurveyDeps, nowMs: number, mayDisplace = false): Chosen {
    const { model, size, tenant, tried, target, besides } = request
    const placements = placementsOf(deps.policy, model, tenant)
    const allowed = allowedSides(placements)
    const isCopy = besides !== undefined
    const sides = isCopy ? allowed.filter(side => side === sideAt(deps, besides, model)) : allowed
    const strategy = this.strategyFor(deps.policy, model)
    const lookAt = (side: Side) => {
      const isForbidden = !allowed.includes(side)
      const surveyed = { model, size, tried, isForbidden, target, mayDisplace, isCopy }
      return new Candidates({ request: surveyed, side, nowMs, random: this.#random }, deps)
    }
    const local = lookAt('local')
    const inMesh = sides.includes('local') ? strategy.choose(local, size) : undefined

    // Whose word is the last: the tenant's, if it has one.
    const preferred = placements.at(-1) ?? 'local-first'
    // Where the mesh is all there is, a request waits there: peers have queues.
    const isLocal = () =>
      placementVerdict(preferred, localOffer(inMesh?.chosen.contender, size)) === 'local'
    const hasCloud = deps.view.serving(model, 'cloud').size > 0
    const cloud = hasCloud ? lookAt('cloud') : undefined
    const outside =
      cloud === undefined || !sides.includes('cloud') || isLocal()
        ? undefined
        : this.#chooseOutside(preferred, cloud, size, strategy)
    // Waiting in the mesh is better than an error, where the policy leaves both open.
    const choice = this.#withRule(outside ?? inMesh, outside !== undefined && preferred)
    const looks = cloud === undefined ? [local] : [local, cloud]
    if (choice === undefined && !isCopy) for (const each of looks) each.all()
    return { choice, survey: merged(looks, deps.view, this.#options.candidatesKept) }
  }

  /** @param outside The placement policy by which it is a provider's. */
  #withRule(choice: Choice | undefined, outside: PlacementPolicy | false): Choice | undefined {
    if (choice === undefined) return undefined
    const { weights } = choice.chosen.contender
    const isByCost = outside === 'cost-optimized'
    if (weights === undefined && !isByCost) return { ...choice, rule: this.#plainRule }
    const rule = {
      ...this.#plainRule,
      ...(weights === undefined ? {} : { weights }),
      ...(isByCost ? ({ isByCost } as const) : {}),
    }
    return { ...choice, rule }
  }

  #chooseOutside(
    policy: PlacementPolicy,
    cloud: Candidates,
    size: RequestSize,
    strategy: Strategy,
  ): Choice | undefined {
    if (policy !== 'cost-optimized') return strategy.choose(cloud, size)
    const scored = scoreAll(cloud.all(), size, this.#options)
    const costOfChoice = ({ contender }: Choice['chosen']) => costOf(contender.model.facts, size)
    const chosen = anyOfLowest(scored, costOfChoice, this.#random)
    return chosen === undefined ? undefined : { chosen, scored }
  }
}

/** Where an attempt runs. What costs nothing, if nobody knows any more. */
function sideAt({ view }: SurveyDeps, peer: PeerId, model: string): Side {
  return view.serving(model, 'cloud').placeOf(peer) === undefined ? 'local' : 'cloud'
}

function mayClaim({ tenant, priority = DEFAULT_PRIORITY }: ChoiceRequest): boolean {
  return tenant !== undefined || rankOf(priority) > rankOf(DEFAULT_PRIORITY)
}

/** What was found on both sides; if nobody serves the model, who does not. */
function merged(looks: readonly Candidates[], view: View, listedMax: number): Survey {
  const servingCount = looks.reduce((sum, { servingCount: count }) => sum + count, 0)
  const { eligible, excluded, notLookedAtCount } = looks.map(each => each.survey()).reduce(together)
  return {
    eligible,
    excluded: servingCount > 0 ? excluded : missing(view, listedMax),
    notLookedAtCount,
    withoutModelCount: view.size - servingCount,
  }
}

function together(one: Survey, other: Survey): Survey {
  return {
    eligible: [...one.eligible, ...other.eligible],
    excluded: [...one.excluded, ...other.excluded],
    notLookedAtCount: one.notLookedAtCount + other.notLookedAtCount,
  }
}

function missing(view: View, listedMax: number): readonly Excluded[] {
  const found: Excluded[] = []
  for (const entry of view.entries()) {
    if (found.length >= listedMax) break
    found.push({ entry, exclusion: 'model-missing', contender: undefined })
  }
  return found
}
