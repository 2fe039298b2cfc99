/**
 * The small gRPC client, against Node's own HTTP/2 server.
 */
import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { assert, describe, onTestFinished, test } from 'vitest'
import { GrpcConnection } from '../../bench/consensus/grpc-connection.ts'
import { rejection, turns, until } from '../node/until.ts'

const PATH = '/service/Method'

type Answer = (stream: ServerHttp2Stream, message: Buffer) => void

/** Sends the message back. */
const echo: Answer = (stream, message) => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  stream.respond({ ':status': 200 }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(Buffer.concat([head, message]))
}

async function connected(answer: Answer) {
  const seen: string[] = []
  const server: Http2Server = createServer()
  server.on('stream', (stream, headers) => {
    seen.push(
      `${headers[':method']} ${headers[':path']} ${headers['content-type']} ${headers['te']}`,
    )
    // Whoever resets a stream hears of it again.
    stream.on('error', error => seen.push(error.message))
    const pieces: Buffer[] = []
    stream.on('data', (bytes: Buffer) => pieces.push(bytes))
    stream.on('end', () => answer(stream, Buffer.concat(pieces).subarray(5)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const connection = await GrpcConnection.open(port, PATH)
  onTestFinished(() => {
    connection.close()
    server.close()
  })
  return { connection, seen }
}

/** Whole ones, behind the 24 bytes that a client starts with. */
function dataFrameCount(received: Buffer): number {
  let count = 0
  for (let start = 24; start + 9 <= received.length; ) {
    const end = start + 9 + received.readUIntBE(start, 3)
    if (end <= received.length && received[start + 3] === 0) count += 1
    start = end
  }
  return count
}

describe('a gRPC connection', () => {
  test('sends each call as gRPC wants it and returns the message of its answer', async () => {
    const { connection, seen } = await connected(echo)

    const first = await connection.call(Buffer.from('one'))
    const second = await connection.call(Buffer.from('two'))

    assert.deepEqual([String(first), String(second)], ['one', 'two'])
    const expected = `POST ${PATH} application/grpc trailers`
    assert.deepEqual(seen, [expected, expected])
  })

  test('answers calls of which there are far more than go out at once', async () => {
    const { connection } = await connected(echo)
    const messages = Array.from({ length: 500 }, (_, index) => Buffer.alloc(1_000, `${index}`))

    const answers = await Promise.all(messages.map(message => connection.call(message)))

    assert.deepEqual(answers, messages)
  })

  test('sends no more than the server has allowed', async () => {
    let received = Buffer.alloc(0)
    const server = createTcpServer(accepting => {
      accepting.on('data', bytes => {
        received = Buffer.concat([received, bytes])
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const accepted = once(server, 'connection')
    const connection = await GrpcConnection.open((server.address() as AddressInfo).port, PATH)
    const [socket]: Socket[] = await accepted
    onTestFinished(() => {
      connection.close()
      server.close()
    })

    const calls = Array.from({ length: 100 }, () => rejection(connection.call(Buffer.alloc(1_000))))
    // Messages of 1,005 bytes that fit into the 65,535 that a connection starts with.
    await until(() => dataFrameCount(received) >= 65)
    await turns(10)
    assert.equal(dataFrameCount(received), 65)
    // Room for two more: WINDOW_UPDATE of 2,010 bytes.
    socket?.write(Buffer.from([0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0x07, 0xda]))
    await until(() => dataFrameCount(received) >= 67)
    await turns(10)
    assert.equal(dataFrameCount(received), 67)
    socket?.destroy()

    assert.lengthOf(await Promise.all(calls), 100)
  })

  test('refuses an answer without a message, which is how gRPC says that a call failed', async () => {
    const { connection } = await connected(stream => {
      stream.respond({ ':status': 200, 'grpc-status': '14' }, { endStream: true })
    })

    const error = await rejection(connection.call(Buffer.from('x')))

    assert.match(String(error), /the call failed/)
  })

  test('fails what is under way when the server resets a stream or goes away', async () => {
    const reset = await connected(stream => stream.close(2))
    const gone = await connected(stream => stream.session?.destroy())

    const errors = await Promise.all([
      rejection(reset.connection.call(Buffer.from('x'))),
      rejection(gone.connection.call(Buffer.from('x'))),
    ])

    assert.match(String(errors[0]), /reset the stream/)
    assert.match(String(errors[1]), /closed the connection|goes away/)
  })
})
