/**
 * Fields of options that many parts have.
 */
import { assert, test } from 'vitest'
import { httpUrl } from '../../src/core/option-fields.ts'
import { gpuOptions } from '../../src/gpu/options.ts'
import { scalingOptions } from '../../src/node/scaling/options.ts'
import { tracingOptions } from '../../src/node/tracing/options.ts'

test('an address is of HTTP, and holds no user or password', () => {
  for (const [url, isRight] of [
    ['http://host:80/path?query=a@b', true],
    ['https://[::1]', true],
    ['http://me:secret@host', false],
    ['https://token@host', false],
    ['http:me:secret@host', false],
    ['http:\\\\me:secret@host', false],
    ['http:\t/\n/me:sec@ret@host', false],
    ['ftp://host', false],
    ['host:80', false],
    [`http://${'h'.repeat(2_041)}`, true],
    [`http://${'h'.repeat(2_042)}`, false],
  ] as const) {
    assert.equal(httpUrl().safeParse(url).success, isRight, url)
  }
})

test('no address that is fetched may hold a password, which errors would tell', () => {
  const secret = 'http://me:secret@host/'
  const found = [
    gpuOptions.safeParse({ dcgmUrl: secret }),
    scalingOptions.safeParse({ webhookUrl: secret }),
    tracingOptions.safeParse({ otlpUrl: secret }),
  ]
  for (const { error } of found) {
    assert.equal(error?.issues[0]?.message, 'must hold no user or password')
    assert.notInclude(String(error), 'secret')
  }
})
