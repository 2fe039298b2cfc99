/**
 * What passes between client and engine passes as it is.
 */
import { once } from 'node:events'
import { assert, describe, test } from 'vitest'
import { readText } from '../../compliance/read-answer.ts'
import { answer, streamHead } from './fake-engine.ts'
import { chatRequest, eventually, soon, startedRuntime, streamRequest } from './under-test.ts'

describe('a request', () => {
  test('reaches the engine byte for byte, at the endpoint it is for', async () => {
    const { engine, runtime } = await startedRuntime()
    const body = Buffer.from('{ "model":"toy-chat",  "messages":[ ],"\\u0078y":1e0 }')

    const { chunks } = await runtime.generate(chatRequest({}, { body }), soon())
    await readText({ status: 200, headers: {}, chunks })

    assert.equal(engine.heard[0]?.path, '/v1/chat/completions')
    assert.deepEqual(engine.heard[0]?.body, body)
    assert.equal(engine.heard[0]?.headers['content-length'], String(body.length))
  })

  test('keeps its tracing headers and leaves behind those of its connection', async () => {
    const { engine, runtime } = await startedRuntime()
    const headers = {
      'x-request-id': 'r-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      authorization: 'Bearer of-the-client',
      connection: 'close',
      'content-length': '1',
      host: 'elsewhere',
      'transfer-encoding': 'chunked',
    }

    await readText(await runtime.generate(chatRequest({}, { headers }), soon()))

    const heard = engine.heard[0]?.headers ?? {}
    assert.equal(heard['x-request-id'], 'r-1')
    assert.equal(heard['traceparent'], headers.traceparent)
    assert.equal(heard['accept-encoding'], 'identity')
    assert.equal(heard['content-type'], 'application/json')
    assert.equal(heard.host, `127.0.0.1:${engine.port}`)
    assert.isUndefined(heard.authorization)
    assert.isUndefined(heard['transfer-encoding'])
  })

  test('with a header that HTTP does not allow is refused', async () => {
    const { runtime } = await startedRuntime()
    const request = chatRequest({}, { headers: { 'x-request-id': 'two\r\nlines' } })
    const error = await runtime.generate(request, soon()).catch((reason: unknown) => reason)
    assert.propertyVal(error, 'code', 'ERR_INVALID_REQUEST')
  })

  test('reuses the connection of the one before it', async () => {
    const { engine, runtime } = await startedRuntime()
    for (let round = 0; round < 5; round += 1) {
      await readText(await runtime.generate(chatRequest(), soon()))
    }
    assert.equal(engine.heard.length, 5)
    // One of them is for lists and metrics; one may still be leaving its last answer behind.
    assert.isAtMost(engine.connectionCount, 3)
  })
})

describe('an answer', () => {
  test('arrives chunk by chunk as the engine writes it, even half a character', async () => {
    const { engine, runtime } = await startedRuntime()
    const text = 'data: {"text":"Gänse fliegen — 雁行"}\n\ndata: [DONE]\n\n'
    let release = () => {}
    engine.misbehaveOnce(async response => {
      streamHead(response)
      for (const byte of Buffer.from(text)) {
        const read = new Promise<void>(resolve => {
          release = resolve
        })
        response.write(Buffer.of(byte))
        await read
      }
      response.end()
    })

    const { chunks } = await runtime.generate(streamRequest(), soon())
    const received: Uint8Array[] = []
    for await (const chunk of chunks) {
      assert.equal(chunk.length, 1)
      received.push(chunk)
      release()
    }

    assert.equal(Buffer.concat(received).toString(), text)
  })

  test('has only headers that mean something to the client', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      response.setHeader('x-request-id', 'engine-7')
      response.setHeader('set-cookie', 'a=b')
      response.setHeader('server', 'uvicorn')
      answer(response, 200, {})
    })

    const { headers } = await runtime.generate(chatRequest(), soon())

    assert.deepEqual(headers, { 'content-type': 'application/json', 'x-request-id': 'engine-7' })
  })

  test('that is a stream may end without [DONE], and then does', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      streamHead(response)
      response.end('data: {}\n\n')
    })
    const text = await readText(await runtime.generate(streamRequest(), soon()))
    assert.equal(text, 'data: {}\n\n')
  })

  test('whose head follows an interim one is not taken for it', async () => {
    const { engine, runtime } = await startedRuntime()
    engine.misbehaveOnce(response => {
      response.writeProcessing()
      answer(response, 200, { fine: true })
    })
    const reply = await runtime.generate(chatRequest(), soon())
    assert.equal(reply.status, 200)
    assert.equal(await readText(reply), '{"fine":true}')
  })

  test('too fast for its reader is held up to the bound, then the engine waits', async () => {
    const bufferMaxBytes = 65_536
    const { engine, runtime } = await startedRuntime({ bufferMaxBytes })
    const event = Buffer.from(`data: ${'x'.repeat(1_000)}\n\n`)
    const totalCount = 100_000
    let writtenCount = 0
    let isBlocked = false
    engine.misbehaveOnce(async response => {
      streamHead(response)
      const closed = once(response, 'close')
      while (writtenCount < totalCount && !response.closed) {
        writtenCount += 1
        if (response.write(event)) continue
        isBlocked = true
        await Promise.race([once(response, 'drain'), closed])
        isBlocked = false
      }
      response.end()
    })

    const { chunks } = await runtime.generate(streamRequest(), soon())
    const reader = chunks[Symbol.asyncIterator]()
    const first = await reader.next()
    // Polls and engine share one event loop: were anything still moving, it would have moved.
    let blockedAtCount = -1
    let stillCount = 0
    await eventually(() => {
      stillCount = isBlocked && blockedAtCount === writtenCount ? stillCount + 1 : 0
      blockedAtCount = writtenCount
      assert.isAtLeast(stillCount, 10)
    })
    assert.isBelow(blockedAtCount, totalCount)

    let lengthBytes = (first.value as Uint8Array).length
    for await (const chunk of { [Symbol.asyncIterator]: () => reader }) lengthBytes += chunk.length
    assert.equal(lengthBytes, totalCount * event.length)
  })
})
