/**
 * A scheduling decision in words and figures: who was looked at, each term of every score, who
 * won and why, and how it ended. The formula is that of docs on scheduling:
 *
 *     eta = wait for a place + service + network + cold start
 *     score = eta, raised if headroom is short                         lowest wins
 */
import type { Exclusion, RetryDenial } from '../scheduler/decision.ts'
import { safeText, shortPeer, showMs, table } from './table.ts'
import type { Decision } from './wire.ts'

type Candidate = Decision['candidates'][number]
type Terms = NonNullable<Candidate['terms']>

/** Peer → the name its owner gave it. */
export type PeerNames = ReadonlyMap<string, string>

const EXCLUSIONS: Record<Exclusion, string> = {
  'not-alive': 'it is not known to be alive',
  draining: 'it is draining and takes nothing new',
  'not-placed': 'the model is pinned to other peers',
  'policy-forbids': 'the routing policy of the model rules it out',
  'model-missing': 'it does not serve the model',
  'model-failed': 'it could not load the model',
  'not-targeted': 'another peer was asked for',
  'state-stale': 'what we know of its load is too old',
  'gpu-faulty': 'its GPU reports a fault',
  'headroom-too-small': 'it has too little memory left for the request',
  'queue-full': 'its queue is full',
  'already-tried': 'it was tried for this request before',
  'would-wait': 'a copy of the request would have had to wait there',
  'breaker-open': 'it has failed too often and rests',
}

const TERMS: readonly { readonly wins: string; readonly of: (terms: Terms) => number }[] = [
  { wins: 'it can start sooner', of: ({ waitMs }) => waitMs },
  { wins: 'it makes the answer faster', of: ({ serviceMs }) => serviceMs },
  { wins: 'it is nearer', of: ({ netMs }) => netMs },
  { wins: 'it has the model loaded', of: ({ coldMs }) => coldMs },
  { wins: 'it has more headroom', of: ({ score, etaMs }) => score - etaMs },
]

const HEADERS = [
  'PEER',
  'SCORE',
  'ETA',
  'WORK',
  'AT ONCE',
  'WAIT',
  'SERVICE',
  'NETWORK',
  'COLD',
  'HEADROOM',
  'RESERVED',
  'AGE',
  'VERDICT',
]

/** The given name and, since names need not be unique, the end of the id. */
function called(peer: string, names: PeerNames): string {
  const name = names.get(peer)
  return name === undefined ? shortPeer(peer) : `${safeText(name)} (${shortPeer(peer)})`
}

function exclusionText(exclusion: string): string {
  return Object.hasOwn(EXCLUSIONS, exclusion) ? EXCLUSIONS[exclusion as Exclusion] : exclusion
}

function verdict({ peer, exclusion, terms }: Candidate, chosen: string | undefined): string {
  if (peer === chosen) return 'chosen'
  if (exclusion !== undefined) return `excluded: ${exclusionText(exclusion)}`
  return terms === undefined ? 'could have, not in the sample' : 'scored'
}

function candidateRow(candidate: Candidate, chosen: string | undefined, names: PeerNames) {
  const { peer, terms, reservedCount, stateAgeMs } = candidate
  const figures =
    terms === undefined
      ? HEADERS.slice(1, -3).map(() => '-')
      : [
          showMs(terms.score),
          showMs(terms.etaMs),
          showMs(terms.workLeftMs),
          String(Number(terms.parallelism.toFixed(1))),
          showMs(terms.waitMs),
          showMs(terms.serviceMs),
          showMs(terms.netMs),
          showMs(terms.coldMs),
          `${Math.round(terms.headroomRatio * 100)} %`,
        ]
  return [
    called(peer, names),
    ...figures,
    String(reservedCount),
    showMs(stateAgeMs),
    verdict(candidate, chosen),
  ]
}

/** Why the winner won, in one sentence. */
export function whyChosen(decision: Decision, names: PeerNames): string {
  const { candidates, chosen, strategy } = decision
  const scored = candidates.flatMap(({ peer, terms }) => (terms ? [{ peer, terms }] : []))
  if (chosen === undefined) {
    return candidates.length === 0
      ? 'Nobody was chosen: no peer is known.'
      : `Nobody was chosen: none of ${candidates.length} peers could take the request.`
  }
  const winner = scored.find(({ peer }) => peer === chosen)
  const name = called(chosen, names)
  if (winner === undefined) return `${name} was chosen by the strategy ${strategy}.`

  const [rival] = scored
    .filter(({ peer }) => peer !== chosen)
    .toSorted((a, b) => a.terms.score - b.terms.score)
  if (rival === undefined) {
    const others = candidates.filter(({ exclusion }) => exclusion === undefined).length
    const reason = others === 1 ? 'that could take the request' : 'in the sample'
    return `${name} was chosen: it was the only peer ${reason}.`
  }
  const own = showMs(winner.terms.score)
  const other = `${called(rival.peer, names)} with ${showMs(rival.terms.score)}`
  if (winner.terms.score > rival.terms.score) {
    return `${name} was chosen by the strategy ${strategy}, with a score of ${own}, before ${other}.`
  }
  if (winner.terms.score === rival.terms.score) {
    return `${name} was chosen among equals: its score of ${own} is that of ${other}.`
  }
  return (
    `${name} was chosen: its score of ${own} is the lowest of ${scored.length}, before ${other}, ` +
    `mostly because ${mainReason(winner.terms, rival.terms)}.`
  )
}

/** The term that makes the largest difference. */
function mainReason(winner: Terms, rival: Terms): string {
  let best = { wins: 'its score is lower', gain: 0, text: '' }
  for (const { wins, of } of TERMS) {
    const gain = of(rival) - of(winner)
    if (gain <= best.gain) continue
    best = { wins, gain, text: ` (${showMs(of(winner))} against ${showMs(of(rival))})` }
  }
  return best.wins + best.text
}

function attemptLine(
  { peer, errorCode, durationMs, isHedge, isCancelled }: Decision['attempts'][number],
  { isLast, outcome, names }: { isLast: boolean; outcome: string; names: PeerNames },
): string {
  const after = durationMs === undefined ? '' : ` after ${showMs(durationMs)}`
  const who = isHedge === true ? `${called(peer, names)}, asked too,` : called(peer, names)
  if (errorCode !== undefined) return `${who} failed${after}: ${errorCode}`
  if (isCancelled === true) return `${who} was ended${after}: another was faster`
  if (isLast && outcome === 'cancelled') return `${who} was cancelled${after}`
  return durationMs === undefined ? `${who} has not answered yet` : `${who} began to answer${after}`
}

const DENIALS: Record<RetryDenial, string | undefined> = {
  // The error of the attempt says it.
  'not-retryable': undefined,
  'attempts-used': 'it was sent to as many peers as may be',
  'nobody-left': 'no other peer could take it',
  'bounces-used': 'too many peers in a row took nothing',
  'budget-spent': 'too many requests had failed of late',
}

/** Why nobody else was asked, if it failed. */
function denialLines({ retryDenial }: Decision): readonly string[] {
  const why = Object.entries(DENIALS).find(([denial]) => denial === retryDenial)?.[1]
  return why === undefined ? [] : [`It was not tried elsewhere: ${why}.`]
}

/** Who is not in the table, and why. Empty: everybody is. */
function absentLines(decision: Decision): readonly string[] {
  const { candidatesOmittedCount = 0, notLookedAtCount = 0, withoutModelCount = 0 } = decision
  const absent = [
    [candidatesOmittedCount, 'were looked at too and are not listed'],
    [notLookedAtCount, 'serve the model and were neither sampled nor looked at'],
    // Of a model that nobody serves, these are in the table.
    [decision.candidates.some(isServing) ? withoutModelCount : 0, 'do not serve the model'],
  ] as const
  const lines = absent.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
  return lines.length === 0 ? [] : [`Of the others, ${lines.join(', ')}.`, '']
}

const isServing = ({ exclusion }: Candidate) => exclusion !== 'model-missing'

/** What is left out of SERVICE, of those that have some of the prompt in their cache. */
function cacheLines({ candidates }: Decision, names: PeerNames): readonly string[] {
  const cached = candidates.flatMap(({ peer, terms }) => {
    const tokens = Math.round(terms?.cachedTokens ?? 0)
    return tokens === 0 ? [] : [`${called(peer, names)} about ${tokens}`]
  })
  if (cached.length === 0) return []
  return [`Prompt tokens expected in a cache, and not in SERVICE: ${cached.join(', ')}.`, '']
}

/** The whole decision, as lines for people. */
export function explain(decision: Decision, names: PeerNames = new Map()): readonly string[] {
  const { attempts, candidates, chosen, ingress, outcome } = decision
  const rows = candidates.map(candidate => candidateRow(candidate, chosen, names))
  const time = new Date(decision.atWallMs).toISOString()
  return [
    `Decision ${decision.id}: ${safeText(decision.model)}, ${outcome}`,
    `Made ${time} by ${called(ingress, names)} with the strategy ${decision.strategy}, for about ` +
      `${Math.round(decision.inputTokens)} prompt tokens and ` +
      `${Math.round(decision.outputTokensExpected)} answer tokens.`,
    '',
    whyChosen(decision, names),
    '',
    ...table(HEADERS, rows),
    '',
    ...absentLines(decision),
    ...cacheLines(decision, names),
    'ETA = WAIT + SERVICE + NETWORK + COLD. SCORE is ETA, raised if HEADROOM is short;',
    'the lowest wins. AGE is how old the numbers were.',
    '',
    ...attempts.map((attempt, index) => {
      const isLast = index === attempts.length - 1
      return `Attempt ${index + 1}: ${attemptLine(attempt, { isLast, outcome, names })}`
    }),
    ...denialLines(decision),
  ]
}
