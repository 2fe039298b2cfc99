/**
 * An engine comes and goes; the adapter knows which models it has now, and says so.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, describe, onTestFinished, test } from 'vitest'
import { CHAT_MODEL, EMBEDDING_MODEL, FakeEngine } from './fake-engine.ts'
import { chatRequest, eventually, failure, runtimeFor, soon, startedRuntime } from './under-test.ts'

const idsOf = (models: readonly { readonly id: string }[]) => models.map(model => model.id)

async function fileWith(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'key')
  await writeFile(path, content)
  return path
}

describe('the models of an engine', () => {
  test('are known after start, with what the engine says of them', async () => {
    const { engine, runtime } = await startedRuntime()
    assert.deepEqual(runtime.models(), [
      {
        id: CHAT_MODEL,
        engine: engine.url,
        ownedBy: 'tests',
        capabilities: ['chat', 'completion'],
        contextTokens: 4096,
        parallelMax: 256,
      },
      {
        id: EMBEDDING_MODEL,
        engine: engine.url,
        ownedBy: 'tests',
        capabilities: ['embedding'],
        contextTokens: 0,
        parallelMax: 256,
      },
    ])
    assert.equal(runtime.name, engine.url)
    assert.equal(runtime.description, `OpenAI-compatible engine at ${engine.url}, 2 models`)
  })

  test('are looked up again, and listeners hear only of changes', async () => {
    const { engine, runtime, clock } = await startedRuntime({ refreshIntervalMs: 10_000 })
    let changeCount = 0
    const stop = runtime.onModelsChanged(() => {
      changeCount += 1
    })

    clock.advance(9_999)
    assert.equal(engine.listCount, 1)
    clock.advance(1)
    await eventually(() => assert.equal(engine.listCount, 2))
    await eventually(() => assert.equal(clock.untilWakeMs, 10_000))
    assert.equal(changeCount, 0)

    engine.models = [{ id: 'new' }]
    clock.advance(10_000)
    await eventually(() => assert.deepEqual(idsOf(runtime.models()), ['new']))
    await eventually(() => assert.equal(clock.untilWakeMs, 10_000))
    assert.equal(changeCount, 1)
    assert.deepEqual(
      runtime.load().models.map(load => load.model),
      ['new'],
    )

    stop()
    engine.models = []
    clock.advance(10_000)
    await eventually(() => assert.deepEqual(runtime.models(), []))
    assert.equal(changeCount, 1)
  })

  test('go after some failures in a row, and come back by themselves', async () => {
    const options = { refreshIntervalMs: 1_000, failuresMax: 3 }
    const { engine, runtime, clock, lines } = await startedRuntime(options)
    const { models } = engine
    engine.models = undefined

    for (const count of [2, 3]) {
      await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
      clock.advance(1_000)
      await eventually(() => assert.equal(engine.listCount, count))
      await eventually(() => assert.match(runtime.description, /not answering: .*Loading model/))
      assert.equal(runtime.models().length, 2)
    }
    await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
    clock.advance(1_000)
    await eventually(() => assert.deepEqual(runtime.models(), []))

    engine.models = models
    await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
    clock.advance(1_000)
    await eventually(() => assert.equal(runtime.models().length, 2))
    assert.match(runtime.description, /2 models$/)
    assert.deepEqual(
      lines.map(line => line['message']),
      ['engine does not answer', 'engine lost', 'engine found'],
    )
  })
})

describe('start', () => {
  test('says that the engine is not there, which serves once it is up all the same', async () => {
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    engine.models = undefined
    const { runtime, clock } = runtimeFor({ baseUrl: engine.url })

    const error = await failure(runtime.start(soon()))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.match(runtime.description, /not answering: .*Loading model/)

    engine.models = [{ id: 'late' }]
    await eventually(() => assert.equal(clock.untilWakeMs, 1_000))
    clock.advance(1_000)
    await eventually(() => assert.deepEqual(idsOf(runtime.models()), ['late']))
  })

  test('gives up when its signal says so, with that reason', async () => {
    const { runtime } = runtimeFor({ baseUrl: 'http://127.0.0.1:9' })
    const gone = new AbortController()
    const started = runtime.start(gone.signal)
    const reason = new Error('no more patience')
    gone.abort(reason)
    assert.equal(await started.catch((error: unknown) => error), reason)
  })

  test('ends when the runtime is closed meanwhile, and leaves nothing to wake', async () => {
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    engine.models = undefined
    const { runtime, clock } = runtimeFor({ baseUrl: engine.url })
    const started = failure(runtime.start(soon()))
    await runtime.close()
    assert.equal((await started).code, 'ERR_STOPPING')
    assert.equal(clock.wakeCount, 0)
  })

  test('sends the key of a file, and no other', async () => {
    const apiKeyPath = await fileWith('sk-engine\n')
    const { engine, runtime } = await startedRuntime({ apiKeyPath })
    await runtime.generate(chatRequest({}, { headers: { authorization: 'Bearer x' } }), soon())
    assert.equal(engine.heard[0]?.headers.authorization, 'Bearer sk-engine')
  })

  test('refuses a key file that is missing, empty or no key', async () => {
    const paths = ['/no/such/file', await fileWith(' \n'), await fileWith('two\nlines')]
    for (const apiKeyPath of paths) {
      const { runtime } = runtimeFor({ baseUrl: 'http://127.0.0.1:9', apiKeyPath })
      assert.equal((await failure(runtime.start(soon()))).code, 'ERR_CONFIG')
    }
  })

  test('takes a base URL with /v1 as well as without', async () => {
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    for (const suffix of ['', '/', '/v1', '/v1/']) {
      const { runtime } = runtimeFor({ baseUrl: `${engine.url}${suffix}` })
      await runtime.start(soon())
      assert.equal(runtime.name, engine.url)
    }
  })
})
