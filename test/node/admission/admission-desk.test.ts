/**
 * Admitting strangers: what is asked of the mesh for a ticket, and what they are told.
 */
import { assert, describe, test } from 'vitest'
import { AdmissionDesk } from '../../../src/node/admission/admission-desk.ts'
import { Doorkeeper } from '../../../src/node/admission/doorkeeper.ts'
import { CANDIDATE, codeOf, PolicyScene, SELF, TICKET } from './policy-scene.ts'

function deskOf(scene: PolicyScene, contacts: readonly string[] = []) {
  const { clock, log } = scene
  const door = new Doorkeeper({
    ...{ agreement: scene, clock, log },
    ...{ rosterIndex: 0, introduced: new Set<string>() },
  })
  return new AdmissionDesk({
    ...{ self: SELF, agreement: scene, clock, door },
    newRequestId: () => 'preview-00000000',
    contacts: () => contacts.map(peer => ({ peer, addresses: [`/dns4/${peer}/tcp/1`] })),
  })
}

const admit = (scene: PolicyScene, peer = 'peer-new') =>
  codeOf(deskOf(scene).admit(peer, CANDIDATE))

describe('a stranger with a good ticket', () => {
  test('is on the roster when it is welcomed, and the ticket has one use less', async () => {
    const scene = new PolicyScene()
    scene.invite({ usesLeft: 2, role: 'observer' })
    scene.bringUpToDate()
    const { rosterIndex } = await deskOf(scene).admit('peer-new', CANDIDATE)
    assert.equal(scene.views.role('peer-new'), 'observer')
    assert.equal(rosterIndex, scene.state.appliedIndex)
    assert.equal(scene.views.spec('tickets', TICKET)?.usesLeft, 1)
  })

  test('is admitted by a peer that has not heard of the ticket yet', async () => {
    const scene = new PolicyScene()
    scene.invite()
    assert.equal(await admit(scene), 'none')
    assert.equal(scene.catchUpCount, 1)
  })

  test('is told of members that are on the roster, and of no others', async () => {
    const scene = new PolicyScene()
    scene.admit('peer-b')
    scene.admit('peer-new')
    scene.invite()
    scene.bringUpToDate()
    const desk = deskOf(scene, ['peer-b', 'peer-gone', 'peer-new', SELF])
    const { members } = await desk.admit('peer-new', CANDIDATE)
    assert.deepEqual(members, [{ peer: 'peer-b', addresses: ['/dns4/peer-b/tcp/1'] }])
  })

  test('that is on the roster already is welcomed without a new entry, also when none is left', async () => {
    const scene = new PolicyScene()
    scene.invite({ usesLeft: 1 })
    scene.bringUpToDate()
    assert.equal(await admit(scene), 'none')
    assert.lengthOf(scene.proposed, 1)
    assert.equal(await admit(scene), 'none')
    assert.lengthOf(scene.proposed, 1)
  })
})

describe('a member that joins once more', () => {
  async function again(scene: PolicyScene, hasLog: boolean): Promise<string> {
    scene.admit('peer-b')
    scene.invite()
    scene.bringUpToDate()
    return await codeOf(deskOf(scene).admit('peer-b', { ...CANDIDATE, hasLog }))
  }

  test('is refused if it votes and has lost its log, for it has forgotten what it promised', async () => {
    const scene = new PolicyScene()
    scene.voters.add('peer-b')
    assert.equal(await again(scene, false), 'ERR_CONFLICT')
    assert.lengthOf(scene.proposed, 0)
  })

  test('without its log is not believed to have no vote while nobody can know', async () => {
    const scene = new PolicyScene()
    scene.hasQuorum = false
    assert.equal(await again(scene, false), 'ERR_NO_QUORUM')
  })

  test('is welcomed if it has its log, or no vote', async () => {
    const scene = new PolicyScene()
    assert.equal(await again(scene, false), 'none')
    const other = new PolicyScene()
    other.voters.add('peer-b')
    other.hasQuorum = false
    assert.equal(await again(other, true), 'none')
  })
})

describe('a stranger is told what is wrong, and nothing is written for it:', () => {
  const wrong: { what: string; code: string; prepare: (scene: PolicyScene) => void }[] = [
    { what: 'a ticket that nobody made', code: 'ERR_TICKET_REJECTED', prepare: () => {} },
    {
      what: 'a ticket with another secret',
      code: 'ERR_TICKET_REJECTED',
      prepare: scene => {
        scene.invite()
        const patch = { spec: { hash: '00'.repeat(32) } }
        const target = { kind: 'tickets', name: TICKET, schemaVersion: 1 }
        scene.agree({ type: 'patch', ...target, patch })
      },
    },
    {
      what: 'a ticket that was taken back, of which we have not heard',
      code: 'ERR_TICKET_REJECTED',
      prepare: scene => {
        scene.invite()
        scene.agree({ type: 'delete', kind: 'tickets', name: TICKET })
      },
    },
    {
      what: 'a ticket whose time is over',
      code: 'ERR_TICKET_EXPIRED',
      prepare: scene => {
        scene.invite({ expiresInMs: 1_000 })
        scene.clock.advance(1_000)
      },
    },
    {
      what: 'a ticket without uses left',
      code: 'ERR_TICKET_USED_UP',
      prepare: scene => scene.invite({ usesLeft: 0 }),
    },
    {
      what: 'that it is denied, whatever ticket it has',
      code: 'ERR_PEER_DENIED',
      prepare: scene => {
        scene.invite()
        scene.agree({ type: 'deny', peer: 'peer-new' })
      },
    },
  ]
  for (const { what, code, prepare } of wrong) {
    for (const isBehind of [false, true]) {
      test(`${what}${isBehind ? ', by a peer that is behind' : ''}`, async () => {
        const scene = new PolicyScene()
        prepare(scene)
        if (!isBehind) scene.bringUpToDate()
        assert.equal(await admit(scene), code)
        assert.deepEqual(scene.proposed, [])
      })
    }
  }

  test('a ticket whose last use goes to another at the same moment', async () => {
    const scene = new PolicyScene()
    scene.invite({ usesLeft: 1 })
    scene.bringUpToDate()
    const desk = deskOf(scene)
    const codes = await Promise.all([
      codeOf(desk.admit('peer-1', CANDIDATE)),
      codeOf(desk.admit('peer-2', CANDIDATE)),
    ])
    assert.deepEqual(codes.toSorted(), ['ERR_TICKET_USED_UP', 'none'])
    assert.equal(scene.views.list('roster').length, 2)
  })
})

describe('without a majority', () => {
  test('nobody is admitted, and is told that within seconds', async () => {
    const scene = new PolicyScene()
    scene.invite()
    scene.bringUpToDate()
    scene.slowness = new Promise(() => {})
    const waiting = admit(scene)
    await new Promise(setImmediate)
    scene.clock.advance(3_500)
    assert.equal(await waiting, 'ERR_NO_QUORUM')
    assert.isUndefined(scene.views.role('peer-new'))
  })

  test('a ticket that we do not know may be one that others know', async () => {
    const scene = new PolicyScene()
    scene.invite()
    scene.hasQuorum = false
    assert.equal(await admit(scene), 'ERR_NO_QUORUM')
  })

  test('one whose time is over is told so all the same', async () => {
    const scene = new PolicyScene()
    scene.invite({ expiresInMs: 1_000 })
    scene.bringUpToDate()
    scene.clock.advance(2_000)
    scene.hasQuorum = false
    assert.equal(await admit(scene), 'ERR_TICKET_EXPIRED')
  })
})
