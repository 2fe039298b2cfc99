/**
 * The lanes of this peer: one to every peer it is connected to, over which requests go both ways.
 *
 * Of two peers the one with the lower id opens the lane, so there is one and not two. A lane
 * that closes while the connection lives is opened again, later each time; requests that come
 * meanwhile wait for it, but not long, since another peer may serve them.
 */
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import { Lane, type LaneAnswer, type LaneCall } from '../protocols/lane.ts'
import type { LaneOptions } from '../protocols/options.ts'
import type { Clock } from './clock.ts'
import type { Logger } from './log.ts'
import type { LaneChannel } from './network.ts'

/** How long a request waits for a lane that is being opened. */
const OPEN_WAIT_MS = 2_000

const REOPEN_MIN_MS = 50
const REOPEN_MAX_MS = 5_000

/** How often a peer is said to be heard at most, however many chunks of answers it sends. */
const HEARD_INTERVAL_MS = 100

/** Requests that may wait for one lane to open. */
const WAITING_MAX = 1_024

export interface LanesDeps {
  readonly self: PeerId
  readonly clock: Clock
  readonly logger: Logger
  readonly open: (peer: PeerId) => Promise<LaneChannel>
  /** Makes a connection for a request to a peer that has none. A rejection ends the request. */
  readonly connect: (peer: PeerId) => Promise<void>
  readonly serve: (call: LaneCall, signal: AbortSignal) => Promise<LaneAnswer>
  /** Our load report, for the end of every answer. */
  readonly trailer: () => Uint8Array
  readonly onTrailer: (peer: PeerId, trailer: Uint8Array) => void
  /** A message that the peer posted. A `MeshError` it throws closes the lane. */
  readonly onMessage: (peer: PeerId, message: Uint8Array) => void
  /** The same for a long message. */
  readonly onLongMessage: (peer: PeerId, message: Uint8Array) => void
  /** Bytes came from the peer, of whatever kind. Told before they are dealt with. */
  readonly onHeard: (peer: PeerId) => void
  /** Messages can be posted to the peer, or no longer. In turns for each peer, open first. */
  readonly onLane: (peer: PeerId, isOpen: boolean) => void
}

export interface LanesStatus {
  readonly openRequestCount: number
  readonly bufferedBytes: number
  /** Messages to peers that do not read, since the start. */
  readonly messagesDroppedCount: number
  /** Since the start, closed lanes included. */
  readonly bytesSent: number
  readonly bytesReceived: number
}

interface Waiting {
  readonly resolve: (lane: Lane) => void
  readonly reject: (error: Error) => void
}

interface PeerLane {
  lane: Lane | undefined
  /** What `lane` runs on. */
  channel: LaneChannel | undefined
  reopenMs: number
  /** When we last told that it was heard. */
  heardAtMs: number
  cancelReopen: () => void
  readonly waiting: Set<Waiting>
}

export class Lanes {
  readonly #deps: LanesDeps
  readonly #options: LaneOptions
  /** Every connected peer. */
  readonly #peers = new Map<PeerId, PeerLane>()
  #closedBytesSent = 0
  #closedBytesReceived = 0
  #closedMessagesDroppedCount = 0
  #isClosed = false

  constructor(deps: LanesDeps, options: LaneOptions) {
    this.#deps = deps
    this.#options = options
  }

  connected(peer: PeerId): void {
    if (this.#isClosed || this.#peers.has(peer)) return
    const entry = {
      lane: undefined,
      channel: undefined,
      reopenMs: REOPEN_MIN_MS,
      heardAtMs: Number.NEGATIVE_INFINITY,
      cancelReopen: () => {},
      waiting: new Set<Waiting>(),
    }
    this.#peers.set(peer, entry)
    this.#open(peer, entry)
  }

  disconnected(peer: PeerId): void {
    const entry = this.#peers.get(peer)
    if (entry === undefined) return
    this.#peers.delete(peer)
    entry.cancelReopen()
    letGo(entry, lost(peer, 'the connection is gone'))
    for (const { reject } of entry.waiting) reject(lost(peer, 'the connection is gone'))
  }

  /** A lane that the other side has opened. */
  accept(peer: PeerId, channel: LaneChannel): void {
    const entry = this.#peers.get(peer)
    if (entry === undefined) channel.abort(lost(peer, 'no connection'))
    else this.#attach(peer, entry, channel)
  }

  /** @throws MeshError ERR_PEER_LOST, and what `Lane.request` throws. */
  async request(peer: PeerId, call: LaneCall, signal: AbortSignal): Promise<LaneAnswer> {
    if (!this.#peers.has(peer)) await unlessAborted(this.#deps.connect(peer), signal)
    const lane = this.#peers.get(peer)?.lane ?? (await this.#whenOpen(peer, signal))
    return await lane.request(call, signal)
  }

  /**
   * Sends a message outside any request, ahead of those: see `Lane.post`. Nothing waits for a
   * lane to open.
   *
   * @returns `false` if it is dropped.
   */
  post(peer: PeerId, message: Uint8Array): boolean {
    return this.#peers.get(peer)?.lane?.post(message) ?? false
  }

  /** The same for a message of up to 2 MiB: see `Lane.postLong`. */
  postLong(peer: PeerId, message: Uint8Array): boolean {
    return this.#peers.get(peer)?.lane?.postLong(message) ?? false
  }

  /** Whether no request of either side runs over the peer's lane or waits for it. */
  isIdle(peer: PeerId): boolean {
    const entry = this.#peers.get(peer)
    return entry === undefined || (entry.waiting.size === 0 && (entry.lane?.openCount ?? 0) === 0)
  }

  /** Everyone with an open lane. */
  peers(): readonly PeerId[] {
    return [...this.#peers].flatMap(([peer, { lane }]) => (lane === undefined ? [] : [peer]))
  }

  status(): LanesStatus {
    const lanes = [...this.#peers.values()].flatMap(({ lane }) => lane ?? [])
    const sum = (of: (lane: Lane) => number) => lanes.reduce((total, lane) => total + of(lane), 0)
    return {
      openRequestCount: sum(lane => lane.openCount),
      bufferedBytes: sum(lane => lane.bufferedBytes),
      messagesDroppedCount:
        this.#closedMessagesDroppedCount + sum(lane => lane.messagesDroppedCount),
      bytesSent: this.#closedBytesSent + sum(lane => lane.bytesSent),
      bytesReceived: this.#closedBytesReceived + sum(lane => lane.bytesReceived),
    }
  }

  /** For good: the network may still tell of connections while it closes. */
  close(): void {
    this.#isClosed = true
    for (const peer of [...this.#peers.keys()]) this.disconnected(peer)
  }

  #open(peer: PeerId, entry: PeerLane): void {
    if (this.#deps.self > peer || this.#peers.get(peer) !== entry) return
    this.#deps.open(peer).then(
      channel => this.#attach(peer, entry, channel),
      (error: unknown) => {
        this.#deps.logger.info('a lane did not open', { peer, error })
        this.#openLater(peer, entry)
      },
    )
  }

  #openLater(peer: PeerId, entry: PeerLane): void {
    const { clock } = this.#deps
    entry.cancelReopen()
    entry.cancelReopen = clock.wakeAt(clock.nowMs() + entry.reopenMs, () => this.#open(peer, entry))
    entry.reopenMs = Math.min(2 * entry.reopenMs, REOPEN_MAX_MS)
  }

  #attach(peer: PeerId, entry: PeerLane, channel: LaneChannel): void {
    if (this.#peers.get(peer) !== entry) {
      channel.abort(lost(peer, 'no connection'))
      return
    }
    const { serve, trailer, onTrailer, onMessage, onLongMessage } = this.#deps
    const lane = new Lane(
      {
        transport: channel,
        isDialer: channel.isDialer,
        serve,
        scheduleFlush: flush => this.#deps.clock.atTurnEnd(flush),
        trailer,
        onTrailer: bytes => onTrailer(peer, bytes),
        onMessage: bytes => onMessage(peer, bytes),
        onLongMessage: bytes => onLongMessage(peer, bytes),
        onClosed: error => this.#onClosed(peer, entry, { lane, error }),
      },
      this.#options,
    )
    // The newest is the one the other side uses too: it replaced the one that broke.
    const before = { ...entry }
    entry.cancelReopen()
    entry.lane = lane
    entry.channel = channel
    letGo(before, lost(peer, 'a newer lane'))
    // Attaching may bring the first message, or the end.
    if (before.lane === undefined) this.#deps.onLane(peer, true)
    channel.attach({
      onBytes: bytes => {
        entry.reopenMs = REOPEN_MIN_MS
        this.#heard(peer, entry)
        lane.receive(bytes)
      },
      onDrain: () => lane.drained(),
      onClose: error => lane.close(error),
    })
    // A channel may have been closed before it was attached; the next one serves who waits.
    if (entry.lane !== lane) return
    for (const { resolve } of entry.waiting) resolve(lane)
  }

  #heard(peer: PeerId, entry: PeerLane): void {
    const nowMs = this.#deps.clock.nowMs()
    // What comes late on a stream that was let go says nothing of a peer without a connection.
    if (nowMs - entry.heardAtMs < HEARD_INTERVAL_MS || this.#peers.get(peer) !== entry) return
    entry.heardAtMs = nowMs
    this.#deps.onHeard(peer)
  }

  #onClosed(peer: PeerId, entry: PeerLane, closed: { lane: Lane; error: Error | undefined }): void {
    const { lane, error } = closed
    this.#closedBytesSent += lane.bytesSent
    this.#closedBytesReceived += lane.bytesReceived
    this.#closedMessagesDroppedCount += lane.messagesDroppedCount
    if (entry.lane !== lane) return
    entry.lane = undefined
    entry.channel = undefined
    this.#deps.onLane(peer, false)
    if (this.#peers.get(peer) !== entry) return
    this.#deps.logger.warn('a lane closed', error === undefined ? { peer } : { peer, error })
    if (this.#deps.self < peer) this.#openLater(peer, entry)
  }

  #whenOpen(peer: PeerId, signal: AbortSignal): Promise<Lane> {
    const entry = this.#peers.get(peer)
    if (entry === undefined) throw lost(peer, 'no connection')
    if (entry.waiting.size >= WAITING_MAX) throw lost(peer, 'too many requests that wait for it')
    const { clock } = this.#deps
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        entry.waiting.delete(waiting)
        cancelDeadline()
        signal.removeEventListener('abort', onAbort)
        finish()
      }
      const waiting: Waiting = {
        resolve: lane => settle(() => resolve(lane)),
        reject: error => settle(() => reject(error)),
      }
      const onAbort = () => settle(() => reject(signal.reason))
      const cancelDeadline = clock.wakeAt(clock.nowMs() + OPEN_WAIT_MS, () =>
        waiting.reject(lost(peer, `no lane within ${OPEN_WAIT_MS} ms`)),
      )
      entry.waiting.add(waiting)
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
    })
  }
}

/** @throws the signal's reason if it is aborted first: who waited has left. */
function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
  })
}

/** Ends the lane and its channel, which would else stay open and count against the peer's limit. */
function letGo({ lane, channel }: PeerLane, error: Error): void {
  lane?.close()
  channel?.abort(error)
}

function lost(peer: PeerId, found: string): MeshError {
  return new MeshError(`expected a lane to ${peer}, found ${found}`, { code: 'ERR_PEER_LOST' })
}
