/**
 * Recognising keys: proved once, judged always, and never so many at once that others wait.
 */
import { createHash } from 'node:crypto'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { systemEntropy } from '../../../src/node/entropy.ts'
import { hashKey, isKeyOf, nameInKey, newKey } from '../../../src/node/policy/key-hash.ts'
import { KeyRing } from '../../../src/node/policy/key-ring.ts'
import { LocalAgreement } from '../../ingress/local-policy.ts'

/** As cheap as the policy allows. */
const CHEAP = { algorithm: 'scrypt', costLog2: 10, blockSize: 1, parallelism: 1 } as const

const secret = (letter: string) => letter.repeat(32)

async function ringWith(...names: readonly string[]) {
  const agreement = new LocalAgreement('self')
  let nowMs = 1_000
  const ring = new KeyRing({
    views: () => agreement.views,
    watch: watcher => agreement.watch(watcher),
    wallMs: () => nowMs,
  })
  const put = async (name: string, spec: object = {}) => {
    const key = `sk-skein-${name}-${secret('a')}`
    const { digest, salt } = await hashKey(key, systemEntropy)
    const hash = { algorithm: 'scrypt', costLog2: 14, blockSize: 8, parallelism: 1, digest, salt }
    const target = { kind: 'keys', name, schemaVersion: 1 } as const
    const outcome = agreement.apply({ type: 'put', ...target, spec: { hash, ...spec } as never })
    assert.equal(outcome.status, 'applied')
    return key
  }
  for (const name of names) await put(name)
  return { agreement, ring, put, pass: (ms: number) => (nowMs += ms) }
}

async function failure(run: () => unknown): Promise<string | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    for (const code of ['ERR_UNAUTHENTICATED', 'ERR_FORBIDDEN', 'ERR_OVERLOADED'] as const) {
      if (hasCode(error, code)) return code
    }
    throw error
  }
}

describe('the text of a key', () => {
  test('has the name, which may have dashes, and a secret, which has none', () => {
    assert.equal(nameInKey(`sk-skein-my-app.2-${secret('a')}`), 'my-app.2')
    assert.equal(nameInKey(newKey('my-app', systemEntropy)), 'my-app')
    for (const text of [
      'sk-skein-app',
      'sk-skein--x',
      'sk-other-a',
      `sk-skein-a-${'x'.repeat(15)}`,
    ]) {
      assert.isUndefined(nameInKey(text))
    }
  })
})

describe('the hash of a key', () => {
  test('recognises it and no other', async () => {
    const key = newKey('app', systemEntropy)
    const hash = await hashKey(key, systemEntropy)
    assert.isTrue(await isKeyOf(key, hash))
    assert.isFalse(await isKeyOf(`${key}0`, hash))
    assert.notInclude(JSON.stringify(hash), key.slice(-10))
  })

  test('may be one of Argon2 that somebody else made', async () => {
    // Of the tests of the reference implementation (phc-winner-argon2, src/test.c).
    const parameters = { algorithm: 'argon2id', memoryKib: 256, passes: 2, parallelism: 1 } as const
    const salt = Buffer.from('somesalt').toString('hex')
    const digest = '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'
    assert.isTrue(await isKeyOf('password', { ...parameters, salt, digest }))
    assert.isFalse(await isKeyOf('passwort', { ...parameters, salt, digest }))
  })

  test('is scrypt as RFC 7914 has it', async () => {
    const digest =
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640'
    const parameters = { algorithm: 'scrypt', costLog2: 10, blockSize: 8, parallelism: 16 } as const
    const salt = Buffer.from('NaCl').toString('hex')
    assert.isTrue(await isKeyOf('password', { ...parameters, salt, digest }))
  })
})

describe('a key ring', () => {
  test('hashes a key once, and then answers at once', async () => {
    const { ring, put } = await ringWith()
    const key = await put('app')
    const first = ring.recognise(key)
    assert.instanceOf(first, Promise)
    assert.equal((await first).name, 'app')
    assert.notInstanceOf(ring.recognise(key), Promise)
  })

  test('hashes a wrong key once too', async () => {
    const { ring, put } = await ringWith()
    await put('app')
    const wrong = `sk-skein-app-${secret('b')}`
    assert.equal(await failure(() => ring.recognise(wrong)), 'ERR_UNAUTHENTICATED')
    assert.throws(() => ring.recognise(wrong), /not one of this mesh/)
  })

  test('refuses at once what can be no key', async () => {
    const { ring } = await ringWith('app')
    for (const key of ['sk-skein-', `sk-skein-nobody-${secret('a')}`, 'sk-skein-app']) {
      assert.throws(() => ring.recognise(key), /not one of this mesh/)
    }
  })

  test('forgets what it has proved when the entry changes its secret, not when it changes else', async () => {
    const { ring, put, agreement } = await ringWith()
    const key = await put('app')
    await ring.recognise(key)
    const target = { kind: 'keys', name: 'app', schemaVersion: 1 } as const
    agreement.apply({ type: 'patch', ...target, patch: { spec: { description: 'x' } } })
    assert.notInstanceOf(ring.recognise(key), Promise)
    const hash = { ...CHEAP, salt: 'ab'.repeat(16), digest: 'cd'.repeat(32) }
    agreement.apply({ type: 'patch', ...target, patch: { spec: { hash } } })
    assert.equal(await failure(() => ring.recognise(key)), 'ERR_UNAUTHENTICATED')
    agreement.apply({ type: 'delete', kind: 'keys', name: 'app' })
    assert.throws(() => ring.recognise(key), /not one of this mesh/)
  })

  test('does not let in whose entry goes, or gets another secret, while the key is hashed', async () => {
    const { ring, put, agreement } = await ringWith()
    const target = { kind: 'keys', name: 'app' } as const
    const hash = { ...CHEAP, salt: 'ab'.repeat(16), digest: 'cd'.repeat(32) }
    const changes = [
      { type: 'patch', ...target, schemaVersion: 1, patch: { spec: { hash } } },
      { type: 'delete', ...target },
    ] as const
    for (const change of changes) {
      const key = await put('app')
      const asked = failure(() => ring.recognise(key))
      agreement.apply(change)
      assert.equal(await asked, 'ERR_UNAUTHENTICATED')
    }
  })

  test('judges at every request whether the key may be used now', async () => {
    const { ring, put, agreement, pass } = await ringWith()
    const tenant = { kind: 'tenants', name: 'acme', schemaVersion: 1 } as const
    agreement.apply({ type: 'put', ...tenant, spec: {} })
    const key = await put('app', { expiresAtMs: 5_000, tenant: 'acme', roles: ['admin'] })
    await ring.recognise(key)
    assert.isTrue(ring.hasAdmin())
    agreement.apply({ type: 'patch', ...tenant, patch: { spec: { isSuspended: true } } })
    assert.equal(await failure(() => ring.recognise(key)), 'ERR_FORBIDDEN')
    assert.isFalse(ring.hasAdmin())
    agreement.apply({ type: 'patch', ...tenant, patch: { spec: { isSuspended: null } } })
    assert.notInstanceOf(ring.recognise(key), Promise)
    pass(4_000)
    assert.equal(await failure(() => ring.recognise(key)), 'ERR_UNAUTHENTICATED')
  })

  test('hashes a key that many bring at once only once', async () => {
    const { ring, put } = await ringWith()
    const key = await put('app')
    const asked = Array.from({ length: 50 }, () => ring.recognise(key))
    assert.equal(new Set((await Promise.all(asked)).map(({ spec }) => spec)).size, 1)
  })

  test('lets who tries secrets under one name wait for themselves alone', async () => {
    const { ring, put } = await ringWith()
    await put('app')
    const other = await put('other')
    const guess = (at: number) => createHash('sha256').update(String(at)).digest('hex').slice(0, 32)
    const tries = Array.from({ length: 40 }, (_, at) =>
      failure(() => ring.recognise(`sk-skein-app-${guess(at)}`)),
    )
    const known = ring.recognise(other)
    const ends = await Promise.all(tries)
    assert.equal(ends.filter(end => end === 'ERR_OVERLOADED').length, 40 - 16)
    assert.equal(ends.filter(end => end === 'ERR_UNAUTHENTICATED').length, 16)
    assert.equal((await known).name, 'other')
  })

  test('knows whether somebody holds an admin’s key, also after all is replaced', async () => {
    const { ring, put, agreement } = await ringWith('app')
    assert.isFalse(ring.hasAdmin())
    await put('root', { roles: ['inference', 'admin'] })
    assert.isTrue(ring.hasAdmin())
    agreement.apply({
      type: 'patch',
      ...({ kind: 'keys', name: 'root', schemaVersion: 1 } as const),
      patch: { spec: { roles: ['operator'] } },
    })
    assert.isFalse(ring.hasAdmin())
  })
})
