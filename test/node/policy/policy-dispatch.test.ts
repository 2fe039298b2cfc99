/**
 * Aliases, fallbacks and quotas on the way of a request.
 */
import { assert, describe, test } from 'vitest'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import { type ErrorCode, hasCode, type MeshError } from '../../../src/core/errors.ts'
import { Random } from '../../../src/core/random.ts'
import type { MeshAnswer, MeshRequest } from '../../../src/node/gateway.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import { PolicyDispatch } from '../../../src/node/policy/policy-dispatch.ts'
import type { Room } from '../../../src/scheduler/degradation.ts'
import { put, Scribe } from '../../consensus/policy/scribe.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'
import { failure, request as plain, STAY } from '../router-scene.ts'
import { rejection } from '../until.ts'

const request = { ...plain, model: 'chat', body: Buffer.from('{"model":"chat","seed":1}') }

interface Scene {
  /** Model → what becomes of requests for it. Others are answered. */
  readonly failing?: Readonly<Record<string, ErrorCode>>
  readonly answer?: string
  /** Model → what the mesh has for it. Others begin at once. */
  readonly rooms?: Readonly<Record<string, Room>>
}

function scene({ failing = {}, answer = '{}', rooms = {} }: Scene = {}) {
  const scribe = new Scribe()
  const clock = new ManualClock()
  const random = new Random(7)
  const sent: MeshRequest[] = []
  const looked: string[] = []
  const metrics = createMetrics()
  const dispatcher = new PolicyDispatch({
    metrics,
    views: () => scribe.views,
    clock,
    draw: () => random.next(),
    room({ model }, best) {
      looked.push(best === undefined ? model : `${model} for ${best}`)
      return rooms[model] ?? 'now'
    },
    async dispatch(asked): Promise<MeshAnswer> {
      sent.push(asked)
      const code = failing[asked.model]
      if (code !== undefined) throw failure(code)
      const { model } = asked
      const chunks = (async function* () {
        yield Buffer.from(answer)
      })()
      const about = { model, peer: 'p', decisionId: 'd', decisionMs: 0 }
      return { status: 200, headers: {}, chunks, ...about }
    },
  })
  const write = (kind: string, name: string, spec: object) => {
    const schemaVersion = policyFormat.kinds[kind]?.versions.length ?? 1
    const outcome = scribe.apply(put(kind, name, spec as never, { schemaVersion }))
    assert.equal(outcome.status, 'applied')
  }
  const ask = (changes: Partial<MeshRequest> = {}) =>
    dispatcher.dispatch({ ...request, ...changes }, STAY)
  const models = () => sent.map(({ model }) => model)
  const degradedCount = async () => (await metrics.scheduler.degraded.get()).values[0]?.value
  return { scribe, clock, sent, looked, ask, write, models, degradedCount }
}

async function readAll({ chunks }: MeshAnswer): Promise<void> {
  for await (const _ of chunks);
}

describe('a model that is no alias', () => {
  test('is asked for with the very body', async () => {
    const { ask, sent } = scene()
    const answer = await ask()
    assert.equal(sent[0]?.body, request.body)
    assert.equal(answer.model, 'chat')
  })
})

describe('an alias', () => {
  test('is followed, with the name of the model in the body', async () => {
    const { ask, write, sent } = scene()
    write('aliases', 'chat', { targets: [{ model: 'tiny' }] })
    const answer = await ask()
    assert.deepEqual([answer.model, sent[0]?.model], ['tiny', 'tiny'])
    assert.equal(Buffer.from(sent[0]?.body ?? []).toString(), '{"model":"tiny","seed":1}')
  })

  test('shares requests by the weights of its targets', async () => {
    const { ask, write, models } = scene()
    const targets = [
      { model: 'stable', weight: 90 },
      { model: 'canary', weight: 10 },
    ]
    write('aliases', 'chat', { targets })
    for (let left = 2_000; left > 0; left -= 1) await ask()
    const count = models().filter(model => model === 'canary').length
    // Six standard deviations around 200.
    assert.isAbove(count, 120)
    assert.isBelow(count, 280)
  })

  const passing = [
    'ERR_MODEL_NOT_FOUND',
    'ERR_NO_CAPACITY',
    'ERR_OVERLOADED',
    'ERR_PEER_LOST',
    'ERR_ENGINE',
  ] as const
  for (const code of passing) {
    test(`falls back when its target fails with ${code}`, async () => {
      const { ask, write, models } = scene({ failing: { a: code, b: code } })
      write('aliases', 'chat', { targets: [{ model: 'a' }], fallbacks: ['b', 'c'] })
      assert.equal((await ask()).model, 'c')
      assert.deepEqual(models(), ['a', 'b', 'c'])
    })
  }

  for (const code of ['ERR_INVALID_REQUEST', 'ERR_DEADLINE_EXCEEDED'] as const) {
    test(`does not fall back for ${code}, which is no fault of the model`, async () => {
      const { ask, write, models } = scene({ failing: { a: code } })
      write('aliases', 'chat', { targets: [{ model: 'a' }], fallbacks: ['b'] })
      assert.isTrue(hasCode(await rejection(ask()), code))
      assert.deepEqual(models(), ['a'])
    })
  }

  test('without one that can serve fails as its target did', async () => {
    const failing = { a: 'ERR_OVERLOADED', b: 'ERR_MODEL_NOT_FOUND' } as const
    const { ask, write } = scene({ failing })
    write('aliases', 'chat', { targets: [{ model: 'a' }], fallbacks: ['b'] })
    assert.isTrue(hasCode(await rejection(ask()), 'ERR_OVERLOADED'))
  })

  test('may lead to the model of its own name', async () => {
    const { ask, write, models } = scene()
    write('aliases', 'chat', { targets: [{ model: 'chat' }] })
    await ask()
    assert.deepEqual(models(), ['chat'])
  })
})

describe('variants of a model', () => {
  const ladder = { targets: [{ model: 'f16' }], variants: ['q8', 'q4'], fallbacks: ['cloud'] }

  test('are not asked while the model itself can begin', async () => {
    const { ask, write, models, looked, degradedCount } = scene()
    write('aliases', 'chat', ladder)
    const answer = await ask()
    assert.deepEqual([answer.model, answer.insteadOf], ['f16', undefined])
    assert.equal(await degradedCount(), 0)
    assert.deepEqual(models(), ['f16'])
    assert.deepEqual(looked, ['f16', 'q8 for f16', 'q4 for f16', 'cloud'])
  })

  test('serve in its place when it cannot, and the answer and a metric say so', async () => {
    const { ask, write, sent, degradedCount } = scene({ rooms: { f16: 'later' } })
    write('aliases', 'chat', ladder)
    const answer = await ask()
    assert.deepEqual([answer.model, answer.insteadOf], ['q8', 'f16'])
    assert.equal(await degradedCount(), 1)
    assert.equal(Buffer.from(sent[0]?.body ?? []).toString(), '{"model":"q8","seed":1}')
  })

  test('are passed over when none of them can: a fallback serves, which is no variant', async () => {
    const { ask, write, degradedCount } = scene({
      rooms: { f16: 'later', q8: 'later', q4: 'none' },
    })
    write('aliases', 'chat', ladder)
    const answer = await ask()
    assert.deepEqual([answer.model, answer.insteadOf], ['cloud', undefined])
    assert.equal(await degradedCount(), 0)
  })

  test('are looked for again where they serve in another place', async () => {
    const { ask, write, looked } = scene({ rooms: { f16: 'later' } })
    write('aliases', 'spare', { targets: [{ model: 'q8' }], fallbacks: ['f16'] })
    write('aliases', 'chat', { ...ladder, variants: ['q8'], fallbacks: ['spare', 'cloud'] })
    await ask()
    assert.deepEqual(looked, ['f16', 'q8 for f16', 'q8', 'cloud'])
  })

  test('are tried in turn if one is full after all, and then what has to wait', async () => {
    const rooms = { f16: 'later', cloud: 'none' } as const
    const failing = { q8: 'ERR_OVERLOADED', q4: 'ERR_OVERLOADED' } as const
    const { ask, write, models } = scene({ rooms, failing })
    write('aliases', 'chat', ladder)
    assert.equal((await ask()).model, 'f16')
    assert.deepEqual(models(), ['q8', 'q4', 'f16'])
  })

  test('are nothing that is looked for where the policy names none', async () => {
    const { ask, write, looked } = scene({ rooms: { f16: 'later' } })
    write('aliases', 'chat', { targets: [{ model: 'f16' }], fallbacks: ['q8'] })
    assert.equal((await ask()).model, 'f16')
    assert.deepEqual(looked, [])
  })
})

describe('a quota', () => {
  const caller = { key: 'app', tenant: 'acme' }

  const subjects = [
    { name: 'tenant:acme', hasTenant: true },
    { name: 'model:chat', hasTenant: false },
    { name: 'model:tiny', hasTenant: false },
  ]
  for (const { name, hasTenant } of subjects) {
    test(`of ${name} holds for who asks for it, and for no other`, async () => {
      const { ask, write } = scene()
      write('aliases', 'chat', { targets: [{ model: 'tiny' }] })
      if (hasTenant) write('tenants', 'acme', {})
      write('quotas', name, { limits: [{ requestsMax: 1 }] })
      await readAll(await ask({ caller }))
      const error = await rejection(ask({ caller }))
      assert.isTrue(hasCode(error, 'ERR_QUOTA_EXCEEDED'))
      assert.equal((error as MeshError).details['quota'], name)
      await ask({ caller: { key: 'other', tenant: 'other' }, model: 'big' })
    })
  }

  test('of a model behind an alias lets the fallback serve', async () => {
    const { ask, write, models } = scene()
    write('aliases', 'chat', { targets: [{ model: 'tiny' }], fallbacks: ['big'] })
    write('quotas', 'model:tiny', { concurrencyMax: 0 })
    await ask()
    assert.deepEqual(models(), ['big'])
  })

  test('of requests at once is free again when the answer was read, or was given up', async () => {
    const { ask, write } = scene()
    write('quotas', 'model:chat', { concurrencyMax: 1 })
    const first = await ask()
    assert.isTrue(hasCode(await rejection(ask()), 'ERR_QUOTA_EXCEEDED'))
    await readAll(first)
    const second = await ask()
    assert.isTrue(hasCode(await rejection(ask()), 'ERR_QUOTA_EXCEEDED'))
    await second.chunks[Symbol.asyncIterator]().return?.()
    await ask()
  })

  test('of tokens counts those the engine tells of', async () => {
    const { ask, write } = scene({ answer: '{"usage":{"total_tokens":95}}' })
    write('quotas', 'model:chat', { limits: [{ tokensMax: 100 }] })
    await readAll(await ask())
    assert.isTrue(hasCode(await rejection(ask()), 'ERR_QUOTA_EXCEEDED'))
    await ask({ inputTokens: 5 })
  })

  test('is not used up by what fails before an answer', async () => {
    const { ask, write, scribe } = scene({ failing: { chat: 'ERR_NO_CAPACITY' } })
    write('quotas', 'model:chat', {
      limits: [{ requestsMax: 1, tokensMax: 10 }],
      concurrencyMax: 1,
    })
    assert.isDefined(scribe.views.quota('model', 'chat'))
    for (let left = 3; left > 0; left -= 1) {
      assert.isTrue(hasCode(await rejection(ask()), 'ERR_NO_CAPACITY'))
    }
  })
})
