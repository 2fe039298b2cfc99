/**
 * Log lines: JSON with everything for programs, one plain line for people.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { createLogger, type Logger } from '../../src/node/log.ts'

function linesOf(format: 'json' | 'text', use: (logger: Logger) => void): readonly string[] {
  const lines: string[] = []
  use(createLogger('info', { write: line => lines.push(line), wallMs: () => 0, format }))
  return lines
}

const lost = new MeshError('the other side is gone\nand more', { code: 'ERR_PEER_LOST' })

describe('a line for people', () => {
  test('has the level, the message and the facts, and of an error what it says', () => {
    const [line] = linesOf('text', logger => {
      logger.warn('a lane closed', { peer: '12D3', failures: 3, error: lost, odd: { a: 1 } })
    })
    assert.equal(
      line,
      'warn: a lane closed: peer=12D3 failures=3 error="ERR_PEER_LOST: the other side is gone" odd={"a":1}\n',
    )
  })

  test('is one line, whatever the facts hold, and not a long one', () => {
    const [line = ''] = linesOf('text', logger => {
      logger.info('x', {
        text: 'a\nb\u001b[31m',
        error: new Error('c\nd'),
        long: 'y'.repeat(9_000),
      })
    })
    assert.match(line, /^info: x: text="a\\nb\\u001b\[31m" error="Error: c" long=/)
    assert.lengthOf(line.split('\n'), 2)
    assert.isBelow(line.length, 500)
  })

  test('has the stack of a bug, which whoever reports it needs', () => {
    const bug = new TypeError('x is not a function')
    const [error, ours, warn] = linesOf('text', logger => {
      logger.error('request failed by a bug', { error: bug })
      logger.error('request failed', { error: lost })
      logger.warn('request failed', { error: bug })
    })
    assert.include(error, `\n${bug.stack}\n`)
    assert.notInclude(ours, ' at ')
    assert.notInclude(warn, ' at ')
  })
})

test('a line for programs has the time and every error with code, stack and cause', () => {
  const cause = new Error('reset')
  const error = new MeshError('gone', { code: 'ERR_PEER_LOST', cause })
  const [line = ''] = linesOf('json', logger => logger.warn('a lane closed', { error }))
  const told = JSON.parse(line)
  assert.equal(told.time, '1970-01-01T00:00:00.000Z')
  assert.deepInclude(told.error, { code: 'ERR_PEER_LOST', message: 'gone', stack: error.stack })
  assert.equal(told.error.cause.message, 'reset')
})

test('a line below the level is not written', () => {
  assert.deepEqual(
    linesOf('text', logger => logger.debug('x')),
    [],
  )
})
