/**
 * What the mesh has agreed on, over real files in memory and real messages: changes hold, reads are
 * true, and a peer that cannot write any more stops.
 */
import { assert, describe, test } from 'vitest'
import type { Operation } from '../../../src/consensus/policy/command.ts'
import { hasCode } from '../../../src/core/errors.ts'
import { rejection, turns } from '../until.ts'
import { AgreementMesh, type Side } from './agreement-mesh.ts'

const AUTHOR = { author: 'somebody' }

const tenant = (name: string): Operation => ({
  ...{ type: 'put', kind: 'tenants', name, schemaVersion: 1, spec: {} },
})

function tenants({ agreement }: Side): readonly string[] {
  return agreement.views.list('tenants').map(({ name }) => name)
}

describe('a change', () => {
  test('holds here when it is answered, and on every other peer soon', async () => {
    const mesh = await AgreementMesh.of(5)
    await mesh.settled(3)
    for (const [place, side] of mesh.sides.entries()) {
      const outcome = await mesh.end(side.agreement.change(tenant(`t${place}`), AUTHOR))
      assert.equal(outcome.status, 'applied')
      assert.include(tenants(side), `t${place}`)
    }
    await mesh.pass(500)
    const hashes = mesh.sides.map(({ agreement }) => agreement.state.hash)
    assert.equal(new Set(hashes).size, 1)
    assert.deepEqual(tenants(mesh.sides[0] as Side), ['t0', 't1', 't2', 't3', 't4'])
  })

  test('that is refused says why', async () => {
    const mesh = await AgreementMesh.of(1)
    const { agreement } = await mesh.settled(1)
    const absent = { ...tenant('a'), expected: 'present' } as Operation
    const outcome = await mesh.end(agreement.change(absent, AUTHOR))
    assert.equal(outcome.status === 'refused' && outcome.code, 'conflict')
  })

  test('is there after every peer has been killed at once', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    await mesh.end(leader.agreement.change(tenant('kept'), AUTHOR))
    for (const side of mesh.sides) await mesh.crash(side)
    for (const side of mesh.sides) await mesh.restart(side)
    const again = await mesh.settled(3)
    await mesh.end(again.agreement.catchUp())
    assert.deepEqual(tenants(again), ['kept'])
  })

  test('asked for twice at once is made once, and both hear of it', async () => {
    const mesh = await AgreementMesh.of(1)
    const { agreement } = await mesh.settled(1)
    const once = { ...AUTHOR, requestId: 'the-same-request-twice' }
    const both = [1, 2].map(() => agreement.change(tenant('a'), once))
    const [first, second] = await mesh.end(Promise.all(both))
    assert.deepEqual(first, second)
    const again = await mesh.end(agreement.change(tenant('a'), once))
    assert.equal(again.status === 'applied' && again.isRepetition, true)
  })

  test('is told to watchers in order, with what it changed', async () => {
    const mesh = await AgreementMesh.of(2)
    const leader = await mesh.settled(1)
    const follower = mesh.sides.find(side => side !== leader) as Side
    const seen: string[] = []
    const stop = follower.agreement.watch(changes => {
      for (const { name, revision } of changes ?? []) seen.push(`${name}@${revision}`)
    })
    const revisions: unknown[] = []
    for (const name of ['a', 'b']) {
      const outcome = await mesh.end(leader.agreement.change(tenant(name), AUTHOR))
      revisions.push(outcome.status === 'applied' && `${name}@${outcome.revision}`)
    }
    await mesh.pass(500)
    stop()
    await mesh.end(leader.agreement.change(tenant('c'), AUTHOR))
    await mesh.pass(500)
    assert.deepEqual(seen, revisions)
  })
})

describe('without a majority', () => {
  test('a change fails with who led last, and the policy there is stays readable', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    await mesh.end(leader.agreement.change(tenant('before'), AUTHOR))
    await mesh.pass(500)
    const left = mesh.sides.find(side => side !== leader) as Side
    for (const side of mesh.sides) if (side !== left) await mesh.crash(side)
    const error = await mesh.end(rejection(left.agreement.change(tenant('lost'), AUTHOR)))
    assert.isTrue(hasCode(error, 'ERR_NO_QUORUM'))
    assert.include(String(error), leader.peer)
    assert.deepEqual(tenants(left), ['before'])
    assert.isAbove(left.agreement.status().staleForMs, 4_000)
    const read = await mesh.end(rejection(left.agreement.catchUp()))
    assert.isTrue(hasCode(read, 'ERR_NO_QUORUM'))
  })
})

describe('a read', () => {
  test('by a leader that was cut off does not return what is old', async () => {
    const mesh = await AgreementMesh.of(3)
    const old = await mesh.settled(3)
    mesh.passes = (from, to) => from !== old && to !== old
    const reading = rejection(old.agreement.catchUp())
    await mesh.until(() => mesh.leader !== undefined && mesh.leader !== old)
    const fresh = mesh.leader as Side
    await mesh.end(fresh.agreement.change(tenant('new'), AUTHOR))
    assert.isTrue(hasCode(await mesh.end(reading), 'ERR_NO_QUORUM'))
    mesh.passes = () => true
    await mesh.end(old.agreement.catchUp())
    assert.deepEqual(tenants(old), ['new'])
  })
})

describe('a disk that fails', () => {
  test('stops the peer, which acknowledges nothing more', async () => {
    const mesh = await AgreementMesh.of(1)
    const { agreement, files, fatal } = await mesh.settled(1)
    const [segment = ''] = [...files.files.keys()].filter(name => name.endsWith('.wal'))
    files.failing = `sync ${segment}`
    const error = await mesh.end(rejection(agreement.change(tenant('a'), AUTHOR)))
    assert.isTrue(hasCode(error, 'ERR_NO_QUORUM'))
    assert.lengthOf(fatal, 1)
    assert.isTrue(hasCode(fatal[0], 'ERR_STORAGE'))
    files.failing = undefined
    const later = rejection(agreement.change(tenant('b'), AUTHOR))
    await turns(50)
    assert.isTrue(hasCode(await mesh.end(later), 'ERR_STOPPING'))
  })
})

describe('a peer that stops', () => {
  test('hands its office over first', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    await mesh.end(leader.agreement.handOver())
    assert.notEqual(leader.agreement.status().role, 'leader')
    await mesh.settled(3)
    assert.notEqual(mesh.leader, leader)
  })

  test('waits for a handover that is under way', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    const other = leader.agreement
      .status()
      .confState.voters.find(node => node !== leader.agreement.status().node)
    await leader.agreement.transferTo(other ?? 0)
    assert.equal(leader.agreement.status().role, 'leader')
    const role = leader.agreement.handOver().then(() => leader.agreement.status().role)
    assert.equal(await mesh.end(role), 'follower')
  })

  test('keeps its office if the others are no majority without it', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    const gone = mesh.sides.find(side => side !== leader) as Side
    await mesh.crash(gone)
    await mesh.pass(10_000)
    await mesh.end(leader.agreement.handOver())
    assert.equal(leader.agreement.status().role, 'leader')
  })

  test('does not know what becomes of a change that waits, and takes nothing more', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    for (const side of mesh.sides) if (side !== leader) await mesh.crash(side)
    const waiting = rejection(leader.agreement.change(tenant('a'), AUTHOR))
    await turns(4)
    await mesh.end(leader.agreement.close())
    assert.isTrue(hasCode(await waiting, 'ERR_NO_QUORUM'))
    const later = await rejection(leader.agreement.change(tenant('b'), AUTHOR))
    assert.isTrue(hasCode(later, 'ERR_STOPPING'))
  })
})

test('a peer that was away for long gets the state whole, and its log goes on behind it', async () => {
  const mesh = await AgreementMesh.of(3, { snapshotEveryEntries: 16, trailingEntries: 0 })
  const leader = await mesh.settled(3)
  const away = mesh.sides.find(side => side !== leader) as Side
  await mesh.crash(away)
  for (let n = 0; n < 40; n += 1) await mesh.end(leader.agreement.change(tenant(`t${n}`), AUTHOR))
  await mesh.restart(away)
  await mesh.until(() => away.agreement.state.hash === leader.agreement.state.hash)
  await mesh.end(away.agreement.change(tenant('after'), AUTHOR))
  // All of it is on its own disk.
  await mesh.crash(away)
  await mesh.restart(away)
  await mesh.pass(1_000)
  assert.deepEqual(tenants(away), tenants(leader))
  assert.deepEqual(
    mesh.sides.flatMap(({ fatal }) => fatal),
    [],
  )
})
