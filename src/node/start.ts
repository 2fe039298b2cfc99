/**
 * Starting a peer, as the command line sees it: what it gives, what it gets back.
 *
 * The composition root (`src/compose.ts`) implements it; the `skein` command knows only this.
 */
import type { Logger } from './log.ts'

export type StartCommand =
  /** Go on with the mesh of the data folder, or begin a new one. */
  | { readonly type: 'up' }
  /** Become a member of the ticket's mesh. */
  | { readonly type: 'join'; readonly ticket: string }

export interface StartDeps {
  readonly command: StartCommand
  /** One sentence for the person who waits, for example that a model is being loaded. */
  readonly onProgress: (line: string) => void
  readonly logger: Logger
  /** Aborted if the person gives up before the peer is ready. */
  readonly signal: AbortSignal
}

interface ReadyModel {
  readonly id: string
  /** What it runs on. */
  readonly engine: string
  readonly caution?: string | undefined
  readonly canChat: boolean
  /** Some peer has it in memory. */
  readonly isReady: boolean
}

/** What a person or program needs to know of a peer that has started. */
export interface Ready {
  readonly peerId: string
  /** Base URL of the HTTP side. */
  readonly http: string
  /** Multiaddrs that other peers can dial. */
  readonly p2p: readonly string[]
  readonly meshId: string
  /** For the next machine to join. `undefined`: the mesh could not agree on one. */
  readonly ticket: string | undefined
  readonly models: readonly ReadyModel[]
  /** One line for each engine of this peer. */
  readonly engines: readonly string[]
}

/** Something that happened to a running peer, for programs that follow it. */
export interface PeerEvent {
  readonly event: string
  readonly [fact: string]: unknown
}

export interface RunningPeer {
  readonly ready: Ready
  /** Calls `listener` at each event from now on. The returned function ends that. */
  onEvent(listener: (event: PeerEvent) => void): () => void
  /** Ends gracefully: takes nothing new, finishes what runs within `node.stopTimeoutMs`. */
  stop(): Promise<void>
  /** Resolves after `stop`; rejects if the peer cannot go on. */
  readonly stopped: Promise<void>
}
