/**
 * A mesh that agrees on a policy, and one peer whose copy of it may be behind.
 *
 * Commands that others agree on reach the copy when it catches up; its own at once.
 */
import { encodeCommand, type Operation } from '../../../src/consensus/policy/command.ts'
import { policyFormat } from '../../../src/consensus/policy/format.ts'
import type { Outcome, PolicyChange } from '../../../src/consensus/policy/outcome.ts'
import { PolicyState } from '../../../src/consensus/policy/policy-state.ts'
import { PolicyViews } from '../../../src/consensus/policy/views.ts'
import type { Entry } from '../../../src/consensus/raft/log/entry.ts'
import { MeshError } from '../../../src/core/errors.ts'
import type { PolicyCopy } from '../../../src/node/admission/policy-copy.ts'
import type { PolicyWatcher } from '../../../src/node/consensus/agreement.ts'
import { digest } from '../../../src/node/consensus/open-agreement.ts'
import { nodeCrypto } from '../../../src/node/crypto.ts'
import { ticketHash } from '../../../src/protocols/join.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'

export const SELF = 'peer-self'
export const SECRET = new Uint8Array(16).fill(9)
export const TICKET = 'aa'.repeat(8)

export const HASH = Buffer.from(ticketHash(nodeCrypto, SECRET)).toString('hex')

export const CANDIDATE = {
  ticketId: Buffer.from(TICKET, 'hex'),
  ticketHash: Buffer.from(HASH, 'hex'),
  instanceId: new Uint8Array(16),
  hasLog: false,
}

export class PolicyScene implements PolicyCopy {
  readonly clock = new ManualClock()
  readonly watchers: PolicyWatcher[] = []
  /** Commands that were put into the log on behalf of this peer. */
  readonly proposed: Operation[] = []
  hasQuorum = true
  readonly voters = new Set<string>([SELF])
  catchUpCount = 0
  /** What catching up waits for. */
  slowness: Promise<void> = Promise.resolve()
  readonly #commands: string[] = []
  readonly #agreed = new PolicyState({ digest })
  state = new PolicyState({ digest })
  views = new PolicyViews(this.state)

  /** A mesh that this peer began. */
  constructor() {
    this.agree({ type: 'found-mesh', peer: SELF })
    this.bringUpToDate()
  }

  /** The mesh agrees on a change, and this peer does not know yet. @returns its index. */
  agree(operation: Operation): number {
    const outcome = this.#agree(operation)
    if (outcome.status !== 'applied') throw new Error(JSON.stringify(outcome))
    return this.#commands.length
  }

  /** The ticket of `SECRET`. */
  invite(spec: { usesLeft?: number; expiresInMs?: number; role?: string } = {}): void {
    const { usesLeft = 1, expiresInMs = 60_000, role = 'member' } = spec
    const expiresAtMs = Math.floor(this.clock.wallMs()) + expiresInMs
    this.agree({
      ...{ type: 'put', kind: 'tickets', name: TICKET, schemaVersion: 1 },
      spec: { hash: HASH, role, usesLeft, expiresAtMs },
    })
  }

  /** Another peer is on the roster, by a ticket of its own. */
  admit(peer: string): number {
    const name = 'bb'.repeat(8)
    const expiresAtMs = Math.floor(this.clock.wallMs()) + 60_000
    this.agree({
      ...{ type: 'put', kind: 'tickets', name, schemaVersion: 1 },
      spec: { hash: HASH, usesLeft: 100, expiresAtMs },
    })
    return this.agree({ type: 'admit-peer', peer, ticket: name, ticketHash: HASH })
  }

  /** The copy applies what was agreed on, up to an index. */
  bringUpToDate(toIndex = this.#commands.length): void {
    while (this.state.appliedIndex < toIndex) {
      const index = this.state.appliedIndex + 1
      const outcome = this.state.apply(index, this.#commands[index - 1] ?? '')
      if (outcome.status !== 'applied') continue
      for (const watcher of this.watchers) watcher(outcome.changes)
    }
  }

  /** The same, but whoever watches is told when all has been applied, as by a driver. */
  bringUpToDateAtOnce(): void {
    const told: (readonly PolicyChange[])[] = []
    const note: PolicyWatcher = changes => told.push(changes ?? [])
    const watchers = this.watchers.splice(0, this.watchers.length, note)
    this.bringUpToDate()
    this.watchers.splice(0, 1, ...watchers)
    for (const changes of told) for (const watcher of watchers) watcher(changes)
  }

  /** The copy is replaced, as by a snapshot. */
  replaceWhole(): void {
    this.state = new PolicyState({ digest })
    for (const [position, text] of this.#commands.entries()) this.state.apply(position + 1, text)
    this.views = new PolicyViews(this.state)
    for (const watcher of this.watchers) watcher(undefined)
  }

  /** What this peer has stored of the log: all that the mesh has. */
  readonly log = {
    lastIndex: 0,
    entries: (low: number, high: number) =>
      this.#commands.slice(low - 1, high - 1).map((text, position): Entry => {
        const data = new TextEncoder().encode(text)
        return { index: low + position, term: 1, type: 'normal', data }
      }),
  }

  async change(operation: Operation): Promise<Outcome> {
    await this.slowness
    if (!this.hasQuorum) throw noQuorum()
    this.proposed.push(operation)
    const outcome = this.#agree(operation)
    this.bringUpToDate()
    return outcome
  }

  async catchUp(): Promise<void> {
    this.catchUpCount += 1
    const toIndex = this.#commands.length
    await this.slowness
    if (!this.hasQuorum) throw noQuorum()
    this.bringUpToDate(toIndex)
  }

  isVoter(peer: string): boolean {
    return this.voters.has(peer)
  }

  watch(watcher: PolicyWatcher): () => void {
    this.watchers.push(watcher)
    return () => {}
  }

  #agree(operation: Operation): Outcome {
    const requestId = `request-${`${this.#commands.length}`.padStart(8, '0')}`
    const atMs = Math.floor(this.clock.wallMs())
    const text = encodeCommand({ requestId, author: 'tests', atMs, operation }, policyFormat)
    this.#commands.push(text)
    return this.#agreed.apply(this.#commands.length, text)
  }
}

function noQuorum(): MeshError {
  return new MeshError('expected a majority, found none', { code: 'ERR_NO_QUORUM' })
}

/** The code of the error with which it ends. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof MeshError ? error.code : String(error)
  }
  return 'none'
}
