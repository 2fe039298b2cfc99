/**
 * Models are counted by the tokenizer of their engine beside what they serve: once, on a text of ours,
 * and whatever comes of it disturbs nobody.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { assert, describe, test } from 'vitest'
import { TokenDensities } from '../../../src/runtimes/openai/token-densities.ts'
import { readText } from '../../compliance/read-answer.ts'
import { modelFacts } from '../../scheduler/scene.ts'
import { type DoubleAnswer, doubleOf, type EngineDouble } from '../engine-double.ts'
import { ManualClock } from '../manual-clock.ts'
import { FakeEngine } from './fake-engine.ts'
import { chatRequest, eventually, runtimeFor, soon, type UnderTest } from './under-test.ts'

const BASE = 'meta-llama/Llama-3.1-8B-Instruct'
const ADAPTER = 'sql-lora'
const TOKENIZE = 'POST /tokenize'
const MINUTE_MS = 60_000

/** No metrics are asked for; looks come each second. */
const OPTIONS = { kind: undefined, metricsIntervalMs: 3_600_000, refreshIntervalMs: 1_000 }

type Under = Omit<UnderTest, 'engine'>

/** A count that a tokenizer might have of either text. */
const counted = (count: number): DoubleAnswer => ({ json: { count, max_model_len: 8, tokens: [] } })

async function engineThat(answer: DoubleAnswer | undefined): Promise<EngineDouble> {
  const double = await doubleOf('vllm')
  double.set(TOKENIZE, answer)
  return double
}

async function started(double: EngineDouble, options: object = {}): Promise<Under> {
  const under = runtimeFor({ baseUrl: double.url, ...OPTIONS, ...options })
  await under.runtime.start(soon())
  return under
}

const densitiesOf = ({ runtime }: Under) => runtime.models().map(each => each.tokenDensity)

const askedCount = ({ questions }: EngineDouble) =>
  questions.filter(question => question === TOKENIZE).length

const looks = ({ questions }: EngineDouble) =>
  questions.filter(question => question === 'GET /is_sleeping').length

const failures = ({ lines }: Under) =>
  lines.filter(({ message }) => message === 'tokens of a model are estimated without its tokenizer')
    .length

/** Whatever one more look finds is done. */
async function look({ clock }: Under, double: EngineDouble): Promise<void> {
  const before = looks(double)
  await eventually(() => {
    clock.advance(100)
    assert.isAbove(looks(double), before)
  })
}

describe('the models of an engine with a tokenizer', () => {
  test('are told with the tokens that it makes of a byte', async () => {
    const double = await engineThat(counted(200))
    const under = await started(double)
    let changes = 0
    under.runtime.onModelsChanged(() => {
      changes += 1
    })
    await eventually(() => assert.equal(densitiesOf(under).filter(Boolean).length, 2))
    const [density] = densitiesOf(under)
    assert.closeTo(density?.asciiTokensPerByte ?? 0, 0.29, 0.1)
    assert.closeTo(density?.wideTokensPerByte ?? 0, 0.25, 0.1)
    assert.isAtLeast(changes, 1)
  })

  test('are each counted once, by two texts that are always the same', async () => {
    const double = await engineThat(counted(200))
    const under = await started(double)
    const { bodies } = double
    await eventually(() => assert.equal(densitiesOf(under).filter(Boolean).length, 2))
    for (let left = 3; left > 0; left -= 1) await look(under, double)
    assert.equal(askedCount(double), 4)
    const texts = new Set(bodies.map(body => (body as { prompt: string }).prompt))
    assert.equal(texts.size, 2)
    for (const text of texts) assert.isBelow(Buffer.byteLength(text), 1_024)
    assert.deepEqual(
      [...new Set(bodies.map(body => (body as { model: string }).model))],
      [BASE, ADAPTER],
    )
  })

  test('are counted anew under another digest, and until then as if nothing was known', async () => {
    const counts = [100, 100, 400, 400]
    const densities = new TokenDensities({
      clock: new ManualClock(),
      log: { debug: () => {} },
      count: () => Promise.resolve(counts.shift() ?? assert.fail('each is counted once')),
      isReady: () => true,
      onMeasured: () => {},
    })
    const found: (number | undefined)[] = []
    for (const digest of ['old', 'old', 'new', 'new']) {
      const models = [modelFacts({ id: BASE, digest })]
      found.push(densities.added(models)[0]?.tokenDensity?.wideTokensPerByte)
      densities.see(models)
      await turn()
      found.push(densities.added(models)[0]?.tokenDensity?.wideTokensPerByte)
    }
    densities.close(new Error('over'))
    const [, before = 0] = found
    const after = 4 * before
    assert.deepEqual(found, [undefined, before, before, before, undefined, after, after, after])
  })

  test('are counted anew after the engine was gone', async () => {
    const double = await engineThat(counted(200))
    const under = await started(double, { failuresMax: 1 })
    await eventually(() => assert.equal(densitiesOf(under).filter(Boolean).length, 2))
    double.set('GET /v1/models', { status: 500 })
    await eventually(() => {
      under.clock.advance(100)
      assert.deepEqual(under.runtime.models(), [])
    })
    double.set('GET /v1/models', { json: listOf(BASE) })
    double.set(TOKENIZE, counted(300))
    await eventually(() => {
      under.clock.advance(100)
      assert.closeTo(densitiesOf(under)[0]?.wideTokensPerByte ?? 0, 0.375, 0.1)
    })
  })

  test('are not asked about while they sleep', async () => {
    const double = await engineThat(counted(200))
    double.set('GET /is_sleeping', { json: { is_sleeping: true } })
    const under = await started(double)
    await look(under, double)
    assert.equal(askedCount(double), 0)
    double.set('GET /is_sleeping', { json: { is_sleeping: false } })
    await eventually(() => {
      under.clock.advance(100)
      assert.equal(densitiesOf(under).filter(Boolean).length, 2)
    })
  })

  test('are not asked about if whoever runs it asks a price', async () => {
    const double = await engineThat(counted(200))
    const price = { inputPerMillion: 1, outputPerMillion: 1 }
    const under = await started(double, { price })
    await look(under, double)
    await look(under, double)
    assert.equal(askedCount(double), 0)
  })
})

describe('a tokenizer', () => {
  const nonsense: readonly [string, DoubleAnswer | undefined][] = [
    ['a billion tokens', counted(1e9)],
    ['no tokens', counted(0)],
    ['less than no tokens', counted(-5)],
    ['half tokens', counted(200.5)],
    ['no number', { text: '{"count": NaN}' }],
    ['too large a number', { text: '{"count": 1e999}' }],
    ['a text', { json: { count: '200' } }],
    ['a page', { text: '<!doctype html><title>Welcome</title>' }],
    ['an empty body', {}],
    ['that it failed', { status: 500 }],
    ['that there is none', undefined],
  ]
  for (const [what, answer] of nonsense) {
    test(`that says ${what} leaves the model as it is`, async () => {
      const double = await engineThat(answer)
      const under = await started(double)
      await eventually(() => assert.equal(failures(under), 2))
      assert.deepEqual(densitiesOf(under), [undefined, undefined])
      const answered = await under.runtime.generate(chatOf(BASE), soon())
      assert.equal(answered.status, 200)
    })
  }

  test('that never answers is given up, and holds up neither serving nor stopping', async () => {
    const double = await doubleOf('vllm')
    const asked = double.hang(TOKENIZE)
    const under = await started(double)
    await eventually(() => assert.equal(asked.count, 1))
    const answered = await under.runtime.generate(chatOf(BASE), soon())
    assert.equal(answered.status, 200)
    await readText(answered)
    under.clock.advance(5_000)
    await eventually(() => assert.equal(failures(under), 1))
    await eventually(() => assert.equal(asked.count, 2))
    await under.runtime.close()
  })

  test('that fails is asked again after a minute, then after two, at most each hour', async () => {
    const clock = new ManualClock()
    const failedAtMs: number[] = []
    const densities = new TokenDensities({
      clock,
      log: { debug: () => {} },
      count: () => {
        failedAtMs.push(clock.nowMs())
        return Promise.reject(new Error('no tokenizer'))
      },
      isReady: () => true,
      onMeasured: () => assert.fail('nothing is measured'),
    })
    while (failedAtMs.length < 10) {
      densities.see([modelFacts({ id: BASE })])
      await turn()
      clock.advance(MINUTE_MS)
    }
    densities.close(new Error('over'))
    const pauses = failedAtMs.slice(1).map((atMs, index) => atMs - (failedAtMs[index] ?? 0))
    assert.deepEqual(
      pauses.map(pauseMs => pauseMs / MINUTE_MS),
      [1, 2, 4, 8, 16, 32, 60, 60, 60],
    )
  })

  test('that comes with the next release is found', async () => {
    const double = await engineThat(undefined)
    const under = await started(double)
    await eventually(() => assert.equal(failures(under), 2))
    double.set(TOKENIZE, counted(200))
    await eventually(() => {
      under.clock.advance(1_000)
      assert.equal(densitiesOf(under).filter(Boolean).length, 2)
    })
    assert.isAtLeast(under.clock.nowMs(), MINUTE_MS)
  })
})

test('an engine without a tokenizer is not asked for one', async () => {
  const engine = await FakeEngine.start()
  const under = runtimeFor({ baseUrl: engine.url, ...OPTIONS })
  await under.runtime.start(soon())
  assert.deepEqual(
    densitiesOf(under),
    under.runtime.models().map(() => undefined),
  )
  assert.notInclude(engine.heard.map(({ path }) => path).join(), 'tokenize')
  await engine.close()
})

function chatOf(model: string) {
  return chatRequest({ model }, { model })
}

function listOf(id: string) {
  const card = { id, object: 'model', owned_by: 'vllm', max_model_len: 8_192, parent: null }
  return { object: 'list', data: [card] }
}
