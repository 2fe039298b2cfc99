/**
 * Clients of the policy: each asks one host after another to read, write or delete one of a few
 * resources, and writes down what it was told.
 *
 * A read is linearizable: the host first catches up with the leader. A write that may or may not
 * have been made is sent again once, elsewhere and under the same request id, as a careful client
 * does. Who hears nothing for long gives up.
 */
import type { Operation } from '../../src/consensus/policy/command.ts'
import type { Outcome } from '../../src/consensus/policy/outcome.ts'
import { hasCode } from '../../src/core/errors.ts'
import type { Random } from '../../src/core/random.ts'
import type { Peer } from '../../src/node/peer.ts'
import { exponential, isHit, pick } from '../chance.ts'
import type { SimHost } from '../sim-host.ts'
import type { World } from '../world.ts'
import { History, type OpenCall } from './history.ts'
import { ABSENT_REVISION, type RegisterInput, type RegisterOutput } from './register-model.ts'

const KIND = 'tenants'
const KEYS = ['tenant-a', 'tenant-b', 'tenant-c']

/** Longer than a host tries. */
const PATIENCE_MS = 8_000

/** Hosts that a write is sent to, at most. */
const ATTEMPTS_MAX = 2

/** More than fits into one message of entries, so that a laggard catches up in steps. */
const PADDING = Object.fromEntries(
  ['a', 'b', 'c', 'd', 'e'].map(name => [name, 'x'.repeat(250)] as const),
)

type Write = Exclude<RegisterInput, { readonly type: 'get' }>

/** One thing a client wants, until its end is known. */
interface Errand {
  readonly client: string
  readonly key: string
  readonly open: OpenCall<RegisterOutput>
  readonly onEnd: (isAcknowledged: boolean) => void
  isOver: boolean
}

/** `unknown`: it may have been done. */
type Answer = RegisterOutput | 'refused' | 'unknown'

export class Clients {
  readonly history = new History<RegisterInput, RegisterOutput>()
  readonly #world: World
  readonly #random: Random
  /** Client and key → the revision it saw last. */
  readonly #seen = new Map<string, number>()
  #isActive = false
  #valueCount = 0
  #requestCount = 0
  #acknowledgedCount = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** Writes that clients were told to be done. */
  get acknowledgedCount(): number {
    return this.#acknowledgedCount
  }

  /** From now on that many clients do one thing after another, with this much time between. */
  start(count: number, thinkMeanMs: number): void {
    this.#isActive = true
    for (let number = 0; number < count; number += 1) {
      this.#later(`client-${number}`, thinkMeanMs)
    }
  }

  /** They end what they are at, and begin nothing more. */
  stop(): void {
    this.#isActive = false
  }

  /** One write of its own. @returns Whether it was acknowledged, which becomes true with time. */
  write(host: SimHost): { readonly isDone: boolean; readonly isOver: boolean } {
    const progress = { isDone: false, isOver: false }
    const put = { type: 'put', value: this.#newValue() } as const
    this.#begin({ client: 'prober', key: pick(this.#random, KEYS) }, put, host, isAcknowledged => {
      progress.isDone = isAcknowledged
      progress.isOver = true
    })
    return progress
  }

  /** Every resource as every one of the hosts has it. Resolves with time. */
  readAll(hosts: readonly SimHost[]): { leftCount: number } {
    const progress = { leftCount: hosts.length * KEYS.length }
    for (const host of hosts) {
      for (const key of KEYS) {
        this.#begin(
          { client: `reader-${host.index}-${key}`, key },
          { type: 'get' },
          host,
          isAcknowledged => {
            if (isAcknowledged) progress.leftCount -= 1
          },
        )
      }
    }
    return progress
  }

  #later(client: string, thinkMeanMs: number): void {
    this.#world.time.after(exponential(this.#random, thinkMeanMs), () => {
      if (!this.#isActive) return
      const again = () => this.#later(client, thinkMeanMs)
      const host = this.#anyHost()
      if (host === undefined) {
        again()
        return
      }
      const key = pick(this.#random, KEYS)
      this.#begin({ client, key }, this.#choose(client, key), host, again)
    })
  }

  #choose(client: string, key: string): RegisterInput {
    if (isHit(this.#random, 0.4)) return { type: 'get' }
    const seen = this.#seen.get(`${client} ${key}`)
    const expectedRevision = isHit(this.#random, 0.5) ? (seen ?? ABSENT_REVISION) : undefined
    if (isHit(this.#random, 0.15)) return { type: 'delete', expectedRevision }
    return { type: 'put', value: this.#newValue(), expectedRevision }
  }

  #newValue(): string {
    this.#valueCount += 1
    return `value ${this.#valueCount}`
  }

  #newRequestId(): string {
    this.#requestCount += 1
    return `request-of-client-${this.#requestCount}`
  }

  #anyHost(): SimHost | undefined {
    const up = this.#world.hosts.filter(({ peer }) => peer !== undefined)
    return up.length === 0 ? undefined : pick(this.#random, up)
  }

  #begin(
    { client, key }: { readonly client: string; readonly key: string },
    input: RegisterInput,
    host: SimHost,
    onEnd: (isAcknowledged: boolean) => void,
  ): void {
    const { time } = this.#world
    const open = this.history.call({ client, key, input }, time.nowMs)
    const errand: Errand = { client, key, open, onEnd, isOver: false }
    const timeout = time.after(PATIENCE_MS, () => this.#end(errand, 'unknown'))
    const settle = (answer: Answer) => {
      time.cancel(timeout)
      this.#end(errand, answer)
    }
    if (input.type === 'get') this.#read(host, key, settle)
    else this.#attempt(host, { key, input, attempt: 1 }, settle)
  }

  #end(errand: Errand, answer: Answer): void {
    if (errand.isOver) return
    errand.isOver = true
    const { client, key, open, onEnd } = errand
    if (answer === 'refused') open.refused()
    else if (answer !== 'unknown') {
      open.returned(answer, this.#world.nowMs)
      if ('revision' in answer) this.#seen.set(`${client} ${key}`, answer.revision)
      if (answer.type === 'none' || answer.type === 'deleted') this.#seen.delete(`${client} ${key}`)
      if (answer.type === 'stored' || answer.type === 'deleted') this.#acknowledgedCount += 1
    }
    onEnd(answer !== 'refused' && answer !== 'unknown')
  }

  #read(host: SimHost, key: string, settle: (answer: Answer) => void): void {
    host.act(peer => {
      peer.agreement.catchUp().then(
        () => settle(found(peer, key)),
        () => settle('refused'),
      )
    })
  }

  #attempt(
    host: SimHost,
    write: { key: string; input: Write; attempt: number; requestId?: string },
    settle: (answer: Answer) => void,
  ): void {
    const { key, input, attempt } = write
    const { requestId = this.#newRequestId() } = write
    host.act(peer => {
      const operation = operationOf(key, input)
      peer.agreement.change(operation, { author: 'client', requestId }).then(
        outcome => settle(answerOf(input, outcome)),
        (error: unknown) => {
          const isUnknown = hasCode(error, 'ERR_NO_QUORUM')
          const next = this.#anyHost()
          if (isUnknown && attempt < ATTEMPTS_MAX && next !== undefined) {
            this.#attempt(next, { key, input, attempt: attempt + 1, requestId }, settle)
          } else {
            // What was sent before may have been done, whatever becomes of this one.
            settle(isUnknown || attempt > 1 ? 'unknown' : 'refused')
          }
        },
      )
    })
  }
}

function operationOf(name: string, input: Write): Operation {
  const { expectedRevision } = input
  const expected = expectedRevision === ABSENT_REVISION ? 'absent' : (expectedRevision ?? 'any')
  if (input.type === 'delete') return { type: 'delete', kind: KIND, name, expected }
  return {
    type: 'put',
    kind: KIND,
    name,
    schemaVersion: 1,
    spec: { description: input.value },
    labels: PADDING,
    expected,
  }
}

function found(peer: Peer, key: string): RegisterOutput {
  const resource = peer.agreement.views.get(KIND, key)
  if (resource === undefined) return { type: 'none' }
  return {
    type: 'found',
    value: String(resource.spec['description']),
    revision: resource.revision,
  }
}

function answerOf({ type }: Write, outcome: Outcome): Answer {
  if (outcome.status === 'applied') {
    return type === 'delete' ? { type: 'deleted' } : { type: 'stored', revision: outcome.revision }
  }
  if (outcome.status === 'unsupported') throw new TypeError('this release knows its commands')
  if (outcome.code === 'conflict') return { type: 'conflict' }
  if (outcome.code === 'not-found') return { type: 'none' }
  throw new TypeError(`expected a write to be done or in conflict, found ${outcome.reason}`)
}
