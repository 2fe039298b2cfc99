/**
 * Every command of `skein`, in the order the help lists them.
 */
import { aliasDelete, aliasList, aliasSet } from './alias.ts'
import { chat } from './chat.ts'
import type { Command } from './command.ts'
import { configShow } from './config-show.ts'
import { demo } from './demo.ts'
import { drain, undrain } from './drain.ts'
import { events } from './events.ts'
import { gpus } from './gpus.ts'
import { invite } from './invite.ts'
import { join } from './join.ts'
import { keysCreate, keysList, keysRevoke } from './keys.ts'
import { models } from './models.ts'
import { nodes } from './nodes.ts'
import { peersAdmit, peersDeny, peersList } from './peers.ts'
import { pin, unpin } from './pin.ts'
import { policyApply, policyDiff } from './policy-apply.ts'
import { policyDelete } from './policy-delete.ts'
import { policyGet } from './policy-get.ts'
import { policyLog } from './policy-log.ts'
import { policyWatch } from './policy-watch.ts'
import { quotaDelete, quotaList, quotaSet } from './quota.ts'
import { raftDemote, raftPromote, raftStatus, raftTransfer } from './raft.ts'
import { raftForget, raftRecover } from './raft-recover.ts'
import { simCalibrate } from './simulate/calibrate.ts'
import { simRecord } from './simulate/record.ts'
import { simReplay } from './simulate/replay.ts'
import { simCompare } from './simulate/sim-compare.ts'
import { simInit } from './simulate/sim-init.ts'
import { simReport } from './simulate/sim-report.ts'
import { simRun } from './simulate/sim-run.ts'
import { simSweep } from './simulate/sim-sweep.ts'
import { simValidate } from './simulate/sim-validate.ts'
import { tenantsCreate, tenantsDelete, tenantsList } from './tenants.ts'
import { trace } from './trace.ts'
import { up } from './up.ts'
import { version } from './version.ts'
import { why } from './why.ts'

export const commands: readonly Command[] = [
  ...[demo, up, join, invite, nodes, gpus, events, models, chat, why, trace],
  ...[drain, undrain, pin, unpin],
  ...[aliasSet, aliasList, aliasDelete],
  ...[keysCreate, keysList, keysRevoke],
  ...[tenantsCreate, tenantsList, tenantsDelete],
  ...[quotaSet, quotaList, quotaDelete],
  ...[policyGet, policyApply, policyDiff, policyDelete, policyWatch, policyLog],
  ...[peersList, peersDeny, peersAdmit],
  ...[raftStatus, raftTransfer, raftPromote, raftDemote, raftRecover, raftForget],
  ...[simInit, simValidate, simRun, simCompare, simSweep, simReport],
  ...[simRecord, simCalibrate, simReplay],
  ...[configShow, version],
]
