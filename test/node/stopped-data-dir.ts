/**
 * The data folder of a peer that began a mesh, met another peer, and was stopped.
 */
import { foundingSnapshot, openAgreement } from '../../src/node/consensus/open-agreement.ts'
import { systemEntropy } from '../../src/node/entropy.ts'
import { openDisk } from '../../src/node/storage/disk.ts'
import { loadIdentity } from '../../src/node/storage/identity.ts'
import { logFolder } from '../../src/node/storage/log-folder.ts'
import { newMesh, saveMesh } from '../../src/node/storage/mesh-file.ts'
import { openNodeLogFiles } from '../../src/node/storage/wal/node-log-files.ts'

export interface StoppedDataDir {
  readonly self: string
  readonly meshId: string
}

export async function stoppedDataDir(dataDir: string): Promise<StoppedDataDir> {
  const disk = await openDisk(dataDir)
  const { peerId: self } = await loadIdentity(disk)
  const mesh = newMesh(systemEntropy)
  const peers = [{ peer: '12D3KooWOther', addresses: ['/ip4/192.0.2.1/tcp/7734'] }]
  await saveMesh(disk, { ...mesh, incarnation: 5, peers })
  const { meshId } = mesh
  const founding = foundingSnapshot({ self, requestId: 'request-founding-1', wallMs: 0 })
  const files = await openNodeLogFiles(logFolder(dataDir))
  const { log } = await openAgreement({ self, meshId, files, founding })
  await log.close()
  return { self, meshId }
}
