/**
 * The mesh of one peer: what it keeps of others, what it believes of strangers, and how its own
 * claims go out.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { membershipOptions } from '../../src/membership/options.ts'
import { Mesh } from '../../src/node/mesh.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import type { Network } from '../../src/node/network.ts'
import { openClaim, signClaim } from '../../src/node/signed-claims.ts'
import type { Identity } from '../../src/node/storage/identity.ts'
import type { Greeting } from '../../src/protocols/hello.ts'
import type { SchedulerEvent } from '../../src/scheduler/scheduler.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { claimOf } from './claims.ts'
import { modelFacts } from './fake-runtime.ts'
import { freshIdentity, silent } from './recorded-network.ts'
import { turns, until } from './until.ts'

const facts = claimOf('').facts as NonNullable<ReturnType<typeof claimOf>['facts']>

function greetingOf(claims: readonly Uint8Array[], rttMs = 7): Greeting {
  return { instanceId: new Uint8Array(16), software: 'test', features: [], claims, rttMs }
}

interface Init {
  readonly identity?: Identity
  readonly membersMax?: number
  readonly forgetAfterMs?: number
  readonly publish?: (bytes: Uint8Array) => Promise<void>
}

async function meshOf({ identity, publish, ...options }: Init = {}) {
  const clock = new ManualClock()
  const self = identity ?? (await freshIdentity())
  const events: SchedulerEvent[] = []
  const fatal: unknown[] = []
  const barred = new Set<string>()
  /** Connections that were ended. */
  const cut: string[] = []
  const published: Uint8Array[] = []
  const network = {
    publish: async (bytes: Uint8Array) => {
      published.push(bytes)
      await publish?.(bytes)
    },
    disconnect: (peer: string, error?: Error) => cut.push(`${peer}: ${error?.message}`),
  }
  const mesh = new Mesh(
    {
      identity: self,
      clock,
      logger: silent,
      metrics: createMetrics(),
      scheduler: {
        step: event => {
          events.push(event)
          return []
        },
      },
      agreement: { memberSeen: () => {}, memberForgotten: () => {} },
      network: () => network as unknown as Network,
      post: () => true,
      isIdle: () => true,
      isBarred: peer => barred.has(peer),
      onEvent: () => {},
      onFatal: error => fatal.push(error),
      seed: 1,
      incarnation: 5,
    },
    membershipOptions.parse(options),
    { facts, load: NO_LOAD },
  )
  /** What the scheduler was told of one peer, last. */
  const told = (peer: string) =>
    events.filter(event => 'peer' in event && event.peer === peer).at(-1) as
      | Extract<SchedulerEvent, { type: 'peer-changed' }>
      | undefined
  return { mesh, self, clock, events, fatal, published, told, barred, cut }
}

async function authorOf(change: Parameters<typeof claimOf>[1] = {}) {
  const identity = await freshIdentity()
  const sign = (more: typeof change = {}) =>
    signClaim(claimOf(identity.peerId, { ...change, ...more }), identity.privateKey)
  return { peer: identity.peerId, identity, sign }
}

describe('a peer that the mesh has cut off', () => {
  test('is disconnected and forgotten, and nothing is heard or told of it any more', async () => {
    const { mesh, events, barred, cut } = await meshOf()
    const author = await authorOf()
    await mesh.claimHeard(await author.sign({ version: 1 }))
    barred.add(author.peer)
    mesh.expel(author.peer, new MeshError('denied', { code: 'ERR_PEER_DENIED' }))
    assert.deepEqual(cut, [`${author.peer}: denied`])
    assert.deepEqual(events.at(-1), { type: 'peer-forgotten', peer: author.peer })

    await mesh.claimHeard(await author.sign({ version: 2 }))
    assert.deepEqual([mesh.members, mesh.claims()], [[], []])
    barred.delete(author.peer)
    await mesh.claimHeard(await author.sign({ version: 3 }))
    assert.lengthOf(mesh.members, 1)
  })
})

describe('a claim', () => {
  test('that is genuine makes its author a member, known to the scheduler', async () => {
    const { mesh, told } = await meshOf()
    const author = await authorOf()
    await mesh.claimHeard(await author.sign())
    assert.deepEqual(
      mesh.members.map(({ peer, status }) => [peer, status]),
      [[author.peer, 'alive']],
    )
    assert.deepInclude(told(author.peer), { status: 'alive', facts })
  })

  test('that is forged, foreign or no claim at all changes nothing', async () => {
    const { mesh, events, fatal } = await meshOf()
    const author = await authorOf()
    await mesh.claimHeard(await author.sign({ version: 3 }))
    const before = { members: mesh.members, claims: mesh.claims(), events: [...events] }

    const other = await authorOf()
    const asAuthor = claimOf(author.peer, { version: 4, isLeaving: true })
    const forged = await signClaim(asAuthor, other.identity.privateKey)
    const short = forged.slice(0, -1)
    short[short.length - 64] = 63
    const old = await author.sign({ version: 2, isLeaving: true })
    const again = await author.sign({ version: 3 })
    const bad = [forged, short, old, again, new Uint8Array(0), Buffer.from('garbage')]
    for (const bytes of bad) await mesh.claimHeard(bytes)
    await mesh.connected('x', greetingOf(bad))
    assert.deepEqual({ members: mesh.members, claims: mesh.claims(), events }, before)
    assert.deepEqual(fatal, [])
  })

  test('that is the newest is kept for greetings, in whatever order they come', async () => {
    const { mesh } = await meshOf()
    const author = await authorOf()
    const versions = await Promise.all([1, 2, 3].map(version => author.sign({ version })))
    const [first, second, third] = versions as [Uint8Array, Uint8Array, Uint8Array]
    await Promise.all([third, first, second].map(bytes => mesh.claimHeard(bytes)))
    assert.deepEqual(mesh.claims(), [third])
  })

  test('of our own from a later life is outbid', async () => {
    const { mesh, self, clock, published } = await meshOf()
    clock.advance(0)
    await until(() => published.length === 1)
    const ahead = claimOf(self.peerId, { incarnation: 99, version: 9 })
    await mesh.claimHeard(await signClaim(ahead, self.privateKey))
    clock.advance(200)
    await until(() => published.length === 2)
    const said = await openClaim(published[1] as Uint8Array)
    assert.isAbove(said?.incarnation ?? 0, 99)
  })
})

describe('a member table that is full', () => {
  test('keeps nothing of those it ignores', async () => {
    const { mesh, events } = await meshOf({ membersMax: 2 })
    const authors = await Promise.all(Array.from({ length: 5 }, () => authorOf()))
    for (const author of authors) await mesh.claimHeard(await author.sign())
    assert.deepEqual([mesh.members.length, mesh.claims().length], [2, 2])
    const known = new Set(events.map(event => ('peer' in event ? event.peer : '')))
    assert.isFalse(known.has(authors[4]?.peer ?? ''))
  })

  test('has room again when it has forgotten those that left', async () => {
    const { mesh, clock, events } = await meshOf({ membersMax: 1, forgetAfterMs: 10_000 })
    const [first, second] = [await authorOf(), await authorOf()]
    await mesh.claimHeard(await first.sign())
    await mesh.claimHeard(await second.sign())
    assert.deepEqual(
      mesh.members.map(({ peer }) => peer),
      [first.peer],
    )
    await mesh.claimHeard(await first.sign({ version: 2, isLeaving: true }))
    for (let step = 0; step < 11; step += 1) {
      clock.advance(1_000)
      await turns(2)
    }
    assert.deepInclude(events, { type: 'peer-forgotten', peer: first.peer })
    await mesh.claimHeard(await second.sign())
    assert.deepEqual(
      mesh.members.map(({ peer }) => peer),
      [second.peer],
    )
  })
})

describe('the round trip to a peer', () => {
  test('is told with its state once its greeting has measured it', async () => {
    const { mesh, told } = await meshOf()
    const author = await authorOf()
    await mesh.connected(author.peer, greetingOf([await author.sign()], 42))
    assert.equal(told(author.peer)?.rttMs, 42)
  })

  test('is what an earlier connection measured while there is none', async () => {
    const { mesh, told } = await meshOf()
    const author = await authorOf()
    await mesh.connected(author.peer, greetingOf([await author.sign()], 42))
    mesh.disconnected(author.peer)
    await mesh.claimHeard(await author.sign({ version: 2 }))
    assert.equal(told(author.peer)?.rttMs, 42)
  })

  test('is not told of a peer that was never met', async () => {
    const { mesh, told } = await meshOf()
    const author = await authorOf()
    await mesh.claimHeard(await author.sign())
    assert.isUndefined(told(author.peer)?.rttMs)
  })
})

describe('our own claims', () => {
  test('are published signed, and come first in a greeting', async () => {
    const { mesh, self, clock, published } = await meshOf()
    const author = await authorOf()
    await mesh.claimHeard(await author.sign())
    clock.advance(0)
    await until(() => published.length === 1)
    assert.equal((await openClaim(published[0] as Uint8Array))?.peer, self.peerId)
    assert.deepEqual(mesh.claims()[0], published[0])
    assert.lengthOf(mesh.claims(), 2)
  })

  test('wait for the one before; of those that wait, only the newest goes out', async () => {
    const done: (() => void)[] = []
    const publish = () => new Promise<void>(resolve => done.push(resolve))
    const { mesh, clock, published } = await meshOf({ publish })
    clock.advance(0)
    for (let change = 1; change <= 50; change += 1) {
      mesh.changed({ load: { ...NO_LOAD, isDraining: change % 2 === 1 } })
      clock.advance(100)
      await turns(2)
    }
    assert.lengthOf(published, 1)
    done[0]?.()
    await until(() => published.length === 2)
    assert.equal((await openClaim(published[1] as Uint8Array))?.version, 51)
    done[1]?.()
    await turns(4)
    assert.lengthOf(published, 2)
  })

  test('that the network does not take are followed by the next', async () => {
    const { mesh, clock, published, fatal } = await meshOf({
      publish: () => Promise.reject(new Error('no neighbours')),
    })
    clock.advance(0)
    await until(() => published.length === 1)
    clock.advance(100)
    mesh.changed({ load: { ...NO_LOAD, isDraining: true } })
    await until(() => published.length === 2)
    assert.deepEqual(fatal, [])
  })

  test('that cannot be signed stop the peer', async () => {
    const identity = await freshIdentity()
    const lost = new Error('the key is gone')
    const privateKey = { ...identity.privateKey, sign: () => Promise.reject(lost) }
    const broken = { ...identity, privateKey: privateKey as unknown as Identity['privateKey'] }
    const { clock, fatal } = await meshOf({ identity: broken })
    clock.advance(0)
    await until(() => fatal.length > 0)
    assert.deepEqual(fatal, [lost])
  })

  test('end with one that says so', async () => {
    const { mesh, clock, published } = await meshOf()
    clock.advance(0)
    const last = await mesh.leave()
    assert.isTrue((await openClaim(last as Uint8Array))?.isLeaving)
    assert.deepEqual(published.at(-1), last)
    assert.equal(clock.wakeCount, 0)
  })
})

test('a model that cannot be told keeps nobody from hearing of the others', async () => {
  const { mesh, published } = await meshOf()
  const models = [modelFacts('good'), modelFacts('bad', { digest: 'x'.repeat(513) })]
  mesh.changed({ facts: { ...facts, models } })
  await until(() => published.length > 0)
  const claim = await openClaim(published.at(-1) ?? new Uint8Array())
  assert.deepEqual(
    claim?.facts?.models.map(({ id }) => id),
    ['good'],
  )
})
