/**
 * Frames: whatever the slicing, what was framed comes out, and no length makes us allocate more
 * than the limit.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import { encodeFrame, FrameReader } from '../../src/protocols/frames.ts'

const LIMIT_BYTES = 1_000

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]))
}

/** The frames that come out, and the error that ended it. */
function read(slices: readonly Uint8Array[]) {
  const reader = new FrameReader(LIMIT_BYTES)
  const frames: Uint8Array[] = []
  try {
    for (const slice of slices) reader.push(slice, frame => frames.push(frame))
  } catch (error) {
    return { frames, error, reader }
  }
  return { frames, error: undefined, reader }
}

test('frames come out as they went in, however the stream is sliced', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 })
  fc.assert(
    fc.property(bodies, fc.infiniteStream(fc.integer({ min: 1, max: 400 })), (sent, sizes) => {
      const stream = concat(sent.map(encodeFrame))
      const slices: Uint8Array[] = []
      for (let position = 0; position < stream.length; ) {
        const end = position + (sizes.next().value as number)
        slices.push(stream.subarray(position, end))
        position = end
      }

      const { frames, error } = read(slices)
      assert.isUndefined(error)
      assert.deepEqual(
        frames.map(frame => [...frame]),
        sent.map(body => [...body]),
      )
    }),
  )
})

test('a frame within one slice is a view of it, one that straddles slices is not', () => {
  const stream = concat([encodeFrame(Uint8Array.of(1, 2)), encodeFrame(Uint8Array.of(3, 4))])
  const first = stream.subarray(0, 5)
  const { frames } = read([first, stream.subarray(5)])

  assert.equal(frames[0]?.buffer, stream.buffer)
  assert.notEqual(frames[1]?.buffer, stream.buffer)
  assert.deepEqual([...(frames[1] ?? [])], [3, 4])
})

test('lengths of one to four bytes are written as varints', () => {
  const cases = [
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [16_384, [0x80, 0x80, 0x01]],
    [2 ** 21, [0x80, 0x80, 0x80, 0x01]],
  ] as const
  for (const [length, prefix] of cases) {
    const frame = encodeFrame(new Uint8Array(length))
    assert.deepEqual([...frame.subarray(0, prefix.length)], [...prefix])
    assert.equal(frame.length, length + prefix.length)
  }
})

describe('a frame', () => {
  test('of exactly the limit is read', () => {
    const { frames, error } = read([encodeFrame(new Uint8Array(LIMIT_BYTES))])
    assert.isUndefined(error)
    assert.equal(frames[0]?.length, LIMIT_BYTES)
  })

  test('longer than the limit is refused, after the frames before it', () => {
    const stream = concat([encodeFrame(Uint8Array.of(7)), encodeFrame(new Uint8Array(1_001))])
    const { frames, error } = read([stream])
    assert.equal(frames.length, 1)
    assert.ok(hasCode(error, 'ERR_BAD_FRAME'))
    assert.equal(error.message, 'expected a frame of at most 1000 bytes, found one of 1001')
    assert.deepEqual(error.details, { frameMaxBytes: 1_000, foundBytes: 1_001 })
  })

  test('is refused as soon as its length is certain to be too large', () => {
    const { error } = read([Uint8Array.of(0xff), Uint8Array.of(0xff)])
    assert.ok(hasCode(error, 'ERR_BAD_FRAME'))
    assert.include(error.message, 'found one of at least 16383')
  })

  test('whose length never ends is refused', () => {
    const { error } = read([Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80)])
    assert.ok(hasCode(error, 'ERR_BAD_FRAME'))
    assert.include(error.message, 'a frame length of at most 5 bytes')
  })

  test('after a refused one is refused too', () => {
    const { reader } = read([Uint8Array.of(0xff, 0xff)])
    assert.throws(() => reader.push(Uint8Array.of(0x80), () => assert.fail('a frame')))
  })
})
