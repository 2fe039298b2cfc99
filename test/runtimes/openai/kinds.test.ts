/**
 * The adapter with an engine of which it knows more than that it has an OpenAI API: its kind, its
 * own list, its metrics.
 */
import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { assert, describe, onTestFinished, test } from 'vitest'
import { readText } from '../../compliance/read-answer.ts'
import { doubleOf, type EngineDouble } from '../engine-double.ts'
import { answer, FakeEngine } from './fake-engine.ts'
import { chatRequest, eventually, failure, runtimeFor, soon, type UnderTest } from './under-test.ts'

type Under = Omit<UnderTest, 'engine'>

async function started(double: EngineDouble, options: object = {}): Promise<Under> {
  const under = runtimeFor({ baseUrl: double.url, kind: undefined, ...options })
  await under.runtime.start(soon())
  return under
}

const MODEL = 'meta-llama/Llama-3.1-8B-Instruct'

const metricsOf = (running: number, extra = '') =>
  `vllm:num_requests_running{model_name="m"} ${running}\nvllm:num_requests_waiting 1\n${extra}`

const scrapes = (double: EngineDouble) =>
  double.questions.filter(question => question === 'GET /metrics').length

const loadOf = ({ runtime }: Under, id = MODEL) =>
  runtime.load().models.find(({ model }) => model === id)

/** Lets the next scrape be due, and waits until it is over. */
async function nextScrape(under: Under): Promise<void> {
  const { runtime, clock } = under
  const { scrapeFailureCount } = runtime
  clock.advance(1_000)
  await eventually(() => {
    const isOver = loadOf(under)?.metricsAgeMs === 0
    assert.ok(isOver || runtime.scrapeFailureCount !== scrapeFailureCount)
  })
}

/** `path` is answered with a head, and then line by line without end, until `stop`. */
function trickleOf({ engine }: EngineDouble, path: string) {
  let open: ServerResponse | undefined
  const { extra } = engine
  engine.extra = (heard, response) => {
    if (!heard.path.endsWith(path)) return extra(heard, response)
    open = response.writeHead(200, { 'content-type': 'text/plain' })
    return true
  }
  return {
    async line(): Promise<void> {
      await eventually(() => assert.isDefined(open))
      await new Promise<void>(resolve => open?.write('# more\n', () => resolve()))
      // Our side reads it in a turn of its own.
      for (let turns = 0; turns < 20; turns += 1) await turn()
    },
    stop(): void {
      engine.extra = extra
    },
  }
}

describe('the kind of an engine', () => {
  test('is asked, and named to people', async () => {
    const { runtime } = await started(await doubleOf('vllm'))
    assert.match(runtime.description, /^vLLM at http/)
  })

  test('is asked anew of an engine that comes back', async () => {
    const double = await doubleOf('vllm')
    const { runtime, clock } = await started(double, { failuresMax: 1, metricsIntervalMs: 60_000 })
    await double.close()
    clock.advance(10_000)
    await eventually(() => assert.deepEqual(runtime.models(), []))
    const plain = await FakeEngine.start(double.engine.lastPort)
    onTestFinished(() => plain.close())
    await eventually(() => assert.isAbove(clock.wakeCount, 0))
    clock.advance(10_000)
    await eventually(() => assert.match(runtime.description, /^OpenAI-compatible/))
  })

  test('that is given is not asked', async () => {
    const double = await doubleOf('ollama')
    const { runtime } = await started(double, { kind: 'openai' })
    assert.match(runtime.description, /^OpenAI-compatible/)
    assert.notInclude(double.questions, 'GET /api/tags')
  })

  test('gives its models what only its own list says', async () => {
    const { runtime } = await started(await doubleOf('ollama'))
    const model = runtime.models().find(({ id }) => id === 'llama3.2:latest')
    assert.equal(model?.quantization, 'Q4_K_M')
    assert.isString(model?.digest)
  })

  test('may fail to say more, and is served as the OpenAI list says', async () => {
    const double = await doubleOf('ollama')
    double.set('GET /api/tags', { status: 500 })
    const { runtime } = await started(double)
    const [model] = runtime.models()
    assert.equal(model?.id, 'llama3.2:latest')
    assert.isUndefined(model?.quantization)
  })
})

describe('the models of an engine', () => {
  test('that have too long ids are left out, and whoever runs the peer is told', async () => {
    const double = await doubleOf('vllm')
    const data = [{ id: 'short' }, { id: 'l'.repeat(257) }]
    double.set('GET /v1/models', { json: { object: 'list', data } })
    const { runtime, lines } = await started(double, { kind: 'openai' })
    assert.deepEqual(
      runtime.models().map(({ id }) => id),
      ['short'],
    )
    const [told] = lines.filter(({ message }) => /left out/.test(String(message)))
    assert.deepInclude(told, { level: 'warn', models: 1, charactersMax: 256 })
  })

  test('are those that are named, if any are', async () => {
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    const { runtime } = runtimeFor({ baseUrl: engine.url, models: ['toy-embed', 'unlisted'] })
    await runtime.start(soon())
    assert.deepEqual(
      runtime.models().map(({ id, ownedBy }) => [id, ownedBy]),
      [
        ['toy-embed', 'tests'],
        ['unlisted', 'unknown'],
      ],
    )
  })

  const price = { inputPerMillion: 3, outputPerMillion: 15 }
  const cloud = { kind: 'cloud', models: ['toy-chat'], price }

  test('of a cloud have a price and no GPU of ours, and are asked for seldom', async () => {
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    const { runtime, clock } = runtimeFor({ baseUrl: engine.url, ...cloud })
    await runtime.start(soon())
    assert.deepInclude(runtime.models()[0], { id: 'toy-chat', price, gpus: [] })
    assert.equal(runtime.models().length, 1)
    assert.deepEqual(runtime.load().gpus, [])
    assert.equal(clock.untilWakeMs, 60_000)
  })

  test('of a cloud need no list, but an answer and a key that is taken', async () => {
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    let status = 404
    engine.extra = ({ method }, response) => {
      if (method === 'GET') answer(response, status, { error: { message: 'no' } })
      return method === 'GET'
    }
    const { runtime } = runtimeFor({ baseUrl: engine.url, ...cloud })
    await runtime.start(soon())
    assert.equal(runtime.models()[0]?.id, 'toy-chat')
    status = 401
    const refused = runtimeFor({ baseUrl: engine.url, ...cloud })
    assert.equal((await failure(refused.runtime.start(soon()))).code, 'ERR_ENGINE')
  })
})

test('a list of models that trickles without end is a look that failed, and the next one works', async () => {
  const double = await doubleOf('vllm')
  const under = await started(double, { metricsIntervalMs: 3_600_000, refreshTimeoutMs: 2_000 })
  const slow = trickleOf(double, '/v1/models')
  under.clock.advance(10_000)
  for (let passedMs = 0; passedMs < 2_000; passedMs += 500) {
    await slow.line()
    under.clock.advance(500)
  }
  await eventually(() => assert.match(under.runtime.description, /not answering: .*\/v1\/models/))
  slow.stop()
  await eventually(() => assert.equal(under.clock.untilWakeMs, 10_000))
  under.clock.advance(10_000)
  await eventually(() => assert.match(under.runtime.description, /2 models$/))
})

describe('the metrics of an engine', () => {
  test('count what it does for others, and are asked for apart from requests', async () => {
    const double = await doubleOf('vllm')
    double.set('GET /metrics', { text: metricsOf(4) })
    const under = await started(double)
    await eventually(() => assert.equal(loadOf(under)?.runningCount, 4))
    assert.equal(loadOf(under)?.queuedCount, 1)
    const before = scrapes(double)
    await readText(await under.runtime.generate(chatRequest({}, { model: MODEL }), soon()))
    assert.equal(scrapes(double), before)
  })

  test('come every second, one at a time', async () => {
    const double = await doubleOf('vllm')
    const under = await started(double)
    await eventually(() => assert.isDefined(loadOf(under)?.metricsAgeMs))
    for (let round = 1; round <= 3; round += 1) {
      await nextScrape(under)
      assert.equal(scrapes(double), 1 + round)
    }
    // One that hangs is given up at its deadline; no second is sent meanwhile.
    const answers = double.hang('GET /metrics')
    under.clock.advance(1_000)
    await eventually(() => assert.equal(answers.count, 1))
    under.clock.advance(1_500)
    assert.equal(under.runtime.scrapeFailureCount, 0)
    under.clock.advance(500)
    await eventually(() => assert.equal(under.runtime.scrapeFailureCount, 1))
    assert.equal(answers.count, 1)
  })

  test('that fail leave the last ones with their age, and then nothing', async () => {
    const double = await doubleOf('vllm')
    double.set('GET /metrics', { text: metricsOf(4) })
    const under = await started(double)
    await eventually(() => assert.equal(loadOf(under)?.runningCount, 4))
    double.set('GET /metrics', { status: 500 })
    for (let round = 0; round < 10; round += 1) await nextScrape(under)
    assert.deepInclude(loadOf(under), { runningCount: 4, metricsAgeMs: 10_000 })
    await nextScrape(under)
    assert.equal(loadOf(under)?.runningCount, 0)
    assert.notProperty(loadOf(under), 'metricsAgeMs')
    await eventually(() => assert.equal(under.runtime.scrapeFailureCount, 11))
    const told = under.lines.filter(({ message }) => message === 'engine tells no metrics')
    assert.equal(told.length, 1, 'it is said once')
  })

  test('that trickle without end are given up at their deadline, and asked for again', async () => {
    const double = await doubleOf('vllm')
    const under = await started(double)
    await eventually(() => assert.isDefined(loadOf(under)?.metricsAgeMs))
    const slow = trickleOf(double, '/metrics')
    under.clock.advance(1_000)
    for (let passedMs = 0; passedMs < 2_000; passedMs += 500) {
      await slow.line()
      under.clock.advance(500)
    }
    await eventually(() => assert.equal(under.runtime.scrapeFailureCount, 1))
    assert.equal(under.runtime.metricsAgeMs, 3_000)
    slow.stop()
    await nextScrape(under)
    assert.equal(under.runtime.metricsAgeMs, 0)
  })

  test('that never come are asked for less and less often', async () => {
    const double = await doubleOf('vllm')
    double.set('GET /metrics', { status: 503 })
    const under = await started(double, { refreshIntervalMs: 3_600_000 })
    await eventually(() => assert.equal(under.runtime.scrapeFailureCount, 1))
    for (let round = 1; round < 30; round += 1) await nextScrape(under)
    await eventually(() => assert.equal(under.clock.untilWakeMs, 30_000))
  })

  test('are not asked for where there are none', async () => {
    const double = await doubleOf('ollama')
    const under = await started(double)
    under.clock.advance(5_000)
    assert.equal(scrapes(double), 0)
    assert.equal(under.runtime.scrapeFailureCount, 0)
  })
})

test('a model whose name is too long to travel is left out, with one warning; other texts are cut', async () => {
  const double = await doubleOf('ollama')
  const details = { quantization_level: 'Q'.repeat(5_000) }
  const models = ['short', 'l'.repeat(257), 'm'.repeat(600)].map(name => ({
    ...{ name, model: name, size: 1, details },
    digest: 'd'.repeat(1_000),
  }))
  double.set('GET /api/tags', { json: { models } })
  const data = models.map(({ name }) => ({ id: name, object: 'model', owned_by: 'library' }))
  double.set('GET /v1/models', { json: { object: 'list', data } })
  const patient = { refreshIntervalMs: 100, refreshTimeoutMs: 60_000 }
  const { runtime, clock, lines } = await started(double, patient)
  const looks = () => double.questions.filter(asked => asked === 'GET /api/tags').length
  const before = looks()
  await eventually(() => {
    clock.advance(10)
    assert.isAtLeast(looks(), before + 2)
  })
  assert.deepEqual(
    runtime.models().map(({ id }) => id),
    ['short'],
  )
  assert.equal(runtime.models()[0]?.digest?.length, 256)
  assert.equal(runtime.models()[0]?.quantization?.length, 256)
  assert.equal(lines.filter(({ message }) => /left out/.test(String(message))).length, 1)
})
