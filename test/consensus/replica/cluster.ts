/**
 * Replicas that talk to one another at once, with disks that write at once, by hand: time passes
 * when a test says so, and messages go where a test lets them.
 */

import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import type { ConfChangeCodec } from '../../../src/consensus/raft/raft.ts'
import type { Directory, VoterSettings } from '../../../src/consensus/replica/directory.ts'
import type {
  ReplicaEffect,
  ReplicaEvent,
  RequestOutcome,
} from '../../../src/consensus/replica/events.ts'
import type { ConsensusMessage } from '../../../src/consensus/replica/message.ts'
import { type ConsensusOptions, consensusOptions } from '../../../src/consensus/replica/options.ts'
import { Replica } from '../../../src/consensus/replica/replica.ts'
import type { StateMachine } from '../../../src/consensus/replica/state-machine.ts'
import { Random } from '../../../src/core/random.ts'

export const codec: ConfChangeCodec = {
  encode: change => encode(JSON.stringify('changes' in change ? change : { v1: change })),
  decode: data => ({ ...JSON.parse(decode(data)), context: new Uint8Array(0) }),
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** `requestId=text`, one after another; `admit:peer` adds to the roster. */
export class Journal implements StateMachine<string> {
  lines: string[] = []
  readonly nodes = new Map<string, number>()
  voterSettings: VoterSettings | undefined

  accepts(command: Uint8Array): boolean {
    return !decode(command).endsWith('nobody-could-read')
  }

  apply(index: number, command: Uint8Array) {
    const [requestId = '', text = ''] = decode(command).split('=')
    if (text === 'from-the-future') return { requestId, result: undefined }
    this.lines.push(text)
    if (text.startsWith('admit:')) this.nodes.set(text.slice(6), index)
    return { requestId, result: `${this.lines.length}` }
  }

  get hash() {
    return { text: this.lines.join('|') }
  }

  snapshot(): Uint8Array {
    return encode(JSON.stringify({ lines: this.lines, nodes: [...this.nodes] }))
  }

  restore(data: Uint8Array): void {
    const { lines, nodes } = JSON.parse(decode(data))
    this.lines = lines
    this.nodes.clear()
    for (const [peer, node] of nodes) this.nodes.set(peer, node)
  }

  get directory(): Directory {
    return {
      nodeOf: peer => this.nodes.get(peer),
      peerOf: node => [...this.nodes].find(([, each]) => each === node)?.[0],
      voterSettings: () => this.voterSettings,
      members: () => [...this.nodes].map(([peer, node]) => ({ peer, node, mayVote: true })),
    }
  }
}

export interface Member {
  readonly peer: string
  readonly log: MemoryStorage
  machine: Journal
  replica: Replica<string>
  isUp: boolean
  /** Its disk is not done with the next entries that it is given, nor with anything after. */
  disk?: 'sticks-at-entries' | 'stuck'
  readonly effects: ReplicaEffect<string>[]
  readonly outcomes: Map<string, RequestOutcome<string>>
}

/** State that has `peers` on its roster, the first of which decides alone. */
export function foundingState(peers: readonly string[]): Uint8Array {
  const machine = new Journal()
  for (const [position, peer] of peers.entries()) machine.nodes.set(peer, position + 1)
  return machine.snapshot()
}

export class Cluster {
  readonly members: Member[] = []
  readonly options: ConsensusOptions
  nowMs = 1_000
  /** Whether a message gets through. */
  passes = (_from: string, _to: string, _message: ConsensusMessage) => true
  readonly #mail: { from: string; to: string; message: ConsensusMessage }[] = []

  constructor(options: Partial<ConsensusOptions> = {}) {
    this.options = consensusOptions.parse({
      voterStableAfterMs: 0,
      followIntervalMs: 2_000,
      ...options,
    })
  }

  /** A replica with the founding state; without one it knows nothing yet. */
  add(
    peer: string,
    { founders, voters = [1] }: { founders?: string[]; voters?: number[] },
  ): Member {
    const log = new MemoryStorage()
    if (founders !== undefined) {
      const confState = {
        ...{ voters, learners: [], votersOutgoing: [], learnersNext: [] },
        isAutoLeave: false,
      }
      log.applySnapshot({
        data: foundingState(founders),
        metadata: { index: founders.length, term: 1, confState },
      })
      log.setHardState({ term: 1, vote: 0, commit: founders.length })
    }
    const effects: ReplicaEffect<string>[] = []
    const member: Member = {
      ...{ peer, log, isUp: true, effects, outcomes: new Map() },
      ...this.#start(peer, log),
    }
    this.members.push(member)
    for (const other of this.members) if (other !== member) this.#meet(member, other)
    return member
  }

  /** Comes back with what is on its disk. */
  restart(member: Member): void {
    Object.assign(member, this.#start(member.peer, member.log), { isUp: true })
    for (const other of this.members) if (other !== member) this.#meet(member, other)
  }

  member(peer: string): Member {
    const found = this.members.find(each => each.peer === peer)
    if (found === undefined) throw new Error(`no member ${peer}`)
    return found
  }

  get leader(): Member | undefined {
    return this.members
      .filter(({ isUp }) => isUp)
      .filter(({ replica }) => replica.status(this.nowMs).role === 'leader')
      .toSorted((a, b) => b.replica.status(0).term - a.replica.status(0).term)[0]
  }

  status(member: Member) {
    return member.replica.status(this.nowMs)
  }

  step(member: Member, event: ReplicaEvent): void {
    if (!member.isUp) return
    const perform = (effects: readonly ReplicaEffect<string>[]) => {
      for (const effect of effects) this.#perform(member, effect)
    }
    perform(member.replica.step(event, this.nowMs))
    perform(member.replica.step({ type: 'flush' }, this.nowMs))
  }

  propose(member: Member, requestId: string, text: string): void {
    this.step(member, { type: 'propose', requestId, command: encode(`${requestId}=${text}`) })
  }

  /** Delivers until nothing is under way. */
  settle(): void {
    for (let left = 100_000; this.#mail.length > 0; left--) {
      if (left === 0) throw new Error('the mail never ends')
      const mail = this.#mail.shift()
      if (mail === undefined || !this.passes(mail.from, mail.to, mail.message)) continue
      const { from, message } = mail
      const to = this.members.find(({ peer }) => peer === mail.to)
      if (to !== undefined) this.step(to, { type: 'message-received', from, message })
    }
  }

  /** Lets time pass, tick by tick. */
  pass(durationMs: number, stepMs = 50): void {
    this.settle()
    for (let leftMs = durationMs; leftMs > 0; leftMs -= stepMs) {
      this.nowMs += stepMs
      for (const member of this.members) {
        if (member.replica.wakeAtMs <= this.nowMs) this.step(member, { type: 'tick' })
      }
      this.settle()
    }
  }

  passUntil(condition: () => boolean, deadlineMs = 20_000): boolean {
    for (let leftMs = deadlineMs; leftMs > 0; leftMs -= 50) {
      if (condition()) return true
      this.pass(50)
    }
    return condition()
  }

  crash(member: Member): void {
    member.isUp = false
    for (const other of this.members) this.#see(other, member.peer, false)
  }

  #start(peer: string, log: MemoryStorage) {
    const machine = new Journal()
    const seed = [...peer].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7)
    const replica = new Replica<string>(
      {
        ...{ self: peer, ownZone: () => '', directory: machine.directory, machine, log, codec },
        ...{ random: new Random(seed), startMs: this.nowMs },
      },
      this.options,
    )
    return { machine, replica }
  }

  #meet(a: Member, b: Member): void {
    this.#see(a, b.peer, b.isUp)
    this.#see(b, a.peer, a.isUp)
  }

  #see(member: Member, peer: string, isAlive: boolean): void {
    if (member.peer === peer) return
    this.step(member, { type: 'member-seen', member: { peer, isAlive, zone: '' } })
  }

  #perform(member: Member, effect: ReplicaEffect<string>): void {
    member.effects.push(effect)
    if (effect.type === 'store') {
      if (member.disk !== undefined && effect.entries.length > 0) member.disk = 'stuck'
      if (member.disk === 'stuck') return
      this.step(member, { type: 'stored', batchId: effect.batchId })
    }
    if (effect.type === 'answered') member.outcomes.set(effect.requestId, effect.outcome)
    if (effect.type === 'save-snapshot') {
      const { index } = effect.snapshot.metadata
      this.step(member, { type: 'snapshot-saved', index })
    }
    if (effect.type !== 'send') return
    this.#mail.push({ from: member.peer, to: effect.to, message: effect.message })
  }
}
