/**
 * The reader of HTTP messages under the load generator and the mock engine (RFC 9112).
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { HttpMessageReader } from '../../bench/http-message.ts'

interface Message {
  readonly head: string
  readonly body: string
}

/** Reads pieces as they might arrive. */
function read(pieces: readonly Buffer[]) {
  const messages: Message[] = []
  let head = ''
  let body = ''
  const reader = new HttpMessageReader({
    head: text => {
      head = text
      body = ''
    },
    body: bytes => {
      body += bytes.toString('latin1')
    },
    end: () => messages.push({ head, body }),
  })
  for (const piece of pieces) reader.push(piece)
  return { messages, isInside: reader.isInside }
}

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwxyz\r\nA;x=1\r\n0123456789\r\n0\r\nx: y\r\n\r\n'
const WITH_LENGTH = 'POST /v1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello'
const WITHOUT_BODY = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'

const WHOLE = Buffer.from(CHUNKED + WITH_LENGTH + WITHOUT_BODY + CHUNKED)

describe('the reader of HTTP messages', () => {
  test('it finds bodies by length, by chunks and none at all', () => {
    const { messages, isInside } = read([WHOLE])

    assert.deepEqual(
      messages.map(({ body }) => body),
      ['wxyz0123456789', 'hello', '', 'wxyz0123456789'],
    )
    assert.equal(messages[1]?.head, 'POST /v1 HTTP/1.1\r\nContent-Length: 5')
    assert.isFalse(isInside)
  })

  test('it reads the same wherever the bytes are cut', () => {
    const expected = read([WHOLE])
    fc.assert(
      fc.property(fc.array(fc.nat(WHOLE.length)), cuts => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), WHOLE.length]
        const pieces = edges.slice(1).map((edge, index) => WHOLE.subarray(edges[index], edge))
        assert.deepEqual(read(pieces), expected)
      }),
    )
  })

  test('it knows that a message has not ended', () => {
    assert.isTrue(read([Buffer.from(CHUNKED.slice(0, -2))]).isInside)
    assert.isTrue(read([Buffer.from(WITH_LENGTH.slice(0, -1))]).isInside)
    assert.isTrue(read([Buffer.from(WITHOUT_BODY.slice(0, 9))]).isInside)
  })

  test('it refuses what it cannot follow', () => {
    const push = (text: string) => () => read([Buffer.from(text)])

    assert.throws(push('HTTP/1.1 200 OK\r\n\r\n'), /without content-length or chunks/)
    assert.throws(push(CHUNKED.replace('4\r\n', 'size\r\n')), /a chunk size, found size/)
    assert.throws(push('x'.repeat(70_000)), /a line over/)
  })
})
