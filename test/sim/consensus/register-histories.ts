/**
 * Histories of a register for the tests of the checker: made by a real sequential object under
 * clients that overlap at random, and a second judge that tries every order.
 */
import { forkRandom, isHit } from '../../../sim/chance.ts'
import { History, type OpenCall, type Operation } from '../../../sim/consensus/history.ts'
import {
  type RegisterInput,
  type RegisterOutput,
  type RegisterState,
  registerModel,
} from '../../../sim/consensus/register-model.ts'
import type { Random } from '../../../src/core/random.ts'

export type RegisterOperation = Operation<RegisterInput, RegisterOutput>

export interface HistorySize {
  readonly seed: number
  readonly operationCount: number
  readonly clientCount: number
  readonly keyCount: number
  /** Share of the operations whose client never hears back; half of them never happen. */
  readonly unknownRatio?: number
}

/** A map that does one thing at a time: what the system under test claims to look like. */
class RealRegister {
  readonly #entries = new Map<string, { readonly value: string; readonly revision: number }>()
  #revision = 0

  perform(key: string, input: RegisterInput): RegisterOutput {
    const entry = this.#entries.get(key)
    if (input.type === 'get') return entry ? { type: 'found', ...entry } : { type: 'none' }
    if (input.type === 'delete' && entry === undefined) return { type: 'none' }
    const { expectedRevision } = input
    if (expectedRevision !== undefined && expectedRevision !== (entry?.revision ?? 0)) {
      return { type: 'conflict' }
    }
    this.#revision += 1
    if (input.type === 'put') {
      this.#entries.set(key, { value: input.value, revision: this.#revision })
      return { type: 'stored', revision: this.#revision }
    }
    this.#entries.delete(key)
    return { type: 'deleted' }
  }
}

interface Busy {
  readonly key: string
  readonly input: RegisterInput
  readonly open: OpenCall<RegisterOutput>
  /** `undefined`: it has not happened yet. */
  output: RegisterOutput | undefined
}

/** Clients of one register, each of which calls, then it happens, then it hears of it. */
class OverlappingClients {
  readonly history = new History<RegisterInput, RegisterOutput>()
  readonly #size: HistorySize
  readonly #random: Random
  readonly #register = new RealRegister()
  readonly #clients = new Map<number, Busy>()
  /** Of clients that gave up: they may happen at any time. */
  readonly #abandoned: Busy[] = []
  #calledCount = 0
  #nowMs = 0

  constructor(size: HistorySize) {
    this.#size = size
    this.#random = forkRandom(size.seed, 1)
  }

  get isDone(): boolean {
    return this.#calledCount >= this.#size.operationCount && this.#clients.size === 0
  }

  /** One thing happens to someone. */
  step(): void {
    this.#nowMs += 1
    if (isHit(this.#random, 0.1)) this.#performAbandoned()
    const client = this.#random.nextIndex(this.#size.clientCount)
    const busy = this.#clients.get(client)
    if (busy !== undefined) this.#goOn(client, busy)
    else if (this.#calledCount < this.#size.operationCount) this.#call(client)
  }

  #call(client: number): void {
    this.#calledCount += 1
    const key = `key-${this.#random.nextIndex(this.#size.keyCount)}`
    const input = someInput(this.#random, this.#calledCount)
    const open = this.history.call({ client: `client ${client}`, key, input }, this.#nowMs)
    this.#clients.set(client, { key, input, open, output: undefined })
  }

  #goOn(client: number, busy: Busy): void {
    if (isHit(this.#random, (this.#size.unknownRatio ?? 0) / 2)) {
      if (busy.output === undefined) this.#abandoned.push(busy)
      this.#clients.delete(client)
    } else if (busy.output === undefined) {
      busy.output = this.#register.perform(busy.key, busy.input)
    } else {
      busy.open.returned(busy.output, this.#nowMs)
      this.#clients.delete(client)
    }
  }

  /** Or decides that it never will be. */
  #performAbandoned(): void {
    if (this.#abandoned.length === 0) return
    const [late] = this.#abandoned.splice(this.#random.nextIndex(this.#abandoned.length), 1)
    if (late !== undefined && isHit(this.#random, 0.5)) {
      this.#register.perform(late.key, late.input)
    }
  }
}

export function overlapping(size: HistorySize): readonly RegisterOperation[] {
  const clients = new OverlappingClients(size)
  while (!clients.isDone) clients.step()
  return clients.history.operations
}

function someInput(random: Random, number: number): RegisterInput {
  const kind = random.nextIndex(10)
  const expectedRevision = random.nextIndex(2) === 0 ? undefined : random.nextIndex(number)
  if (kind < 4) return { type: 'get' }
  return kind < 9
    ? { type: 'put', value: `v${number}`, expectedRevision }
    : { type: 'delete', expectedRevision }
}

/** Tries every order of every choice of the unknown ones. For a handful of operations on one key. */
export function hasOrderByBruteForce(operations: readonly RegisterOperation[]): boolean {
  const extend = (state: RegisterState, left: readonly RegisterOperation[]): boolean => {
    if (left.every(({ output }) => output === undefined)) return true
    return left.some(next => {
      if (left.some(each => each.returnOrder < next.callOrder)) return false
      const after = registerModel.step(state, next.input, next.output)
      return (
        after !== undefined &&
        extend(
          after,
          left.filter(each => each !== next),
        )
      )
    })
  }
  return extend(registerModel.initial, operations)
}
