/**
 * The breaker of one peer and model: when it opens, for how long, and what closes it.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { errorKinds, isErrorCode } from '../../src/core/errors.ts'
import { Circuit, type Verdict } from '../../src/scheduler/breaker.ts'
import { isBounce, isPeersFault } from '../../src/scheduler/breaker-fault.ts'

const MINUTE_MS = 60_000

const rules = {
  ...{ failuresMax: 5, openMs: MINUTE_MS, probesMax: 3 },
  ...{ backoffMinMs: 5 * MINUTE_MS, backoffMaxMs: 20 * MINUTE_MS, slowStartMs: 30_000 },
}

/** Sends one request and tells what became of it at once. */
function use(circuit: Circuit, verdict: Verdict, atMs = 0) {
  assert.ok(circuit.mayPass(rules, atMs), `a request passes at ${atMs} ms`)
  const { epoch } = circuit
  circuit.enter()
  return circuit.settle(verdict, epoch, atMs, rules)
}

function times(count: number, act: () => unknown): unknown[] {
  return Array.from({ length: count }, act)
}

/** One that has just opened for the first time. */
function opened(atMs = 0): Circuit {
  const circuit = new Circuit()
  times(5, () => use(circuit, 'failure', atMs))
  return circuit
}

describe('a breaker', () => {
  test('opens with the fifth failure in a row, and not before', () => {
    const circuit = new Circuit()
    assert.deepEqual(
      times(5, () => use(circuit, 'failure')),
      [undefined, undefined, undefined, undefined, 'open'],
    )
  })

  test('starts counting anew after a success, not after a request that was given up', () => {
    const circuit = new Circuit()
    times(4, () => use(circuit, 'failure'))
    use(circuit, 'none')
    assert.equal(circuit.failureCount, 4)
    use(circuit, 'success')
    times(4, () => use(circuit, 'failure'))
    assert.equal(circuit.stateAt(0), 'closed')
  })

  const vectors = [
    { atMs: 59_000, state: 'open', passes: false },
    { atMs: 59_999, state: 'open', passes: false },
    { atMs: 60_000, state: 'half-open', passes: true },
    { atMs: 61_000, state: 'half-open', passes: true },
  ] as const
  for (const { atMs, state, passes } of vectors) {
    test(`that opened is ${state} after ${atMs / 1_000} s`, () => {
      const circuit = opened()
      assert.equal(circuit.stateAt(atMs), state)
      assert.equal(circuit.mayPass(rules, atMs), passes)
    })
  }
})

describe('a breaker that is half-open', () => {
  test('closes when all of its probes have succeeded', () => {
    const circuit = opened()
    assert.deepEqual(
      times(3, () => use(circuit, 'success', 61_000)),
      [undefined, undefined, 'closed'],
    )
  })

  test('closes with the first success if one probe is asked for', () => {
    const circuit = opened()
    const { epoch } = circuit
    circuit.enter()
    assert.equal(circuit.settle('success', epoch, 61_000, { ...rules, probesMax: 1 }), 'closed')
  })

  test('opens again with any failure', () => {
    const circuit = opened()
    times(2, () => use(circuit, 'success', 61_000))
    assert.equal(use(circuit, 'failure', 61_000), 'open')
    assert.isFalse(circuit.mayPass(rules, 61_000))
  })

  test('lets no more requests through than it has probes', () => {
    const circuit = opened()
    times(3, () => circuit.enter())
    assert.isFalse(circuit.mayPass(rules, 61_000))
  })

  test('gives the place of a probe that was given up to another', () => {
    const circuit = opened()
    times(3, () => circuit.enter())
    circuit.settle('none', circuit.epoch, 61_000, rules)
    assert.isTrue(circuit.mayPass(rules, 61_000))
    assert.equal(circuit.stateAt(61_000), 'half-open')
  })

  test('learns nothing from what was sent before it opened', () => {
    const circuit = new Circuit()
    const before = circuit.epoch
    circuit.enter()
    times(5, () => use(circuit, 'failure'))
    const probe = circuit.epoch
    circuit.enter()
    assert.isUndefined(circuit.settle('failure', before, 61_000, rules))
    assert.equal(circuit.stateAt(61_000), 'half-open')
    assert.isUndefined(circuit.settle('success', probe, 61_000, rules))
  })
})

describe('a repeat offender', () => {
  test('rests for 1, 5, 10, 20 and 20 minutes', () => {
    const circuit = opened()
    const restsMs = [circuit.openUntilMs]
    for (let count = 0; count < 4; count += 1) {
      const atMs = circuit.openUntilMs
      use(circuit, 'failure', atMs)
      restsMs.push(circuit.openUntilMs - atMs)
    }
    assert.deepEqual(
      restsMs.map(ms => ms / MINUTE_MS),
      [1, 5, 10, 20, 20],
    )
  })

  test('is one too if it was closed in between, unless that was long', () => {
    const circuit = opened()
    times(3, () => use(circuit, 'success', MINUTE_MS))
    times(5, () => use(circuit, 'failure', 2 * MINUTE_MS))
    assert.equal(circuit.openUntilMs, 7 * MINUTE_MS)

    times(3, () => use(circuit, 'success', 7 * MINUTE_MS))
    times(5, () => use(circuit, 'failure', 27 * MINUTE_MS))
    assert.equal(circuit.openUntilMs, 28 * MINUTE_MS)
  })

  test('may be tried before its time if there is a sign that it is well', () => {
    const circuit = opened()
    use(circuit, 'failure', MINUTE_MS)
    circuit.revive(2 * MINUTE_MS)
    assert.equal(circuit.stateAt(2 * MINUTE_MS), 'half-open')
    use(circuit, 'failure', 2 * MINUTE_MS)
    assert.equal(circuit.openUntilMs, 12 * MINUTE_MS)
  })
})

describe('after recovery', () => {
  const recovered = opened()
  times(3, () => use(recovered, 'success', MINUTE_MS))
  const ramp = [
    { afterMs: 0, ratio: 0.1 },
    { afterMs: 3_000, ratio: 0.1 },
    { afterMs: 15_000, ratio: 0.5 },
    { afterMs: 30_000, ratio: 1 },
  ]
  for (const { afterMs, ratio } of ramp) {
    test(`a peer has ${ratio} of its share after ${afterMs / 1_000} s`, () => {
      assert.equal(recovered.rampRatio(rules, MINUTE_MS + afterMs), ratio)
    })
  }

  test('nothing is left to know when all is forgiven', () => {
    assert.isFalse(recovered.isBlank(rules, 2 * MINUTE_MS))
    assert.isTrue(recovered.isBlank(rules, 21 * MINUTE_MS))
  })

  test('a peer that never failed has its whole share', () => {
    assert.equal(new Circuit().rampRatio(rules, 0), 1)
  })
})

describe('whose fault an error is', () => {
  const codes = Object.keys(errorKinds).filter(isErrorCode)

  test('4xx opening a breaker: no code of a client’s fault is the peer’s', () => {
    const clients = codes.filter(code => errorKinds[code].status < 500)
    assert.isAbove(clients.length, 10)
    assert.deepEqual(clients.filter(isPeersFault), [])
  })

  test('is the peer’s if it broke, broke off, or was silent', () => {
    const broken = [
      'ERR_ENGINE',
      'ERR_PEER_LOST',
      'ERR_BAD_FRAME',
      'ERR_DEADLINE_EXCEEDED',
    ] as const
    assert.ok(broken.every(isPeersFault))
  })

  test('is nobody’s if the peer says in good order that it takes nothing', () => {
    const bounces = codes.filter(isBounce)
    assert.deepEqual(bounces.toSorted(), ['ERR_MODEL_NOT_FOUND', 'ERR_OVERLOADED', 'ERR_STOPPING'])
    assert.deepEqual(bounces.filter(isPeersFault), [])
  })
})

interface Step {
  readonly act: 'send' | Verdict
  readonly waitMs: number
}

/** Plays steps, and tells the state after each with how many probes are out. */
function* played(steps: readonly Step[]) {
  const circuit = new Circuit()
  const out: number[] = []
  let nowMs = 0
  for (const { act, waitMs } of steps) {
    nowMs += waitMs
    const isSent = act === 'send' && circuit.mayPass(rules, nowMs)
    if (isSent) {
      out.push(circuit.epoch)
      circuit.enter()
    }
    const epoch = act === 'send' ? undefined : out.shift()
    if (act !== 'send' && epoch !== undefined) circuit.settle(act, epoch, nowMs, rules)
    const probeCount = out.filter(each => each === circuit.epoch).length
    yield { circuit, nowMs, probeCount: circuit.isClosed ? 0 : probeCount }
  }
}

test('no history lets more probes out than there may be, or any request while it is open', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    act: fc.constantFrom('send', 'send', 'success', 'failure', 'failure', 'none'),
    waitMs: fc.constantFrom(0, 0, 1_000, 60_000, 300_000),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), steps => {
      for (const { circuit, nowMs, probeCount } of played(steps)) {
        assert.isAtMost(probeCount, rules.probesMax)
        const isOpen = circuit.stateAt(nowMs) === 'open'
        assert.isFalse(isOpen && circuit.mayPass(rules, nowMs))
      }
    }),
  )
})
