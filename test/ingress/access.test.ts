/**
 * Who gets in: API keys where there are any, else only this machine, and no web page on it.
 */
import { request } from 'node:http'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import { CHAT, startIngress } from './fake-gateway.ts'

const KEY = 'sk-right'

describe('with API keys', () => {
  const keyed = () => startIngress({ deps: { apiKeys: ['sk-other', KEY] } })
  const cases = [
    { authorization: undefined, status: 401 },
    { authorization: '', status: 401 },
    { authorization: KEY, status: 401 },
    { authorization: `Basic ${KEY}`, status: 401 },
    { authorization: 'Bearer ', status: 401 },
    { authorization: 'Bearer sk-wrong', status: 401 },
    { authorization: `Bearer ${KEY}x`, status: 401 },
    { authorization: `Bearer ${KEY} ${KEY}`, status: 401 },
    { authorization: `Bearer ${KEY}`, status: 200 },
    { authorization: `bearer ${KEY}`, status: 200 },
    { authorization: 'Bearer sk-other', status: 200 },
  ]
  for (const { authorization, status } of cases) {
    test(`${authorization ?? 'no header'} is answered with ${status}`, async () => {
      await using server = await keyed()
      const response = await server.get('/v1/models', authorization ? { authorization } : {})
      assert.equal(response.status, status)
      const body = (await response.json()) as { error?: { code: string } }
      if (status === 200) return
      assert.equal(response.headers.get('www-authenticate'), 'Bearer')
      assert.equal(body.error?.code, 'invalid_api_key')
    })
  }

  for (const path of ['/metrics', '/mesh/v1/nodes', '/v1/nothing', '/mesh/v1/tickets']) {
    test(`${path} needs one too`, async () => {
      await using server = await keyed()
      assert.equal((await server.get(path)).status, 401)
    })
  }

  test('only whoever asks whether the peer is alive or ready needs none, and learns no more', async () => {
    await using server = await keyed()
    assert.equal((await server.get('/healthz')).status, 200)
    const ready = await server.get('/readyz')
    assert.equal(ready.status, 200)
    assert.deepEqual(await ready.json(), { status: 'ready', problems: [] })
  })

  test('a request without one is refused before its body is read', async () => {
    await using server = await keyed()
    const response = await server.post('/v1/chat/completions', 'not even JSON')
    assert.equal(response.status, 401)
  })

  test('any Host is served, since a page elsewhere has no key', async () => {
    await using server = await keyed()
    const status = await statusFor(server.port, 'mesh.example', `Bearer ${KEY}`)
    assert.equal(status, 200)
  })

  test('an empty key is refused at the start', async () => {
    const error = await startIngress({ deps: { apiKeys: [''] } }).catch((caught: unknown) => caught)
    assert.ok(hasCode(error, 'ERR_CONFIG'))
  })
})

/** `fetch` sets Host itself; this does not. */
function statusFor(port: number, host: string, authorization = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization }
    request({ host: '127.0.0.1', port, path: '/v1/models', headers }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
      .on('error', reject)
      .end()
  })
}

describe('without API keys', () => {
  const hosts = [
    { host: 'localhost', status: 200 },
    { host: 'LocalHost:7733', status: 200 },
    { host: '127.0.0.1:7733', status: 200 },
    { host: '127.9.9.9', status: 200 },
    { host: '[::1]:7733', status: 200 },
    { host: 'evil.example:7733', status: 403 },
    { host: '127.0.0.1.evil.example', status: 403 },
    { host: 'localhost.evil.example', status: 403 },
    { host: '127.evil', status: 403 },
    { host: '192.168.1.5', status: 403 },
    { host: 'localhost@evil.example', status: 400 },
  ]
  for (const { host, status } of hosts) {
    test(`Host ${JSON.stringify(host)} is answered with ${status}`, async () => {
      await using server = await startIngress()
      assert.equal(await statusFor(server.port, host), status)
    })
  }

  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'mesh.example', '127.evil']) {
    test(`listening on ${host} is refused with a hint`, async () => {
      const error = await startIngress({ options: { host } }).catch((caught: unknown) => caught)
      assert.ok(hasCode(error, 'ERR_CONFIG'))
      assert.include(error.hint, '--api-key-file')
    })
  }
})

describe('requestsMax', () => {
  test('refuses the next with 429 and takes it when a place is free', async () => {
    let finish = () => {}
    await using server = await startIngress({
      options: { requestsMax: 1 },
      gateway: {
        dispatch: () =>
          new Promise((_resolve, reject) => {
            finish = () => reject(new Error('over'))
            started()
          }),
      },
    })
    let started = () => {}
    const running = new Promise<void>(resolve => {
      started = resolve
    })
    const first = server.post('/v1/chat/completions', CHAT)
    await running

    const second = await server.post('/v1/chat/completions', CHAT)
    assert.equal(second.status, 429)
    assert.equal(second.headers.get('retry-after'), '1')
    assert.equal((await server.get('/v1/models')).status, 200)
    assert.match(await (await server.get('/metrics')).text(), /requests_in_flight 1\n/)

    finish()
    await (await first).text()
    const third = server.post('/v1/chat/completions', CHAT)
    await new Promise<void>(resolve => {
      started = resolve
    })
    finish()
    assert.equal((await third).status, 500)
  })
})
