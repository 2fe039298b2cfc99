/**
 * Server-sent events taken apart (WHATWG, HTML, "Parsing an event stream"): wherever the bytes are
 * cut, the events are the same.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { EventReader } from '../../../src/runtimes/kserve/event-reader.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('events', () => {
  test('are the same wherever the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map(text => text.replace(/[\r\n]/g, '').trim())
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(9)), (lines, cuts) => {
        const bytes = bytesOf(lines.map(text => `data: ${text}\n\n`).join(''))
        const reader = new EventReader()
        const events: string[] = []
        let start = 0
        for (const length of cuts) {
          events.push(...reader.add(bytes.subarray(start, start + length)))
          start = Math.min(bytes.length, start + length)
        }
        events.push(...reader.add(bytes.subarray(start)))
        assert.deepEqual(events, lines)
      }),
    )
  })

  const cases = [
    { text: 'data: a\r\n\r\ndata: b\r\n\r\n', events: ['a', 'b'], rule: 'may end in CRLF' },
    { text: ': ping\n\ndata: a\n\n', events: ['a'], rule: 'are none if they are comments' },
    { text: 'data: a\ndata: b\n\n', events: ['a\nb'], rule: 'may have several lines' },
    { text: 'data:a\n\n', events: ['a'], rule: 'need no space' },
    { text: 'data: a\n', events: [], rule: 'end at an empty line' },
  ]
  for (const { text, events, rule } of cases) {
    test(rule, () => {
      assert.deepEqual(new EventReader().add(bytesOf(text)), events)
    })
  }

  test('that do not end are refused at a bound', () => {
    const reader = new EventReader()
    const half = bytesOf('a'.repeat(600_000))
    reader.add(half)
    try {
      reader.add(half)
      assert.fail('it was held')
    } catch (error) {
      assert.ok(hasCode(error, 'ERR_ENGINE'))
    }
  })
})
