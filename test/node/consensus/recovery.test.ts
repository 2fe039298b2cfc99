/**
 * What a peer of a lost mesh still has, and the state with which it goes on alone.
 */
import { assert, describe, test } from 'vitest'
import type { Operation } from '../../../src/consensus/policy/command.ts'
import { consensusOptions } from '../../../src/consensus/replica/options.ts'
import { Agreement } from '../../../src/node/consensus/agreement.ts'
import { openAgreement } from '../../../src/node/consensus/open-agreement.ts'
import { readAgreement, recoveredSnapshot } from '../../../src/node/consensus/recovery.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import { silent } from '../recorded-network.ts'
import { MemoryLogFiles } from '../storage/wal/memory-log-files.ts'
import { rejection, turns } from '../until.ts'
import { AgreementMesh, MESH, type Side } from './agreement-mesh.ts'

const NEW_MESH = 'ffeeddccbbaa99887766554433221100'

const AUTHOR = { author: 'somebody' }

const put = (kind: string, name: string, spec = {}): Operation => ({
  ...{ type: 'put', kind, name, schemaVersion: 1, spec },
})

const tenantsOf = (views: Side['agreement']['views']) =>
  views.list('tenants').map(each => each.name)

/** Five peers, three of which vote, that have agreed on a few tenants and were all killed then. */
async function lostMesh(): Promise<AgreementMesh> {
  const mesh = await AgreementMesh.of(5)
  const leader = await mesh.settled(3)
  for (const name of ['a', 'b']) {
    await mesh.end(leader.agreement.change(put('tenants', name), AUTHOR))
  }
  await mesh.pass(500)
  for (const side of mesh.sides) await mesh.crash(side)
  return mesh
}

const ownerOf = ({ peer }: Side) => ({ peer, mesh: MESH })

const RECOVERY = { lostMesh: MESH, requestId: 'request-recovery-1', wallMs: 1_000 }

/** The peer as it starts after its recovery, alone. */
async function startAlone(mesh: AgreementMesh, side: Side): Promise<Agreement> {
  const kept = await readAgreement(side.files, ownerOf(side))
  const { peer: self } = side
  const founding = recoveredSnapshot(kept, { self, ...RECOVERY })
  const files = new MemoryLogFiles()
  const first = await openAgreement({ self, meshId: NEW_MESH, files, founding })
  await first.log.close()
  const opened = await openAgreement({ self, meshId: NEW_MESH, files, founding: undefined })
  let count = 0
  return new Agreement(
    {
      ...{ self, zone: '', clock: mesh.clock, logger: silent, metrics: createMetrics(), seed: 1 },
      newRequestId: () => `request-alone-${`${++count}`.padStart(6, '0')}`,
      post: () => false,
      onEvent: () => {},
      onFatal: error => {
        throw error
      },
    },
    opened,
    consensusOptions.parse({}),
  )
}

describe('a peer whose mesh is lost', () => {
  test('has all that was agreed on, whether it had a vote or not', async () => {
    const mesh = await lostMesh()
    for (const side of mesh.sides) {
      const kept = await readAgreement(side.files, ownerOf(side))
      assert.deepEqual(tenantsOf(kept.machine.views), ['a', 'b'])
      assert.equal(kept.voters.length, 3)
      assert.isAtLeast(kept.lastIndex, kept.commitIndex)
      assert.isTrue(kept.voters.every(({ peer }) => mesh.sides.some(each => each.peer === peer)))
    }
  })

  test('is read without changing a byte', async () => {
    const mesh = await lostMesh()
    const [side] = mesh.sides as [Side]
    const before = side.files.copy()
    await readAgreement(side.files, ownerOf(side))
    assert.deepEqual(side.files.files, before.files)
  })

  test('goes on alone in a new mesh: it leads, and its word is enough', async () => {
    const mesh = await lostMesh()
    for (const side of mesh.sides) {
      const agreement = await startAlone(mesh, side)
      await mesh.until(() => agreement.status().role === 'leader')
      const outcome = await mesh.end(agreement.change(put('tenants', 'c'), AUTHOR))
      assert.equal(outcome.status, 'applied')
      assert.deepEqual(tenantsOf(agreement.views), ['a', 'b', 'c'])
      await agreement.close()
    }
  })

  test('has higher terms and revisions than anybody has seen of the lost mesh', async () => {
    const mesh = await lostMesh()
    const [side] = mesh.sides as [Side]
    const kept = await readAgreement(side.files, ownerOf(side))
    const { lastIndex, term } = kept
    const { metadata } = recoveredSnapshot(kept, { self: side.peer, ...RECOVERY })
    assert.isAbove(metadata.index, lastIndex + 1_000)
    assert.isAbove(metadata.term, term)
  })

  test('says in the audit trail where its policy comes from', async () => {
    const mesh = await lostMesh()
    const [side] = mesh.sides as [Side]
    const agreement = await startAlone(mesh, side)
    const last = agreement.state.auditTrail().at(-1)
    assert.equal(last?.author, `recovery:${MESH}`)
    await agreement.close()
  })

  test('keeps what it has stored but does not know to be agreed on', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    mesh.passes = () => false
    const late = leader.agreement.change(put('tenants', 'late'), AUTHOR)
    late.catch(() => {})
    await mesh.pass(200)
    await mesh.crash(leader)
    await turns(8)
    const kept = await readAgreement(leader.files, ownerOf(leader))
    assert.isAbove(kept.lastIndex, kept.commitIndex)
    assert.deepEqual(tenantsOf(kept.machine.views), ['late'])
  })
})

describe('nobody is recovered who', () => {
  test('has the log of another peer or mesh, or none', async () => {
    const mesh = await lostMesh()
    const [one, other] = mesh.sides as [Side, Side]
    const wrong = [
      readAgreement(one.files, ownerOf(other)),
      readAgreement(one.files, { peer: one.peer, mesh: NEW_MESH }),
      readAgreement(new MemoryLogFiles(), ownerOf(one)),
    ]
    for (const reading of wrong) {
      assert.include(await rejection(reading), { code: 'ERR_STORAGE' })
    }
  })

  test('is an observer, or was cut off', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    const [observer, denied] = mesh.sides.filter(side => side !== leader) as [Side, Side]
    const demotion = { kind: 'roster', name: observer.peer, schemaVersion: 1 }
    const patch = { spec: { role: 'observer' } }
    await mesh.end(leader.agreement.change({ type: 'patch', ...demotion, patch }, AUTHOR))
    await mesh.end(leader.agreement.change({ type: 'deny', peer: denied.peer }, AUTHOR))
    await mesh.pass(500)
    for (const side of mesh.sides) await mesh.crash(side)
    const kept = await readAgreement(leader.files, ownerOf(leader))
    assert.throws(
      () => recoveredSnapshot(kept, { self: observer.peer, ...RECOVERY }),
      /expected a member, found .* to be an observer/,
    )
    assert.throws(
      () => recoveredSnapshot(kept, { self: denied.peer, ...RECOVERY }),
      /in the roster as this peer knows it/,
    )
  })
})
