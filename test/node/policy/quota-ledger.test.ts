/**
 * Quotas: what is refused, when it is let through again, and what is given back.
 */
import { assert, describe, test } from 'vitest'
import type { QuotaSpec } from '../../../src/consensus/policy/kinds/quotas.ts'
import { quotas } from '../../../src/consensus/policy/kinds/quotas.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { QuotaLedger } from '../../../src/node/policy/quota-ledger.ts'

const MINUTE_MS = 60_000

const quota = (spec: object, name = 'tenant:acme') => {
  const schema = quotas.versions[0]?.schemas['*']
  return { name, spec: schema?.parse(spec) as QuotaSpec }
}

const perMinute = (limit: object) => quota({ limits: [limit] })

/** How long to wait; `undefined`: it was let through. */
function refusalMs(take: () => unknown): number | undefined {
  try {
    take()
    return undefined
  } catch (error) {
    assert.instanceOf(error, MeshError)
    assert.equal(error.code, 'ERR_QUOTA_EXCEEDED')
    return Number(error.details['retryAfterMs'])
  }
}

describe('a quota', () => {
  test('of requests lets through as many within its time, and then says when', () => {
    const ledger = new QuotaLedger()
    const two = perMinute({ requestsMax: 2 })
    for (const nowMs of [0, 30_000]) ledger.take([two], 1, nowMs).settle(1, nowMs)
    const waitMs = refusalMs(() => ledger.take([two], 1, 40_000)) ?? 0
    assert.isAbove(waitMs, 20_000)
    assert.isAtMost(waitMs, 20_000 + MINUTE_MS / 16)
    assert.isUndefined(refusalMs(() => ledger.take([two], 1, 40_000 + waitMs)))
  })

  test('of tokens counts those used, as soon as they are known', () => {
    const ledger = new QuotaLedger()
    const hundred = perMinute({ tokensMax: 100 })
    const first = ledger.take([hundred], 60, 0)
    assert.isDefined(refusalMs(() => ledger.take([hundred], 60, 0)))
    first.settle(10, 0)
    ledger.take([hundred], 60, 0).settle(90, 0)
    assert.isDefined(refusalMs(() => ledger.take([hundred], 1, 0)))
  })

  test('of tokens that one request alone goes over says so with its whole time', () => {
    const ledger = new QuotaLedger()
    const wait = refusalMs(() => ledger.take([perMinute({ tokensMax: 10 })], 11, 0))
    assert.equal(wait, MINUTE_MS)
  })

  test('of requests at once gives a place back with each that ends', () => {
    const ledger = new QuotaLedger()
    const one = quota({ concurrencyMax: 1 })
    const lease = ledger.take([one], 1, 0)
    assert.isDefined(refusalMs(() => ledger.take([one], 1, 0)))
    lease.settle(1, 0)
    // Once only.
    lease.settle(1, 0)
    lease.giveBack(0)
    const next = ledger.take([one], 1, 0)
    assert.isDefined(refusalMs(() => ledger.take([one], 1, 0)))
    next.giveBack(0)
    assert.isUndefined(refusalMs(() => ledger.take([one], 1, 0)))
  })

  test('counts nothing for what was not served', () => {
    const ledger = new QuotaLedger()
    const both = perMinute({ requestsMax: 1, tokensMax: 10 })
    ledger.take([both], 10, 0).giveBack(0)
    assert.isUndefined(refusalMs(() => ledger.take([both], 10, 0)))
  })

  test('counts nothing if another one refuses', () => {
    const ledger = new QuotaLedger()
    const loose = perMinute({ requestsMax: 1 })
    const tight = quota({ concurrencyMax: 0 }, 'key:app')
    assert.isDefined(refusalMs(() => ledger.take([loose, tight], 1, 0)))
    assert.isUndefined(refusalMs(() => ledger.take([loose], 1, 0)))
  })

  test('holds in each of its times', () => {
    const ledger = new QuotaLedger()
    const limits = [
      { windowMs: 1_000, requestsMax: 2 },
      { windowMs: MINUTE_MS, requestsMax: 3 },
    ]
    const both = quota({ limits })
    for (const nowMs of [0, 2_000, 4_000]) ledger.take([both], 1, nowMs).settle(1, nowMs)
    assert.isAbove(refusalMs(() => ledger.take([both], 1, 8_000)) ?? 0, 40_000)
  })

  test('that is changed goes on counting in the time it had', () => {
    const ledger = new QuotaLedger()
    ledger.take([perMinute({ requestsMax: 1 })], 1, 0).settle(1, 0)
    const raised = perMinute({ requestsMax: 2 })
    ledger.take([raised], 1, 0).settle(1, 0)
    assert.isDefined(refusalMs(() => ledger.take([raised], 1, 0)))
  })
})

describe('the ledger', () => {
  test('forgets the quota used longest ago when there are too many, but none in use', () => {
    const ledger = new QuotaLedger()
    const one = (name: string) => quota({ limits: [{ requestsMax: 1 }] }, name)
    ledger.take([one('key:running')], 1, 0)
    ledger.take([one('key:ended')], 1, 0).settle(1, 0)
    const { spec } = one('key:x')
    for (let at = 0; at < 20_000; at++) {
      ledger.take([{ name: `key:k${at}`, spec }], 1, 0).settle(1, 0)
    }
    assert.equal(ledger.size, 20_000)
    assert.isUndefined(refusalMs(() => ledger.take([one('key:ended')], 1, 0)))
    assert.isDefined(refusalMs(() => ledger.take([one('key:running')], 1, 0)))
  })
})
