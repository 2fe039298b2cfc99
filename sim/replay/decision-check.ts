/**
 * Works a recorded decision out again from its own figures: each term that follows from others, each
 * score, and whom the strategy had to choose by them.
 *
 *     eta   = wait + service + network + cold                 of each candidate that was scored
 *     score = weighed / headroom / share                      by the formulas of `score.ts`
 *     chosen = what the strategy takes of these scores
 *
 * What a record does not have cannot be checked, and is said: records of older versions, strategies
 * that go by turn or chance, and candidates that were left out of a long list.
 */
import type {
  Candidate,
  ChoiceRule,
  DecisionRecord,
  ScoreTerms,
} from '../../src/scheduler/decision.ts'
import { placeWaitMs, usableRatio } from '../../src/scheduler/score.ts'
import { PLAIN_WEIGHTS, weighed } from '../../src/scheduler/score-weights.ts'
import { HOT_QUANTILE } from '../../src/scheduler/strategies/prequal.ts'

export interface DecisionFinding {
  /** What was worked out, of whom. */
  readonly what: string
  /** `undefined`: the record does not have what it takes. */
  readonly holds: boolean | undefined
  /** What was expected and found, or what is missing. */
  readonly found: string
}

type Checked = Pick<DecisionRecord, 'strategy' | 'rule' | 'candidatesOmittedCount'> & {
  readonly candidates: readonly RecordedCandidate[]
  readonly chosen?: string | undefined
}

/** Records of older versions do not have all of it. */
type RecordedTerms = Omit<ScoreTerms, 'prefillLeftMs' | 'readMs' | 'headroomOf'> & {
  readonly headroomOf?: ScoreTerms['headroomOf'] | undefined
  readonly prefillLeftMs?: number | undefined
  readonly readMs?: number | undefined
}

type RecordedCandidate = Omit<Candidate, 'terms' | 'exclusion'> & {
  readonly exclusion?: string | undefined
  readonly terms?: RecordedTerms | undefined
}

interface Rated {
  readonly peer: string
  readonly terms: RecordedTerms
  readonly home: number | undefined
}

/** Of the last bits: sums in another order differ by them. */
const TOLERANCE_RATIO = 1e-9

/** More requests than any peer has; as `queueRank` counts a model that is not in memory. */
const NOT_IN_MEMORY_COUNT = 1_000_000

export function checkDecision(decision: Checked): readonly DecisionFinding[] {
  const rated = decision.candidates.flatMap(ratedOf)
  const terms = rated.flatMap(each => termFindings(each, decision.rule))
  return [...terms, choiceFinding(decision, rated)]
}

function ratedOf({ peer, terms, home }: RecordedCandidate): readonly Rated[] {
  return terms === undefined ? [] : [{ peer, terms, home }]
}

function termFindings({ peer, terms }: Rated, rule: ChoiceRule | undefined) {
  const { waitMs, serviceMs, netMs, coldMs, etaMs, workLeftMs, prefillLeftMs, parallelism } = terms
  const { requestCount, headroomRatio, headroomOf, costDollars: cost = 0, shareRatio = 1 } = terms
  const findings = [equal(`eta of ${peer}`, waitMs + serviceMs + netMs + coldMs, etaMs)]
  if (requestCount === undefined || prefillLeftMs === undefined) {
    findings.push(missing(`wait of ${peer}`, 'how many requests and prompts were there'))
  } else {
    const count = Math.max(requestCount, workLeftMs > 0 ? 1 : 0)
    const placeMs = placeWaitMs(workLeftMs - prefillLeftMs, count, parallelism)
    findings.push(equal(`wait of ${peer}`, prefillLeftMs + placeMs, waitMs))
  }
  if (rule === undefined || headroomOf === undefined) {
    return [...findings, missing(`score of ${peer}`, 'by which rule')]
  }
  const { weights = PLAIN_WEIGHTS } = rule
  const weighedMs = weighed({ waitMs, serviceMs, netMs, coldMs, cost }, weights)
  const score = weighedMs / usableRatio({ headroomRatio, headroomOf }, rule) / shareRatio
  return [...findings, equal(`score of ${peer}`, score, terms.score)]
}

function choiceFinding(decision: Checked, rated: readonly Rated[]): DecisionFinding {
  const { chosen, candidates, candidatesOmittedCount = 0, rule, strategy } = decision
  const what = 'choice'
  if (chosen === undefined) {
    const able = candidates.filter(({ exclusion }) => exclusion === undefined)
    return judged(
      what,
      able.length === 0,
      'nobody who could take it',
      able.map(({ peer }) => peer),
    )
  }
  const isKept = rated.some(({ peer }) => peer === chosen)
  if (!isKept) return missing(what, 'the terms of whoever was chosen')
  if (candidatesOmittedCount > 0 && rated.length === candidates.length) {
    return missing(what, `${candidatesOmittedCount} candidates that were scored or excluded too`)
  }
  if (rule === undefined) return missing(what, 'by which rule')
  const allowed = allowedBy(strategy, rule, rated)
  if (allowed === undefined) return missing(what, `what \`${strategy}\` goes by: turns or chance`)
  return judged(what, allowed.includes(chosen), `one of ${allowed.join(', ')}`, [chosen])
}

/** Whom it may choose; more than one if they are equal. `undefined`: the terms do not decide. */
function allowedBy(
  strategy: string,
  rule: ChoiceRule,
  rated: readonly Rated[],
): readonly string[] | undefined {
  if (rule.isByCost === true) return lowest(rated, ({ terms }) => terms.costDollars ?? 0)
  switch (strategy) {
    case 'mesh':
      return ofMesh(rule, rated)
    case 'sticky':
      return rated.length === 1 ? rated.map(({ peer }) => peer) : ofMesh(rule, rated)
    case 'least-work':
      return lowest(rated, ({ terms }) => terms.score)
    case 'power-of-two':
      return lowest(rated, queueRankOf)
    case 'prequal':
      return ofPrequal(rated)
    default:
      return undefined
  }
}

/** The first home that is not much later than the best, else the best. */
function ofMesh({ stickyPatience }: ChoiceRule, rated: readonly Rated[]): readonly string[] {
  const best = Math.min(...rated.map(({ terms }) => terms.score))
  // Of several that are equal, any may have been taken for the best.
  const readMs = Math.max(
    ...rated.flatMap(({ terms }) => (terms.score === best ? [terms.readMs ?? 0] : [])),
  )
  const worst = best + stickyPatience * readMs
  const [home] = rated
    .filter(each => each.home !== undefined && each.terms.score <= worst)
    .toSorted((a, b) => (a.home ?? 0) - (b.home ?? 0))
  return home === undefined ? lowest(rated, ({ terms }) => terms.score) : [home.peer]
}

function ofPrequal(rated: readonly Rated[]): readonly string[] {
  const ranks = rated.map(queueRankOf).toSorted((a, b) => a - b)
  const threshold = ranks[Math.floor(HOT_QUANTILE * (ranks.length - 1))] ?? 0
  const cold = rated.filter(each => queueRankOf(each) <= threshold)
  return cold.length > 0 ? lowest(cold, ({ terms }) => terms.etaMs) : lowest(rated, queueRankOf)
}

function queueRankOf({ terms: { requestCount = 0, coldMs } }: Rated): number {
  return requestCount + (coldMs > 0 ? NOT_IN_MEMORY_COUNT : 0)
}

function lowest(rated: readonly Rated[], costOf: (each: Rated) => number): readonly string[] {
  const least = Math.min(...rated.map(costOf))
  return rated.filter(each => costOf(each) === least).map(({ peer }) => peer)
}

function equal(what: string, expected: number, found: number): DecisionFinding {
  const holds =
    expected === found || Math.abs(expected - found) <= TOLERANCE_RATIO * Math.abs(expected)
  return { what, holds, found: `expected ${expected}, found ${found}` }
}

function judged(
  what: string,
  holds: boolean,
  expected: string,
  found: readonly string[],
): DecisionFinding {
  return { what, holds, found: `expected ${expected}, found ${found.join(', ') || 'nobody'}` }
}

function missing(what: string, lacking: string): DecisionFinding {
  return { what, holds: undefined, found: `the record does not say ${lacking}` }
}
