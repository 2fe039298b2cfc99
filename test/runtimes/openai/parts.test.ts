/**
 * The small parts of the adapter, each by its rule.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { engineAddress, originAt } from '../../../src/runtimes/openai/base-url.ts'
import { DecayedMean, DecayedRate } from '../../../src/runtimes/openai/decayed-rate.ts'
import { EventCounter } from '../../../src/runtimes/openai/event-counter.ts'
import { Gate } from '../../../src/runtimes/openai/gate.ts'
import { guessedCapabilities, readModelList } from '../../../src/runtimes/openai/model-list.ts'
import { openaiOptions } from '../../../src/runtimes/openai/options.ts'
import { refusalError } from '../../../src/runtimes/openai/refusal.ts'
import { RETRY_AFTER_MAX_MS, retryAfterMs } from '../../../src/runtimes/openai/retry-after.ts'

describe('a base URL', () => {
  const cases = [
    ['http://host:8000', 'http://host:8000', '', undefined],
    ['http://host:8000/v1//', 'http://host:8000', '', '/v1'],
    ['https://host/engine', 'https://host/engine', '/engine', undefined],
    ['https://host/openai/v2', 'https://host/openai/v2', '/openai', '/v2'],
    ['https://host/v1beta', 'https://host/v1beta', '', '/v1beta'],
  ] as const
  for (const [url, name, rootPath, openaiPath] of cases) {
    test(`${url} has its root at ${rootPath || '/'}`, () => {
      const { origin } = new URL(url)
      assert.deepEqual(engineAddress(url), { name, origin, rootPath, openaiPath })
    })
  }

  test('leads to the other ports of an engine', () => {
    const ports: readonly (readonly [string, number, string])[] = [
      ['http://host:8000', 2, 'http://host:8002'],
      ['http://host', 1, 'http://host:81'],
      ['https://[::1]', 2, 'https://[::1]:445'],
      ['https://host', 0, 'https://host'],
    ]
    for (const [origin, offset, expected] of ports) assert.equal(originAt(origin, offset), expected)
  })

  test('with a password, or of another protocol, is a wrong option', () => {
    for (const baseUrl of ['http://me:secret@host', 'ftp://host', 'host:8000', '']) {
      assert.isFalse(openaiOptions.safeParse({ baseUrl }).success, baseUrl)
    }
  })
})

describe('Retry-After', () => {
  const wallMs = Date.parse('2026-01-01T00:00:00Z')
  const cases = [
    ['0', 0],
    [' 12 ', 12_000],
    ['0.25', 250],
    ['99999999', RETRY_AFTER_MAX_MS],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['Thu, 01 Jan 2027 00:00:00 GMT', RETRY_AFTER_MAX_MS],
    ['', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['1e9', undefined],
    [undefined, undefined],
  ] as const
  for (const [header, expected] of cases) {
    test(`${header} means ${expected}`, () => assert.equal(retryAfterMs(header, wallMs), expected))
  }

  test('is never out of bounds', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const ms = retryAfterMs(text, wallMs) ?? 0
        assert.ok(ms >= 0 && ms <= RETRY_AFTER_MAX_MS)
      }),
    )
  })
})

test('events are counted alike, wherever the bytes are cut and whichever line ends are used', () => {
  const events = fc.array(
    fc.tuple(fc.constantFrom('data: {"a":"ü"}', ': ping', 'event: x\ndata: y'), fc.boolean()),
  )
  fc.assert(
    fc.property(events, fc.array(fc.nat(40)), (list, cuts) => {
      const text = list
        .map(([event, isCrLf]) => {
          const whole = `${event}\n\n`
          return isCrLf ? whole.replaceAll('\n', '\r\n') : whole
        })
        .join('')
      const bytes = Buffer.from(text)
      const counter = new EventCounter()
      let start = 0
      for (const length of cuts) {
        counter.add(bytes.subarray(start, start + length))
        start += Math.min(length, bytes.length - start)
      }
      counter.add(bytes.subarray(start))
      assert.equal(counter.count, list.length)
    }),
  )
})

describe('a refusal of the engine', () => {
  const messageOf = (text: string, status = 502) =>
    refusalError({ status, retryAfter: undefined, text }, 0)?.message

  const pages = [
    {
      what: 'by its title',
      text: '<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body><h1>x</h1></body></html>',
      shown: '502 Bad Gateway',
    },
    {
      what: 'without its tags, if it has no title',
      text: '<html><style>p { color: red }</style><body><p class="a">Not\n<b>here</b></p><script>alert(1)',
      shown: 'Not here',
    },
  ]
  for (const { what, text, shown } of pages) {
    test(`that is a page is shown ${what}`, () => {
      assert.equal(messageOf(text), `the engine answered 502: ${shown}`)
      const inJson = JSON.stringify({ error: text })
      assert.equal(messageOf(inJson), `the engine answered 502: ${shown}`)
    })
  }

  test('that is long is shown in part', () => {
    const page = `<html><body>${'<p>word '.repeat(100_000)}`
    assert.isBelow(messageOf(page)?.length ?? 0, 600)
    assert.isBelow(messageOf('word '.repeat(100_000))?.length ?? 0, 600)
  })

  test('may have signs that are no tags', () => {
    assert.equal(
      messageOf('expected a < b, found b > a'),
      'the engine answered 502: expected a < b, found b > a',
    )
  })
})

describe('a list of models', () => {
  const read = readModelList
  const listOf = (...data: unknown[]) => ({ object: 'list', data })

  test('tells what each engine tells of its context', () => {
    const models = read(
      listOf(
        { id: 'vllm', max_model_len: 32_768 },
        { id: 'llama-server', meta: { n_ctx_train: 8_192 } },
        { id: 'silent', meta: null },
      ),
    )
    assert.deepEqual(
      models?.map(model => model.contextTokens),
      [32_768, 8_192, undefined],
    )
  })

  test('is the source of what a model is for, by its name', () => {
    for (const id of ['nomic-embed-text', 'BAAI/bge-m3', 'intfloat/e5-large']) {
      assert.deepEqual(guessedCapabilities(id), ['embedding'], id)
    }
    for (const id of ['meta-llama/Llama-3.1-8B', 'gemma3:4b', 'code5-large']) {
      assert.deepEqual(guessedCapabilities(id), ['chat', 'completion'], id)
    }
    assert.deepEqual(guessedCapabilities('BAAI/bge-reranker-v2-m3'), [])
  })

  test('leaves out what is no model, repeats and what is too much', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => ({ id: `m${index}` }))
    assert.equal(read(listOf(...many))?.length, 1_000)
    const models = read(listOf({ id: 'a' }, { id: 'a' }, { id: '' }, { id: 7 }, null, 'b'))
    assert.deepEqual(
      models?.map(model => model.id),
      ['a'],
    )
  })

  test('may be empty, as null too, but must be a list', () => {
    assert.deepEqual(read({ object: 'list', data: null }), [])
    for (const json of [undefined, {}, [], { object: 'list', data: 'x' }, { data: [] }]) {
      assert.isUndefined(read(json))
    }
  })
})

test('a rate fades, and weighs a long measurement more', () => {
  const rate = new DecayedRate()
  assert.equal(rate.perSecond, 0)
  rate.add(1, 100)
  rate.add(1_000, 1_000)
  assert.closeTo(rate.perSecond, (1_000 * 1_000.9) / 1_090, 0.001)
  rate.add(5, 0)
  assert.closeTo(rate.perSecond, (1_000 * 1_000.9) / 1_090, 0.001)

  const mean = new DecayedMean()
  assert.isUndefined(mean.value)
  mean.add(10)
  mean.add(20)
  assert.closeTo(mean.value ?? 0, 29 / 1.9, 0.001)
})

interface Waiting {
  readonly gone: AbortController
  readonly ended: Promise<'in' | 'out'>
}

function arrive(gate: Gate, waiting: Waiting[]): void {
  if (gate.tryEnter() || gate.isFull) return
  const gone = new AbortController()
  const ended = gate.wait(gone.signal).then(
    () => 'in' as const,
    () => 'out' as const,
  )
  waiting.push({ gone, ended })
}

test('a gate never lets in more than it may, and never more wait than may', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant('arrive' as const) },
    { weight: 2, arbitrary: fc.constant('leave' as const) },
    { weight: 1, arbitrary: fc.constant('cancel' as const) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step), async steps => {
      const gate = new Gate({ parallelMax: 2, queueMax: 3 })
      const waiting: Waiting[] = []
      for (const what of steps) {
        if (what === 'leave' && gate.insideCount > 0) gate.leave()
        if (what === 'cancel') waiting.shift()?.gone.abort(new Error('gone'))
        if (what === 'arrive') arrive(gate, waiting)
        assert.isAtMost(gate.insideCount, 2)
        assert.isAtMost(gate.waitingCount, 3)
        assert.ok(gate.waitingCount === 0 || gate.insideCount === 2, 'nobody waits for nothing')
      }
      gate.clear(new Error('closed'))
      for (const { ended } of waiting) assert.include(['in', 'out'], await ended)
      assert.equal(gate.waitingCount, 0)
    }),
  )
})
