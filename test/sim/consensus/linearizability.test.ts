/**
 * The checker of client histories (Wing and Gong 1993): what it accepts, what it refuses, and the
 * reason it gives. Random histories are held against a brute force over all orders.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { Operation } from '../../../sim/consensus/history.ts'
import { checkLinearizability, type Verdict } from '../../../sim/consensus/linearizability.ts'
import {
  type RegisterInput,
  type RegisterOutput,
  registerModel,
} from '../../../sim/consensus/register-model.ts'
import { NEVER } from '../../../src/core/machine.ts'
import { hasOrderByBruteForce, overlapping, type RegisterOperation } from './register-histories.ts'

const get: RegisterInput = { type: 'get' }
const remove: RegisterInput = { type: 'delete' }
const put = (value: string, expectedRevision?: number): RegisterInput => ({
  ...{ type: 'put', value, expectedRevision },
})
const found = (value: string, revision: number): RegisterOutput => ({
  ...{ type: 'found', value, revision },
})
const stored = (revision: number): RegisterOutput => ({ type: 'stored', revision })
const none: RegisterOutput = { type: 'none' }
const conflict: RegisterOutput = { type: 'conflict' }
const deleted: RegisterOutput = { type: 'deleted' }

type Row = readonly [call: number, end: number, input: RegisterInput, output?: RegisterOutput]

const historyOf = (rows: readonly Row[], key = 'k'): RegisterOperation[] =>
  rows.map(([callOrder, end, input, output], index) => {
    const returnOrder = output === undefined ? NEVER : end
    const times = { callOrder, returnOrder, callMs: callOrder * 10, returnMs: returnOrder * 10 }
    return { client: `client ${index}`, key, input, output, ...times }
  })

const judge = (rows: readonly Row[]): Verdict =>
  checkLinearizability(historyOf(rows), registerModel)

/** Why it is refused. */
function reason(verdict: Verdict): string {
  assert(verdict.type === 'contradiction', `expected a contradiction, found ${verdict.type}`)
  return verdict.explanation
}

const linearizable: { name: string; rows: Row[] }[] = [
  { name: 'nothing at all', rows: [] },
  { name: 'a read before any write', rows: [[1, 2, get, none]] },
  {
    name: 'one after the other',
    rows: [
      [1, 2, put('a'), stored(4)],
      [3, 4, get, found('a', 4)],
      [5, 6, put('b', 4), stored(9)],
      [7, 8, put('c', 4), conflict],
      [9, 10, remove, deleted],
      [11, 12, remove, none],
      [13, 14, put('d', 0), stored(11)],
      [15, 16, put('e', 0), conflict],
    ],
  },
  {
    name: 'a read beside a write that sees it',
    rows: [
      [1, 10, put('a'), stored(1)],
      [2, 3, get, found('a', 1)],
    ],
  },
  {
    name: 'a read beside a write that does not see it yet',
    rows: [
      [1, 10, put('a'), stored(1)],
      [2, 3, get, none],
      [4, 5, get, found('a', 1)],
    ],
  },
  {
    name: 'two writes at a time, in the order that their revisions say',
    rows: [
      [1, 10, put('a'), stored(2)],
      [2, 9, put('b'), stored(1)],
      [11, 12, get, found('a', 2)],
    ],
  },
  {
    name: 'of two that expect the same, one that gets it',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 10, put('b', 1), stored(2)],
      [4, 9, put('c', 1), conflict],
    ],
  },
  {
    name: 'a write of unknown outcome that is seen much later',
    rows: [
      [1, 0, put('a')],
      [2, 3, put('b'), stored(1)],
      [4, 5, get, found('b', 1)],
      [6, 7, get, found('a', 5)],
      [8, 9, put('c', 5), stored(6)],
    ],
  },
  {
    name: 'a write of unknown outcome that never happens',
    rows: [
      [1, 0, put('a')],
      [2, 3, get, none],
      [4, 5, put('b', 0), stored(1)],
    ],
  },
  {
    name: 'a delete of unknown outcome that happens',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 0, remove],
      [4, 5, get, found('a', 1)],
      [6, 7, get, none],
    ],
  },
  {
    name: 'one value written twice, of which a read tells which it saw',
    rows: [
      [1, 0, put('a')],
      [2, 20, get, found('a', 7)],
      [3, 20, get, found('a', 3)],
      [4, 20, put('a'), stored(7)],
    ],
  },
  {
    name: 'a conflict with a write of unknown outcome',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 0, put('b', 1)],
      [4, 5, put('c', 1), conflict],
    ],
  },
]

const impossible: { name: string; rows: Row[]; says: RegExp }[] = [
  {
    name: 'a stale read',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 4, put('b'), stored(2)],
      [5, 6, get, found('a', 1)],
    ],
    says: /"b" at revision 2,\nand none of these can be next:\n {2}client 2: get → "a" at revision 1/,
  },
  {
    name: 'a read that goes back behind another',
    rows: [
      [1, 20, put('a'), stored(1)],
      [2, 3, get, found('a', 1)],
      [4, 5, get, none],
    ],
    says: /client 2: get → none, from 40 to 50 ms \(events 4 to 5\)$/,
  },
  {
    name: 'a lost update',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 10, put('b', 1), stored(2)],
      [4, 9, put('c', 1), stored(3)],
    ],
    says: /put "b" if at revision 1 → revision 2/,
  },
  {
    name: 'a write that is acknowledged and gone',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 4, get, none],
    ],
    says: /Then there is "a" at revision 1,/,
  },
  {
    name: 'a write that is applied twice',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 4, put('b'), stored(2)],
      [5, 6, get, found('a', 3)],
    ],
    says: /get → "a" at revision 3/,
  },
  {
    name: 'a write of unknown outcome that is applied twice',
    rows: [
      [1, 0, put('a')],
      [2, 3, get, found('a', 1)],
      [4, 5, put('b'), stored(2)],
      [6, 7, get, found('a', 3)],
    ],
    says: /get → "a" at revision 3/,
  },
  {
    name: 'a read of a value that was never written',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 4, put('b'), stored(2)],
      [5, 6, get, found('z', 2)],
    ],
    says: /^no order .* "k" .*\nThis cannot be true, whenever, if ever, 2 other writes happened:\n {2}client 2: get → "z"/,
  },
  {
    name: 'a write of unknown outcome that is seen before it is called',
    rows: [
      [1, 2, get, found('a', 1)],
      [3, 0, put('a')],
    ],
    says: /get → "a" at revision 1/,
  },
  {
    name: 'a revision that is given out twice',
    rows: [
      [1, 2, put('a'), stored(5)],
      [3, 4, put('b'), stored(5)],
    ],
    says: /put "b" → revision 5/,
  },
  {
    name: 'a conflict with nobody',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 4, put('b', 1), conflict],
    ],
    says: /put "b" if at revision 1 → conflict/,
  },
  {
    name: 'a delete that is undone',
    rows: [
      [1, 2, put('a'), stored(1)],
      [3, 4, remove, deleted],
      [5, 6, get, found('a', 1)],
    ],
    says: /Then there is nothing \(after revision 1\),/,
  },
]

describe('a history is linearizable', () => {
  for (const { name, rows } of linearizable) {
    test(`with ${name}`, () => {
      assert.deepEqual(judge(rows), { type: 'linearizable' })
    })
  }
})

describe('a history is refused, with its reason,', () => {
  for (const { name, rows, says } of impossible) {
    test(`for ${name}`, () => {
      assert.match(reason(judge(rows)), says)
    })
  }

  test('whatever happens to other keys', () => {
    const stale = impossible[0]?.rows ?? []
    const operations = [
      ...historyOf(linearizable[2]?.rows ?? [], 'good'),
      ...historyOf(stale, 'bad'),
    ]

    const verdict = checkLinearizability(operations, registerModel)

    assert.match(reason(verdict), /the operations on "bad"/)
    assert.deepInclude(verdict, { key: 'bad' })
  })

  test('which is short however long the history is', () => {
    const rows: Row[] = Array.from(
      { length: 200 },
      (_, index) =>
        [
          ...[3 * index + 1, 3 * index + 2],
          ...[put(`v${index}`), stored(index + 1)],
        ] as unknown as Row,
    )
    const stale: Row[] = [[700, 701, get, found('v50', 51)]]
    const later: Row[] = [[800, 801, get, found('v199', 200)]]

    const text = reason(judge([...rows, ...stale, ...later]))

    assert.match(text, /These 2 cannot all be true/)
    assert.match(text, /get → "v50" at revision 51/)
    assert.notMatch(text, /get → "v199"/)
    assert.isBelow(text.split('\n').length, 9)
  })
})

describe('the search', () => {
  test('says so when it ran out of steps', () => {
    const rows: Row[] = [
      [1, 2, put('a'), stored(1)],
      [3, 4, get, found('a', 1)],
    ]

    const at = (stepsMax: number) =>
      checkLinearizability(historyOf(rows), registerModel, { stepsMax })

    assert.deepEqual(at(1), { type: 'undecided', key: 'k' })
    assert.deepEqual(at(2), { type: 'linearizable' })
  })

  test('takes few steps where forty writes have no known outcome', () => {
    const unknown: Row[] = Array.from({ length: 40 }, (_, index) => [
      1 + index,
      0,
      put(`u${index}`),
    ])
    const known: Row[] = Array.from(
      { length: 40 },
      (_, index) =>
        [
          ...[100 + 2 * index, 101 + 2 * index],
          ...[put(`v${index}`), stored(index + 1)],
        ] as unknown as Row,
    )
    const stale: Row[] = [[300, 301, get, found('v3', 4)]]
    const stepsMax = 200_000

    const verdict = checkLinearizability(
      historyOf([...unknown, ...known, ...stale]),
      registerModel,
      {
        stepsMax,
      },
    )

    assert.match(reason(verdict), /get → "v3" at revision 4/)
  })

  test('takes a few steps for each of 2,000 operations of 8 clients on 20 keys', () => {
    const operations = overlapping({ seed: 7, operationCount: 2_000, clientCount: 8, keyCount: 20 })

    const verdict = checkLinearizability(operations, registerModel, { stepsMax: 10_000 })

    assert.deepEqual(verdict, { type: 'linearizable' })
  })
})

describe('histories of a real register', () => {
  test('are accepted, however their operations overlap and whatever outcomes get lost', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 12 }), (seed, clientCount) => {
        const size = { operationCount: 80, keyCount: 2 }
        const operations = overlapping({ seed, clientCount, unknownRatio: 0.2, ...size })
        assert.deepEqual(checkLinearizability(operations, registerModel), { type: 'linearizable' })
      }),
      { numRuns: 200 },
    )
  })

  test('with one read changed are judged as a brute force over all orders does', () => {
    let refusedCount = 0
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(), (seed, which, other) => {
        const size = { operationCount: 7, clientCount: 4, keyCount: 1 }
        const changed = withReadChanged(overlapping({ seed, unknownRatio: 0.2, ...size }), {
          which,
          other,
        })
        const { type } = checkLinearizability(changed, registerModel)
        assert.equal(type === 'linearizable', hasOrderByBruteForce(changed))
        if (type !== 'linearizable') refusedCount += 1
      }),
      { numRuns: 500, seed: 1 },
    )
    assert.isAbove(refusedCount, 100)
  })
})

/** One of its gets answers what another operation wrote or saw, or that there is nothing. */
function withReadChanged(
  operations: readonly RegisterOperation[],
  { which, other }: { readonly which: number; readonly other: number },
): readonly RegisterOperation[] {
  const reads = operations.filter(each => each.input.type === 'get' && each.output !== undefined)
  const read = reads[which % Math.max(1, reads.length)]
  const outputs = operations.map(answerLike)
  const output = outputs[other % outputs.length]
  return operations.map(each => (each === read ? { ...each, output } : each))
}

function answerLike({ input, output }: Operation<RegisterInput, RegisterOutput>): RegisterOutput {
  if (input.type === 'put') {
    return found(input.value, output?.type === 'stored' ? output.revision : 3)
  }
  return output?.type === 'found' ? output : none
}
