/**
 * CRC-32C has the values of its standard, and is the same in one piece or in several.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { crc32c } from '../../../../src/node/storage/wal/crc32c.ts'

/** One bit at a time, as the standard says it. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0x82f63b78 : 0)
  }
  return ~crc >>> 0
}

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the usual check value.
  const cases = [
    { what: '"123456789"', bytes: Buffer.from('123456789'), crc: 0xe3069283 },
    { what: '32 zeros', bytes: Buffer.alloc(32), crc: 0x8a9136aa },
    { what: '32 bytes of ones', bytes: Buffer.alloc(32, 0xff), crc: 0x62a8ab43 },
    {
      what: '0 to 31',
      bytes: Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
      crc: 0x46dd794e,
    },
    { what: 'nothing', bytes: Buffer.alloc(0), crc: 0 },
  ]
  for (const { what, bytes, crc } of cases) {
    test(`of ${what} is the published one`, () => {
      assert.equal(crc32c(bytes), crc)
    })
  }

  test('of anything is that of the plain algorithm, cut anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, at) => {
        const cut = Math.min(at, bytes.length)
        const inTwo = crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))
        assert.equal(crc32c(bytes), bitwise(bytes))
        assert.equal(inTwo, bitwise(bytes))
        assert.equal(crc32c(bytes, 0, cut), bitwise(bytes.subarray(cut)))
      }),
    )
  })
})
