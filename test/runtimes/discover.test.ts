/**
 * Engines are found on the ports they usually have; nothing else is taken for one.
 */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { assert, describe, onTestFinished, test } from 'vitest'
import { discoverEngines, ENGINE_PORTS } from '../../src/runtimes/discover.ts'
import { PROFILES } from '../../src/runtimes/engines/profiles.ts'
import { doubleOf, fixtureFile } from './engine-double.ts'
import { answer, FakeEngine } from './openai/fake-engine.ts'

/** Only a hang comes near it. */
const deadlineMs = 10_000

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function httpPort(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return portOf(server)
}

/** A port that nobody listens on: it was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createSocketServer()
  const port = await portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

const find = (...ports: number[]) => discoverEngines({ fetch, deadlineMs, ports })

const nameless = { name: 'OpenAI-compatible engine' }

describe('discovery', () => {
  test('finds the engines that listen, in the order of the ports', async () => {
    const engines = [await FakeEngine.start(), await FakeEngine.start()]
    onTestFinished(async () => {
      for (const engine of engines) await engine.close()
    })
    const ports = engines.map(engine => engine.port)
    const found = await find(ports[0] ?? 0, await freePort(), ports[1] ?? 0)
    assert.deepEqual(
      found,
      engines.map(({ url }) => ({ ...nameless, url, models: ['toy-chat', 'toy-embed'] })),
    )
  })

  for (const { kind, label, openaiPath } of PROFILES) {
    if (!existsSync(fixtureFile(kind, 'answers.json'))) continue
    const isOffered = openaiPath !== undefined
    test(`${isOffered ? 'names' : 'passes over'} ${label}`, async () => {
      const double = await doubleOf(kind)
      const found = await find(double.engine.port)
      assert.deepEqual(
        found.map(({ name }) => name),
        isOffered ? [label] : [],
      )
    })
  }

  test('finds an engine without models: they may come', async () => {
    const port = await httpPort((_, response) =>
      answer(response, 200, { object: 'list', data: null }),
    )
    assert.deepEqual((await find(port))[0]?.models, [])
  })

  test('passes over a peer of ours', async () => {
    const port = await httpPort((_, response) => {
      response.setHeader('x-skein-peer', '12D3KooW')
      answer(response, 200, { object: 'list', data: [{ id: 'a' }] })
    })
    assert.deepEqual(await find(port), [])
  })

  const strangers: Record<string, RequestListener> = {
    'a web page': (_, response) => response.end('<html></html>'),
    'an API of another kind': (_, response) => answer(response, 200, { models: [] }),
    'a refusal': (_, response) => answer(response, 401, { object: 'list', data: [] }),
    'a redirect': (_, response) => {
      response.writeHead(302, { location: '/v1/models?again' })
      response.end()
    },
    'a flood': (_, response) => {
      response.end(`{"object":"list","data":[]${' '.repeat(2_000_000)}}`)
    },
    'a cut': (_, response) => {
      response.destroy()
    },
  }
  for (const [what, listener] of Object.entries(strangers)) {
    test(`does not take ${what} for an engine`, async () => {
      assert.deepEqual(await find(await httpPort(listener)), [])
    })
  }

  test('does not wait for those that never answer', async () => {
    const silent = await httpPort(() => {})
    const trickling = await httpPort((_, response) => response.write('{'))
    const engine = await FakeEngine.start()
    onTestFinished(() => engine.close())
    const ports = [silent, engine.port, trickling]
    const found = await discoverEngines({
      fetch: async (url, init) => {
        // The silent ones see a deadline that is over; the engine has all the time it needs.
        if (url.startsWith(engine.url)) return fetch(url, { redirect: 'manual' })
        return fetch(url, init)
      },
      deadlineMs: 20,
      ports,
    })
    assert.deepEqual(
      found.map(({ url }) => url),
      [engine.url],
    )
  })

  test('looks at each usual port once', () => {
    assert.equal(new Set(ENGINE_PORTS).size, ENGINE_PORTS.length)
    for (const { port, openaiPath, label } of PROFILES) {
      if (port === undefined || openaiPath === undefined) continue
      assert.include(ENGINE_PORTS, port, label)
    }
  })
})
