/**
 * When clients are told to come back, whoever named the time.
 */
import { assert, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { errorAnswer } from '../../src/ingress/error-answer.ts'

for (const [code, retryAfterMs, header] of [
  ['ERR_NO_CAPACITY', 7_200_000, '3600'],
  ['ERR_PEER_LOST', 1e308, '3600'],
  ['ERR_PEER_LOST', -1e308, '1'],
  ['ERR_PEER_LOST', Number.POSITIVE_INFINITY, undefined],
  ['ERR_QUOTA_EXCEEDED', 7_200_000, '7200'],
  ['ERR_QUOTA_EXCEEDED', 1e308, '2678400'],
] as const) {
  test(`a wait of ${retryAfterMs} ms with ${code} is Retry-After: ${header}`, () => {
    const error = new MeshError('No.', { code, details: { retryAfterMs } })
    assert.equal(errorAnswer(error, 'r1').headers['retry-after'], header)
  })
}
