/**
 * The composition root: one peer with its data folder, network, engines and HTTP side.
 *
 * The only place, beside `choose-engines.ts` and `config-sections.ts`, that knows both the node
 * and the edges. HTTP answers before the engines are ready, and the peer is ready when its
 * engines are, or after a moment if they take longer.
 */
import { chooseEngines } from './choose-engines.ts'
import { Closers } from './closers.ts'
import type { SkeinConfig } from './config-sections.ts'
import { hasCode, MeshError } from './core/errors.ts'
import { systemProbes } from './gpu/system-probes.ts'
import { watchGpus } from './gpu/watch-gpus.ts'
import { Happenings } from './happenings.ts'
import { createIngress, type Ingress } from './ingress/ingress.ts'
import { systemClock } from './node/clock.ts'
import { readKeyFile } from './node/config/key-file.ts'
import {
  foundingSnapshot,
  hasAgreement,
  type OpenedAgreement,
  openAgreement,
} from './node/consensus/open-agreement.ts'
import { enterMesh, introduce } from './node/enter-mesh.ts'
import { newId, systemEntropy } from './node/entropy.ts'
import { KnownPeers } from './node/known-peers.ts'
import { Libp2pNetwork } from './node/libp2p/libp2p-network.ts'
import { collectProcessMetrics, createMetrics } from './node/metrics.ts'
import type { Network } from './node/network.ts'
import { Peer } from './node/peer.ts'
import { openRecorder } from './node/recording/open-recorder.ts'
import { finishRecovery } from './node/recover-mesh.ts'
import { startScaling } from './node/scaling/start-scaling.ts'
import { openClaim } from './node/signed-claims.ts'
import type { Ready, RunningPeer, StartDeps } from './node/start.ts'
import { lockDataDir } from './node/storage/data-dir-lock.ts'
import { type Disk, openDisk } from './node/storage/disk.ts'
import { type Identity, loadIdentity } from './node/storage/identity.ts'
import { logFolder, putLogAside } from './node/storage/log-folder.ts'
import { type MeshMemory, saveMesh } from './node/storage/mesh-file.ts'
import { openNodeLogFiles } from './node/storage/wal/node-log-files.ts'
import type { TracingOptions } from './node/tracing/options.ts'
import type { OtlpTracerDeps } from './node/tracing/otlp-tracer.ts'
import { NO_TRACER, type Tracer } from './node/tracing/tracer.ts'
import { parseExposition } from './runtimes/engines/exposition.ts'

/** Longer than small models take to load; a large one is announced when it is there. */
const ENGINES_WAIT_MS = 1_500

/** Longer than a peer on the same site takes to answer. */
const MEETING_WAIT_MS = 500

/** Longer than a mesh that is well takes to agree, and a newcomer to hear of it. */
const TICKET_WAIT_MS = 1_500

/** What is left of the stopping time for goodbyes and for closing connections and files. */
const CLOSE_RESERVE_MS = 2_000

/** How long a start that was given up may take to notice it. */
const ABORT_PATIENCE_MS = 1_000

const clock = systemClock
const entropy = systemEntropy

/**
 * Starts a peer.
 *
 * @throws MeshError ERR_CONFIG, ERR_DATA_DIR_LOCKED, ERR_STORAGE, ERR_LISTEN, and for `join` what
 * `enterMesh` throws.
 */
export async function startPeer(config: SkeinConfig, deps: StartDeps): Promise<RunningPeer> {
  const closers = new Closers()
  try {
    return await unlessAborted(start(config, deps, closers), deps.signal)
  } catch (error) {
    await closers.close().catch((cause: unknown) => {
      deps.logger.warn('closing after a failed start failed', { error: cause })
    })
    throw error
  }
}

/** A step that hangs, such as a disk that does not answer, must not keep a person waiting. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      clock.wakeAt(clock.nowMs() + ABORT_PATIENCE_MS, () => reject(signal.reason))
    })
  })
  return await Promise.race([work, aborted])
}

async function start(config: SkeinConfig, deps: StartDeps, closers: Closers): Promise<RunningPeer> {
  const apiKeys = config.ingress.apiKeyPath === null ? [] : readKeyFile(config.ingress.apiKeyPath)
  const disk = await openDisk(config.node.dataDir)
  const lock = await lockDataDir(config.node.dataDir)
  closers.add(() => lock.release())
  await finishRecovery(config.node.dataDir, disk)
  const identity = await loadIdentity(disk)
  const { onProgress, logger, command } = deps
  const enterDeps = {
    ...{ identity, disk, clock, entropy, onProgress },
    hasLog: async (meshId: string) =>
      hasAgreement(await openNodeLogFiles(logFolder(config.node.dataDir)), meshId),
    putLogAside: (meshId: string) => putLogAside(config.node.dataDir, meshId, clock.wallMs()),
  }
  const chooseDeps = { clock, logger, newId: () => newId(entropy), onProgress }
  const [memory, runtimes] = await Promise.all([
    enterMesh(command, enterDeps),
    chooseEngines(config, chooseDeps),
  ])
  deps.signal.throwIfAborted()
  const opened = await openConsensus(config, { identity, memory, command, logger })
  closers.add(() => opened.log.close())
  // Not before there is a log: a member without one does not start.
  await saveMesh(disk, memory)

  const metrics = createMetrics()
  collectProcessMetrics(metrics)
  const probes = systemProbes(config.gpu, parseExposition)
  const gpus = watchGpus(probes, config.gpu, { clock, log: logger })
  closers.add(() => gpus.close())
  const traced = { instance: identity.peerId, metrics, logger }
  const witnesses = await openWitnesses(config, traced, closers)
  const happenings = new Happenings()
  const peer = new Peer(
    {
      identity,
      memory,
      opened,
      clock,
      entropy,
      logger,
      metrics,
      runtimes,
      gpus,
      ...witnesses,
      onEvent: happenings.emit,
      onFatal: happenings.fail,
    },
    { ...config, ...config.node },
  )
  closers.add(() => peer.close())
  closers.add(startScaling(config.scaling, { ...chooseDeps, peer, metrics }))
  peer.admission.checkSelf()
  const network = await startNetwork(config, { identity, memory, peer, logger })
  peer.attach(network)
  const known = knownPeers({ memory, disk, network, peer, happenings, deps })
  await known.save()
  closers.add(() => known.close())
  const ingress = await createIngress(config.ingress, {
    gateway: peer,
    metrics,
    logger,
    clock,
    newId: () => newId(entropy),
    apiKeys,
  })
  const { url } = await ingress.listen()
  closers.add(() => ingress.close(0))
  await meetOthers(known, { memory, network, deps, happenings })
  const starting = startEngines(peer, happenings, onProgress)
  const [ticket] = await Promise.all([firstTicket(peer, logger), starting])

  const ready = describe(peer, { url, network, identity, ticket })
  const stop = once(() => stopPeer({ config, peer, ingress, closers, happenings }))
  return { ready, onEvent: happenings.listen, stop, stopped: happenings.stopped }
}

/** Who writes down or sends on what the peer does. */
async function openWitnesses(
  { tracing, recording }: SkeinConfig,
  deps: Omit<OtlpTracerDeps, 'url'>,
  closers: Closers,
) {
  const tracer = await openTracer(tracing, deps)
  closers.add(() => tracer.close())
  const recorder = await openRecorder(recording, { clock, logger: deps.logger })
  closers.add(async () => recorder?.close())
  return { tracer, recorder }
}

/** The library that sends spans is loaded only if somebody collects them. */
async function openTracer(
  options: TracingOptions,
  deps: Omit<OtlpTracerDeps, 'url'>,
): Promise<Tracer> {
  const { otlpUrl: url } = options
  if (url === null) return NO_TRACER
  const { createOtlpTracer } = await import('./node/tracing/otlp-tracer.ts')
  return createOtlpTracer(options, { ...deps, url })
}

/** A mesh of our own begins with us; one that we join tells us how it began. */
async function openConsensus(
  config: SkeinConfig,
  init: { identity: Identity; memory: MeshMemory } & Pick<StartDeps, 'command' | 'logger'>,
): Promise<OpenedAgreement> {
  const { identity, memory, command, logger } = init
  const { peerId: self } = identity
  const founding =
    command.type === 'up' && memory.peers.length === 0
      ? foundingSnapshot({ self, requestId: newId(entropy), wallMs: clock.wallMs() })
      : undefined
  const files = await openNodeLogFiles(logFolder(config.node.dataDir))
  const isMember = memory.peers.length > 0 || memory.rosterIndex > 0
  const mustExist = command.type === 'up' && isMember
  const opened = await openAgreement({ self, meshId: memory.meshId, files, founding, mustExist })
  if (opened.repair !== undefined) {
    logger.warn('the end of the log was torn by a crash, and was cut off', { ...opened.repair })
  }
  return opened
}

function startNetwork(
  config: SkeinConfig,
  init: { identity: Identity; memory: MeshMemory; peer: Peer; logger: StartDeps['logger'] },
): Promise<Libp2pNetwork> {
  const { identity, memory, peer, logger } = init
  const { host, port, announce } = config.p2p
  const family = host.includes(':') ? 'ip6' : 'ip4'
  return Libp2pNetwork.start(
    {
      identity,
      meshId: memory.meshId,
      greeter: {
        ...introduce({ identity, clock, entropy }, memory.meshId),
        claims: () => peer.claims(),
      },
      door: peer.admission,
      listen: [`/${family}/${host}/tcp/${port}`],
      announce,
      gossip: config.gossip,
      clock,
      logger,
      isGenuine: async signedClaim => (await openClaim(signedClaim)) !== undefined,
    },
    peer.networkEvents,
  )
}

function patience(waitMs: number): Promise<void> {
  return new Promise(resolve => {
    clock.wakeAt(clock.nowMs() + waitMs, resolve)
  })
}

interface MeetingInit {
  readonly memory: MeshMemory
  readonly network: Network
  readonly deps: StartDeps
  readonly happenings: Happenings
}

function knownPeers(init: MeetingInit & { disk: Disk; peer: Peer }): KnownPeers {
  const { memory, network, deps, disk, peer, happenings } = init
  return new KnownPeers({
    memory,
    disk,
    clock,
    logger: deps.logger,
    network,
    incarnation: () => peer.incarnation,
    members: () => peer.addressBook(),
    onAlone: ({ length }) => {
      deps.onProgress(`none of the ${length} peer(s) of this mesh known from before answers yet`)
      deps.onProgress(
        'hint: start one of them; if their addresses have changed, join again with a ticket of theirs',
      )
      deps.logger.warn('no peer known from before answers', { count: length })
      happenings.emit('peers-unreachable', { count: length })
    },
  })
}

/** A joiner must reach the peer of its ticket; a restarted peer goes on without the others. */
async function meetOthers(known: KnownPeers, init: MeetingInit): Promise<void> {
  const { memory, network, deps } = init
  const [inviting] = memory.peers
  if (deps.command.type === 'join' && inviting !== undefined) {
    await network.dial(inviting.peer, inviting.addresses)
  }
  // Two with one identity would take each other's place again and again, so neither goes on. Who
  // does not answer at all is not waited for.
  const meeting = known.start()
  meeting.catch(init.happenings.fail)
  await Promise.race([meeting, patience(MEETING_WAIT_MS)])
}

/**
 * Waits for the engines, but not long: the peer can serve with those of others meanwhile.
 *
 * @throws MeshError ERR_MODEL_FILE. A model that was asked for and is none is a mistake to mend;
 * a server that does not answer may be there later.
 */
async function startEngines(
  peer: Peer,
  happenings: Happenings,
  onProgress: (line: string) => void,
): Promise<void> {
  let isPatient = true
  const starting = peer.startEngines().then(failures => {
    const noModel = failures.find(failure => hasCode(failure, 'ERR_MODEL_FILE'))
    if (isPatient && noModel !== undefined) throw noModel
    for (const failure of failures) {
      onProgress(`an engine did not start: ${failure.message}`)
      if (failure instanceof MeshError && failure.hint) onProgress(`hint: ${failure.hint}`)
    }
    happenings.emit('engines-started', {
      models: peer.models().map(({ id }) => id),
      failures: failures.map(({ message }) => message),
    })
  })
  await Promise.race([starting, patience(ENGINES_WAIT_MS)])
  isPatient = false
  starting.catch(happenings.fail)
}

/** For the next machine. `undefined`: the mesh cannot agree on one now; one can be made later. */
async function firstTicket(peer: Peer, logger: StartDeps['logger']): Promise<string | undefined> {
  const made = peer.invite({}).catch((error: unknown) => {
    if (!hasCode(error, 'ERR_NO_QUORUM') && !hasCode(error, 'ERR_CONFLICT')) throw error
    logger.info('no ticket was made at the start', { error })
    return undefined
  })
  return await Promise.race([made, patience(TICKET_WAIT_MS).then(() => undefined)])
}

function describe(
  peer: Peer,
  init: { url: string; network: Network; identity: Identity; ticket: string | undefined },
): Ready {
  const { url, network, identity, ticket } = init
  return {
    peerId: identity.peerId,
    http: url,
    p2p: network.addresses().map(address => `${address}/p2p/${identity.peerId}`),
    meshId: peer.meshId,
    ticket,
    models: peer.models().map(({ id, facts, unready = [], peers }) => ({
      id,
      engine: facts.engine,
      caution: facts.caution,
      canChat: facts.capabilities.includes('chat'),
      isReady: unready.length < peers.length,
    })),
    engines: peer.engineDescriptions(),
  }
}

async function stopPeer(init: {
  config: SkeinConfig
  peer: Peer
  ingress: Ingress
  closers: Closers
  happenings: Happenings
}): Promise<void> {
  const { config, peer, ingress, closers, happenings } = init
  const deadlineMs = Math.max(0, config.node.stopTimeoutMs - CLOSE_RESERVE_MS)
  try {
    await Promise.all([ingress.close(deadlineMs), peer.drain(deadlineMs)])
    await closers.close()
    happenings.end()
  } catch (error) {
    happenings.fail(error)
    throw error
  }
}

/** Later calls wait for the first. */
function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= run()
    return running
  }
}
