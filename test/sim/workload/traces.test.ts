/**
 * Traces are read in their three forms, and replayed at any rate.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { type WorkloadScenario, workload } from '../../../sim/scenario/workload.ts'
import { meanRequestsOfTrace } from '../../../sim/workload/mean-request.ts'
import { parseTrace } from '../../../sim/workload/parse-trace.ts'
import type { SimRequest } from '../../../sim/workload/request.ts'
import type { TraceRow } from '../../../sim/workload/trace.ts'
import { createWorkload, type WorkloadInit } from '../../../sim/workload/workload.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { PrefixReader } from '../../../src/core/prompt-prefix.ts'

const HEAD = 'TIMESTAMP,ContextTokens,GeneratedTokens'

const packed = (file: string) => gunzipSync(readFileSync(`traces/${file}`)).toString()

function messageOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    assert.instanceOf(error, MeshError)
    assert.equal(error.code, 'ERR_CONFIG')
    return error.message
  }
  throw new Error('expected an error')
}

describe('a trace of Azure', () => {
  test('has times to the ten millionth of a second and needs no line end at its end', () => {
    const text = `${HEAD}\r\n2023-11-16 23:59:59.9999000,374,44\r\n2023-11-17 00:00:01.0000500,396,109`
    const rows = parseTrace('azure', text, 'm')
    assert.deepEqual(
      rows.map(({ atMs, model, inputTokens, outputTokens }) => [
        ...[Math.round(1e4 * atMs), model, inputTokens, outputTokens],
      ]),
      [
        [0, 'm', 374, 44],
        [10_001_500, 'm', 396, 109],
      ],
    )
  })

  test('comes with Skein, whole', () => {
    const rows = parseTrace('azure', packed('azure-llm-2023-conv.csv.gz'), 'm')
    assert.equal(rows.length, 19_366)
    assert.isTrue(rows.every(({ atMs }, index) => atMs >= (rows[index - 1]?.atMs ?? 0)))
    assert.closeTo(rows.at(-1)?.atMs ?? 0, 58 * 60_000, 60_000)
  })
})

describe('a trace of Mooncake', () => {
  test('comes with Skein, whole, and most of its blocks come again', () => {
    const rows = parseTrace('mooncake', packed('mooncake-fast25-synthetic.jsonl.gz'), 'm')
    assert.equal(rows.length, 3_993)
    const blocks = rows.flatMap(row => row.blocks)
    assert.closeTo(1 - new Set(blocks).size / blocks.length, 0.64, 0.005)
  })
})

describe('a trace of our own', () => {
  const line = (changes: object) =>
    JSON.stringify({ atMs: 0, model: 'm', inputTokens: 1_000, outputTokens: 5, ...changes })

  test('has models, prefixes, tenants and priorities', () => {
    const prefix = { characterCount: 4_000, root: 9, marks: [1, 2, 3] }
    const text = `{"skeinTrace":1}\n${line({ atMs: 5, prefix, tenant: 't', priority: 'high' })}\n`
    const [row] = parseTrace('skein', text, 'unused')
    assert.deepInclude(row, { atMs: 0, model: 'm', prefix, tenant: 't', priority: 'high' })
    assert.equal(row?.blocks.length, 2)
  })

  test('has blocks that are alike no further than the texts, and not much less', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 4_000 }))
    fc.assert(
      fc.property(size, size, size, (shared, first, second) => {
        const rowOf = (own: string, count: number) => {
          const reader = new PrefixReader()
          reader.add('s'.repeat(shared))
          reader.add(own.repeat(count))
          const prefix = reader.end()
          return line({ prefix, inputTokens: Math.ceil(prefix.characterCount / 4) })
        }
        const text = ['{"skeinTrace":1}', rowOf('a', first), rowOf('b', second)].join('\n')
        const [a, b] = parseTrace('skein', text, 'm')
        const same = (a?.blocks ?? []).filter((id, index) => id === b?.blocks[index]).length
        assert.isAtMost(same, Math.floor(shared / 4 / 512))
        // At most a third lies behind the last common mark, and one block begins before it.
        assert.isAtLeast(same, Math.floor((shared * 2) / 3 / 4 / 512) - 1)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['azure', 'a,b\n', /line 1: expected TIMESTAMP/],
  ['azure', '', /line 1: expected TIMESTAMP/],
  ['azure', `${HEAD}\n`, /expected 1 to 5000000 rows, found 0/],
  ['azure', `${HEAD}\n\n2023-11-16,374,44\n`, /line 3: expected a time and two counts/],
  ['mooncake', '{"timestamp": 1', /line 1: expected a JSON object/],
  ['mooncake', '{"timestamp": 1}', /line 1: expected timestamp, input_length/],
  [
    'mooncake',
    '{"timestamp": 0, "input_length": 600, "output_length": 1, "hash_ids": [1]}',
    /line 1: expected 2 hash_ids for 600 tokens, 512 each, found 1/,
  ],
  ['skein', '{"skeinTrace":2}\n', /line 1: expected {"skeinTrace":1}/],
  ['skein', '{"skeinTrace":1}\n{"atMs":0}\n', /line 2: expected a request \(model\)/],
  [
    'skein',
    '{"skeinTrace":1}\n{"atMs":0,"model":"m","inputTokens":1,"outputTokens":1,"text":"x"}',
    /line 2: expected a request: Unrecognized key: "text"/,
  ],
] as const)('what is wrong in a trace (%s, %o) is told with its line', (format, text, message) => {
  assert.match(
    messageOf(() => parseTrace(format, text, 'm')),
    message,
  )
})

function scenarioOf(changes: object): WorkloadScenario {
  return workload.parse({
    arrivals: { type: 'trace', format: 'mooncake', file: 'x', ...changes },
    classes: [{ kind: 'llm', model: 'm', share: 1 }],
  })
}

function rowsOf(count: number): readonly TraceRow[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ model: 'm', outputTokens: 10, prefix: undefined, tenant: undefined, priority: undefined },
    atMs: 10 * index ** 1.3,
    inputTokens: 1_100,
    // The first block is everybody's, the second one conversation's, the third nobody's.
    blocks: [0, 1 + Math.floor(index / 4), 1_000 + index],
  }))
}

function replay(
  trace: readonly TraceRow[],
  changes: object,
  init: Partial<WorkloadInit> = {},
): SimRequest[] {
  const source = createWorkload({
    ...{ scenario: scenarioOf(changes), durationMs: 100_000, seed: 1, ingressCount: 3 },
    ...{ requestsPerSecond: 20, trace },
    ...init,
  })
  const requests: SimRequest[] = []
  for (let next = source.next(); next !== undefined; next = source.next()) requests.push(next)
  return requests
}

describe('a replay', () => {
  const trace = rowsOf(400)

  test.each([1, 3, 16])('of %i copies has the rate that is asked for, in order', copies => {
    const requests = replay(trace, { copies })
    assert.closeTo(requests.length / 100, 20, 3)
    for (const [index, { atMs, index: number }] of requests.entries()) {
      assert.equal(number, index)
      assert.isTrue(atMs >= (requests[index - 1]?.atMs ?? 0) && atMs < 100_000)
    }
  })

  test('from the first request on has the times of the trace, stretched', () => {
    const spanMs = ((trace.at(-1)?.atMs ?? 0) * 400) / 399
    const requestsPerSecond = 400_000 / spanMs / 2
    const durationMs = 2 * (trace.at(-1)?.atMs ?? 0) + 1
    const requests = replay(trace, { begin: 'first' }, { requestsPerSecond, durationMs })
    assert.equal(requests.length, 400)
    for (const [index, { atMs }] of requests.entries()) {
      assert.closeTo(atMs, 2 * (trace[index]?.atMs ?? 0), 1e-6)
    }
  })

  test('begins elsewhere with another seed, and is the same with the same', () => {
    const firstOf = (seed: number) => replay(trace, {}, { seed })[0]?.blocks[2]
    assert.equal(firstOf(1), firstOf(1))
    assert.isAbove(new Set([1, 2, 3, 4, 5].map(firstOf)).size, 2)
  })

  test('knows a system prompt again in all copies, and no conversation but in its own', () => {
    const requests = replay(trace, { copies: 8, begin: 'first' }, { durationMs: 20_000 })
    assert.isTrue(requests.every(({ blocks }) => blocks[0] === 0))
    const sizes = new Map<number | undefined, number>()
    for (const { blocks } of requests) sizes.set(blocks[1], (sizes.get(blocks[1]) ?? 0) + 1)
    assert.isAtMost(Math.max(...sizes.values()), 4)
    assert.isAbove(sizes.size, requests.length / 4 - 1)
    assert.equal(new Set(requests.map(({ blocks }) => blocks[2])).size, requests.length)
  })

  test('has other conversations when the trace begins again', () => {
    const requests = replay(trace, { begin: 'first' }, { durationMs: 60_000 })
    assert.isAbove(requests.length, 2 * trace.length)
    assert.equal(new Set(requests.map(({ blocks }) => blocks[2])).size, requests.length)
  })

  test('has marks and roots that are alike exactly where blocks are', () => {
    const requests = replay(trace, { copies: 4 }, { durationMs: 10_000 })
    for (const a of requests.slice(0, 60)) {
      for (const b of requests.slice(0, 60)) {
        assert.equal(a.blocks[1] === b.blocks[1], a.prefix?.root === b.prefix?.root)
        const marks = (a.prefix?.marks ?? []).filter((mark, at) => mark === b.prefix?.marks[at])
        // 64, 128, 192, 256, 384 and 512 tokens; 768 and 1,024.
        const expected = a === b || a.blocks[1] === b.blocks[1] ? 8 : 6
        assert.equal(marks.length, expected)
      }
    }
  })

  test('changes recorded prefixes from copy to copy, but for what is everybody’s', () => {
    const recorded = trace.map((row, index) => ({
      ...row,
      prefix: { characterCount: 4_400, root: index, marks: [7, 1_000 + index] },
    }))
    const requests = replay(recorded, { copies: 4 }, { durationMs: 60_000 })
    assert.isTrue(requests.every(({ prefix }) => prefix?.marks[0] === 7))
    const last = new Set(requests.map(({ prefix }) => prefix?.marks[1]))
    const roots = new Set(requests.map(({ prefix }) => prefix?.root))
    assert.equal(last.size, requests.length)
    assert.equal(roots.size, requests.length)
  })

  test('of a model that no class has is refused', () => {
    const other = trace.map(row => ({ ...row, model: 'other' }))
    assert.match(
      messageOf(() => replay(other, {})),
      /found none for "other"/,
    )
    const means = () => meanRequestsOfTrace(scenarioOf({}), other)
    assert.match(messageOf(means), /found none for "other"/)
  })
})
