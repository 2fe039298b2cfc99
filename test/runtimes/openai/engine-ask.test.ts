/**
 * An engine is asked about itself: on each of its ports, within bounds.
 */
import { assert, describe, onTestFinished, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import { engineAddress } from '../../../src/runtimes/openai/base-url.ts'
import { EngineAsk } from '../../../src/runtimes/openai/engine-ask.ts'
import { ManualClock } from '../manual-clock.ts'
import { FakeEngine } from './fake-engine.ts'
import { eventually, failure, soon } from './under-test.ts'

const TIMEOUT_MS = 1_000

async function startEngine(text: string): Promise<FakeEngine> {
  const engine = await FakeEngine.start()
  onTestFinished(() => engine.close())
  engine.extra = (heard, response) => {
    engine.heard.push(heard)
    response.end(text)
    return true
  }
  return engine
}

function asks(url: string) {
  const clock = new ManualClock()
  const address = engineAddress(url)
  const ask = new EngineAsk({ address, connectTimeoutMs: TIMEOUT_MS }, clock)
  const stopping = new MeshError('over', { code: 'ERR_STOPPING' })
  onTestFinished(() => ask.close(stopping))
  return { ask, clock }
}

const get = { method: 'GET', path: '/status' } as const

describe('a question to an engine', () => {
  test('goes below the root of its address, with our key and JSON', async () => {
    const engine = await startEngine('yes')
    const { ask } = asks(`${engine.url}/proxy/v1`)
    ask.credential = 'secret'
    const question = { method: 'PUT', path: '/load', json: { model: 'a' } } as const
    const { status, text } = await ask.ask(question, TIMEOUT_MS, soon())
    assert.deepEqual([status, text], [200, 'yes'])
    const [heard] = engine.heard
    assert.deepEqual([heard?.method, heard?.path], ['PUT', '/proxy/load'])
    assert.equal(heard?.headers.authorization, 'Bearer secret')
    assert.equal(heard?.body.toString(), '{"model":"a"}')
  })

  test('goes to the port that it names', async () => {
    const [first, second] = [await startEngine('first'), await startEngine('second')]
    const { ask } = asks(first.url)
    const portOffset = second.port - first.port
    const { text } = await ask.ask({ ...get, portOffset }, TIMEOUT_MS, soon())
    assert.equal(text, 'second')
  })

  test('goes to a few ports at most', async () => {
    const engine = await startEngine('yes')
    const { ask } = asks(engine.url)
    for (let portOffset = 1; portOffset <= 4; portOffset += 1) {
      await ask.ask({ ...get, portOffset }, TIMEOUT_MS, soon()).catch(() => {})
    }
    const error = await failure(ask.ask(get, TIMEOUT_MS, soon()))
    assert.include(error.message, 'at most 4 ports')
  })

  test('is answered with 4 MiB at most', async () => {
    const full = await startEngine(' '.repeat(4_194_304))
    const { text } = await asks(full.url).ask.ask(get, TIMEOUT_MS, soon())
    assert.equal(text.length, 4_194_304)
    const flood = await startEngine(' '.repeat(4_194_305))
    const error = await failure(asks(flood.url).ask.ask(get, TIMEOUT_MS, soon()))
    assert.equal(error.code, 'ERR_ENGINE')
  })

  test('is given up at its deadline', async () => {
    const engine = await startEngine('')
    let count = 0
    engine.extra = () => {
      count += 1
      return true
    }
    const { ask, clock } = asks(engine.url)
    const asked = failure(ask.ask(get, TIMEOUT_MS, soon()))
    await eventually(() => assert.equal(count, 1))
    clock.advance(TIMEOUT_MS)
    assert.equal((await asked).code, 'ERR_DEADLINE_EXCEEDED')
  })
})
