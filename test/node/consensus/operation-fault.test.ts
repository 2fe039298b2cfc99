/**
 * What a person is told whose wish the leader did not carry out.
 */
import { assert, describe, test } from 'vitest'
import type { OperationType } from '../../../src/consensus/replica/message.ts'
import { operationFault, type Standing } from '../../../src/node/consensus/operation-fault.ts'
import { rejection } from '../until.ts'
import { AgreementMesh } from './agreement-mesh.ts'

const STANDING: Standing = {
  confState: { voters: [1, 2] },
  settings: { isAutomatic: false },
  members: [
    { peer: 'one', node: 1, mayVote: true },
    { peer: 'two', node: 2, mayVote: true },
    { peer: 'three', node: 3, mayVote: true },
    { peer: 'watcher', node: 4, mayVote: false },
  ],
  leader: 'one',
}

describe('a refused operation says why:', () => {
  const automatic = { settings: { isAutomatic: true } }
  const alone = { confState: { voters: [1] } }
  const cases: readonly [OperationType, number, Partial<Standing>, string][] = [
    ['promote', 3, automatic, 'found that the mesh chooses them itself'],
    ['demote', 2, { settings: undefined }, 'found that the mesh chooses them itself'],
    ['promote', 2, {}, 'found two, which votes already'],
    ['promote', 4, {}, 'found watcher, which only observes'],
    ['promote', 9, {}, 'expected a peer of the roster, found node 9'],
    ['promote', 3, {}, 'found another change under way'],
    ['demote', 3, {}, 'found three, which does not vote already'],
    ['demote', 1, alone, 'expected a voter besides one, found that it is the last one'],
    ['demote', 2, {}, 'found another change under way'],
    ['demote', 2, { members: [] }, 'found another change under way'],
    ['transfer', 1, automatic, 'found one, which leads already'],
    ['transfer', 3, automatic, 'found three, which does not vote'],
    ['transfer', 9, automatic, 'expected a peer of the roster, found node 9'],
    ['transfer', 2, automatic, 'found one that hands over to two already'],
  ]
  for (const [type, node, standing, says] of cases) {
    test(`${type} ${node}: ${says}`, () => {
      const error = operationFault({ type, node }, { ...STANDING, ...standing })
      assert.include(error.message, says)
      assert.equal(error.code, 'ERR_INVALID_REQUEST')
    })
  }

  test('voters that the mesh chooses, with the setting that ends that', () => {
    const { hint } = operationFault({ type: 'promote', node: 3 }, { ...STANDING, ...automatic })
    assert.include(hint, '`settings/voters` with `isAutomatic: false`')
  })
})

describe('a mesh', () => {
  test('says by any peer why its leader refuses', async () => {
    const mesh = await AgreementMesh.of(3)
    const leader = await mesh.settled(3)
    const { node } = leader.agreement.status()
    for (const { agreement } of mesh.sides) {
      const chosen = await mesh.end(rejection(agreement.operate({ type: 'demote', node })))
      assert.include(String(chosen), 'the mesh chooses them itself')
      const leading = await mesh.end(rejection(agreement.operate({ type: 'transfer', node })))
      assert.include(String(leading), `${leader.peer}, which leads already`)
    }
  })
})
