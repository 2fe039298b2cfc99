/**
 * Whether a peer has the log that it must have.
 */
import { assert, describe, test } from 'vitest'
import {
  foundingSnapshot,
  hasAgreement,
  openAgreement,
} from '../../../src/node/consensus/open-agreement.ts'
import { MemoryLogFiles } from '../storage/wal/memory-log-files.ts'
import { rejection } from '../until.ts'
import { MESH } from './agreement-mesh.ts'

const SELF = 'peer-self'

async function begun(): Promise<MemoryLogFiles> {
  const files = new MemoryLogFiles()
  const founding = foundingSnapshot({ self: SELF, requestId: 'request-founding-1', wallMs: 1_000 })
  const { log } = await openAgreement({ self: SELF, meshId: MESH, files, founding })
  await log.close()
  return files
}

describe('a peer that has been a member', () => {
  test('does not start without its log, nor the next time', async () => {
    const files = new MemoryLogFiles()
    for (const _attempt of [1, 2]) {
      const opening = openAgreement({
        ...{ self: SELF, meshId: MESH, files, founding: undefined, mustExist: true },
      })
      const error = await rejection(opening)
      assert.include(error, { code: 'ERR_LOG_DAMAGED' })
      assert.lengthOf(await files.list(), 0)
    }
  })

  test('starts with it', async () => {
    const files = await begun()
    const { log, savedIndex } = await openAgreement({
      ...{ self: SELF, meshId: MESH, files, founding: undefined, mustExist: true },
    })
    assert.equal(savedIndex, 1)
    await log.close()
  })
})

describe('a data folder', () => {
  test('has the log of its own mesh, and of no other', async () => {
    const files = await begun()
    assert.isTrue(await hasAgreement(files, MESH))
    assert.isFalse(await hasAgreement(files, 'ff'.repeat(16)))
    assert.isFalse(await hasAgreement(new MemoryLogFiles(), MESH))
  })
})
