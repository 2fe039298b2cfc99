/**
 * A decision in words: each way a peer can win, and every figure of the table.
 */
import { assert, describe, test } from 'vitest'
import { explain, whyChosen } from '../../src/cli/explain.ts'
import { decisionRecord } from '../../src/cli/wire.ts'
import type { DecisionRecord, RetryDenial } from '../../src/scheduler/decision.ts'
import { DECISION, LOSING, WINNING } from './sample-decision.ts'

/** As it arrives from a peer. */
const received = (record: DecisionRecord) =>
  decisionRecord.parse(JSON.parse(JSON.stringify(record)))

const names = new Map([['peer-b', 'gpu1']])

test('every term, exclusion and attempt is shown', () => {
  assert.equal(
    explain(received(DECISION), names).join('\n'),
    `Decision 00112233445566778899aabbccddeeff: toy-15m, answered
Made 1970-01-01T00:00:00.000Z by peer-a with the strategy mesh, for about 12 prompt tokens and 64 answer tokens.

gpu1 (peer-b) was chosen: its score of 121 ms is the lowest of 2, before peer-c with 341 ms, mostly because it can start sooner (20 ms against 240 ms).

PEER           SCORE   ETA     WORK    AT ONCE  WAIT    SERVICE  NETWORK  COLD  HEADROOM  RESERVED  AGE     VERDICT
gpu1 (peer-b)  121 ms  121 ms  40 ms   2        20 ms   100 ms   1 ms     0 ms  90 %      1         120 ms  chosen
peer-c         341 ms  341 ms  480 ms  2        240 ms  100 ms   1 ms     0 ms  90 %      0         900 ms  scored
peer-d         -       -       -       -        -       -        -        -     -         0         900 ms  could have, not in the sample
peer-a         -       -       -       -        -       -        -        -     -         0         0 ms    excluded: it does not serve the model

ETA = WAIT + SERVICE + NETWORK + COLD. SCORE is ETA, raised if HEADROOM is short;
the lowest wins. AGE is how old the numbers were.

Attempt 1: peer-c failed after 12 ms: ERR_PEER_LOST
Attempt 2: gpu1 (peer-b) began to answer after 130 ms`,
  )
})

test('figures that an average left unrounded are rounded', () => {
  const terms = { ...WINNING, parallelism: 2.666_666 }
  const candidates = DECISION.candidates.map(each => (each.terms ? { ...each, terms } : each))
  const uneven = { ...DECISION, inputTokens: 12.25, outputTokensExpected: 87.312_5, candidates }
  const text = explain(received(uneven), names).join('\n')
  assert.include(text, 'for about 12 prompt tokens and 87 answer tokens.')
  assert.include(text, '  2.7  ')
  assert.notInclude(text, '2.66')
})

describe('what is not in the table', () => {
  const serving = DECISION.candidates.slice(0, 3)
  const textOf = (change: Partial<DecisionRecord>) =>
    explain(received({ ...DECISION, candidates: serving, ...change }), names).join('\n')

  test('is counted, by why it is not there', () => {
    const counts = { candidatesOmittedCount: 2, notLookedAtCount: 960, withoutModelCount: 7 }
    assert.include(
      textOf(counts),
      'Of the others, 2 were looked at too and are not listed, 960 serve the model and were ' +
        'neither sampled nor looked at, 7 do not serve the model.',
    )
    assert.notInclude(textOf({ notLookedAtCount: 0 }), 'Of the others')
  })

  test('is nobody of a model that nobody serves: they are listed', () => {
    const candidates = DECISION.candidates.slice(3)
    assert.notInclude(textOf({ candidates, withoutModelCount: 1 }), 'Of the others')
  })

  test('are the prompt tokens that a cache is expected to have', () => {
    const [first, ...others] = serving
    if (first === undefined) throw new Error('the sample has candidates')
    const terms = { ...WINNING, cachedTokens: 511.6 }
    const text = textOf({ candidates: [{ ...first, terms }, ...others] })
    assert.include(text, 'and not in SERVICE: gpu1 (peer-b) about 512.')
    assert.notInclude(textOf({}), 'in a cache')
  })
})

describe('the reason', () => {
  const [first, second, third, last] = DECISION.candidates
  const among = (...candidates: (typeof first)[]) =>
    whyChosen(
      received({ ...DECISION, candidates: candidates.filter(each => each !== undefined) }),
      names,
    )
  const rival = (changed: object) =>
    among(first, { ...first, peer: 'x', terms: { ...WINNING, ...changed } } as typeof first)

  const terms = [
    {
      rule: 'a faster engine',
      rival: { serviceMs: 900, score: 921 },
      says: 'makes the answer faster (100 ms against 900 ms)',
    },
    {
      rule: 'a shorter way',
      rival: { netMs: 81, score: 201 },
      says: 'it is nearer (1 ms against 81 ms)',
    },
    {
      rule: 'a loaded model',
      rival: { coldMs: 20_000, score: 20_121 },
      says: 'has the model loaded (0 ms against 20 s)',
    },
    {
      rule: 'more headroom',
      rival: { score: 500 },
      says: 'has more headroom (0 ms against 379 ms)',
    },
  ]
  for (const { rule, rival: other, says } of terms) {
    test(`can be ${rule}`, () => {
      const etaMs = other.serviceMs || other.netMs || other.coldMs ? other.score : WINNING.etaMs
      assert.include(rival({ ...other, etaMs }), says)
    })
  }

  test('can be that nobody else could, or nobody else was sampled', () => {
    assert.include(among(first, last), 'the only peer that could take the request')
    assert.include(among(first, third, last), 'the only peer in the sample')
  })

  test('can be a tie', () => {
    assert.include(rival({}), 'among equals')
  })

  test('can be a strategy that does not go by score', () => {
    const rotated = received({ ...DECISION, chosen: 'peer-c', strategy: 'round-robin' })
    assert.equal(
      whyChosen(rotated, names),
      'peer-c was chosen by the strategy round-robin, with a score of 341 ms, before gpu1 (peer-b) with 121 ms.',
    )
    assert.equal(
      whyChosen(received({ ...DECISION, chosen: 'peer-d', strategy: 'random' }), names),
      'peer-d was chosen by the strategy random.',
    )
  })

  test('is missing if nobody could be chosen', () => {
    const nobody = { ...DECISION, chosen: undefined, attempts: [], outcome: 'failed' as const }
    assert.include(
      whyChosen(received({ ...nobody, candidates: last ? [last] : [] }), names),
      'none of 1 peers',
    )
    assert.include(whyChosen(received({ ...nobody, candidates: [] }), names), 'no peer is known')
  })

  test('holds for a rival whose score is infinite, which JSON cannot say', () => {
    const infinite = { ...LOSING, score: Number.POSITIVE_INFINITY }
    assert.include(among(first, second && { ...second, terms: infinite }), 'was chosen: its score')
  })
})

test('an attempt that runs or was cancelled is called that', () => {
  const attempts = [{ peer: 'peer-b' }]
  const line = (outcome: DecisionRecord['outcome']) =>
    explain(received({ ...DECISION, attempts, outcome }), names).at(-1)
  assert.equal(line('pending'), 'Attempt 1: gpu1 (peer-b) has not answered yet')
  assert.equal(line('cancelled'), 'Attempt 1: gpu1 (peer-b) was cancelled')
})

test('a request that was sent to a second peer says of each how it ended', () => {
  const attempts = [
    { peer: 'peer-a', durationMs: 120, isCancelled: true },
    { peer: 'peer-b', durationMs: 20, isHedge: true },
  ]
  const lines = explain(received({ ...DECISION, attempts, outcome: 'answered' }), names)
  const [first = '', second = ''] = lines.filter(line => line.startsWith('Attempt'))
  assert.include(first, 'was ended after 120 ms: another was faster')
  assert.include(second, 'gpu1 (peer-b), asked too, began to answer after 20 ms')
})

test('a request that failed says why it was not tried elsewhere', () => {
  const failed = { ...DECISION, outcome: 'failed' } as const
  const last = (retryDenial: RetryDenial) =>
    explain(received({ ...failed, retryDenial }), names).at(-1)
  const why = 'It was not tried elsewhere: too many requests had failed of late.'
  assert.equal(last('budget-spent'), why)
  assert.notInclude(last('not-retryable'), 'elsewhere')
})
