/**
 * What clients did to a shared object and what they were told, as they saw it: the input of the
 * linearizability checker.
 *
 * Each call and each return gets the next number of one count, so real-time order is known even
 * among events of one virtual millisecond: an operation came before another if it returned at a
 * lower number than the other was called at.
 *
 * An operation ends in one of three ways. `returned`: its output counts. `refused`: it certainly
 * never happened, nor ever will, and is forgotten. Neither: its outcome is unknown, so it may
 * have happened at any moment since its call, may still happen, or never will.
 */
import { assert } from '../../src/core/assert.ts'
import { NEVER } from '../../src/core/machine.ts'

/** Operations in one history at most: a longer one is checked in pieces. */
const OPERATIONS_MAX = 100_000

/** Who calls what. Operations on different keys have nothing to do with each other. */
export interface Call<Input> {
  readonly client: string
  readonly key: string
  readonly input: Input
}

export interface Operation<Input, Output> extends Call<Input> {
  /** `undefined`: the outcome is unknown. */
  readonly output: Output | undefined
  readonly callOrder: number
  /** `NEVER` if, and only if, the outcome is unknown. */
  readonly returnOrder: number
  /** Virtual time, for people. */
  readonly callMs: number
  readonly returnMs: number
}

/** The two ways to learn the outcome of a call, of which at most one happens, once. */
export interface OpenCall<Output> {
  returned(output: Output, nowMs: number): void
  refused(): void
}

export class History<Input, Output> {
  readonly #operations = new Map<number, Operation<Input, Output>>()
  #order = 0

  call(call: Call<Input>, nowMs: number): OpenCall<Output> {
    assert(this.#operations.size < OPERATIONS_MAX, 'a history is checked before it gets too long')
    const callOrder = this.#nextOrder()
    const open = { output: undefined, callOrder, returnOrder: NEVER, callMs: nowMs }
    this.#operations.set(callOrder, { ...call, ...open, returnMs: NEVER })
    return {
      returned: (output, returnMs) => {
        const operation = this.#takeOpen(callOrder)
        const returnOrder = this.#nextOrder()
        this.#operations.set(callOrder, { ...operation, output, returnOrder, returnMs })
      },
      refused: () => {
        this.#takeOpen(callOrder)
      },
    }
  }

  /** In the order of their calls. */
  get operations(): readonly Operation<Input, Output>[] {
    return [...this.#operations.values()].toSorted((a, b) => a.callOrder - b.callOrder)
  }

  #takeOpen(callOrder: number): Operation<Input, Output> {
    const operation = this.#operations.get(callOrder)
    assert(operation?.returnOrder === NEVER, 'a call has one outcome')
    this.#operations.delete(callOrder)
    return operation
  }

  #nextOrder(): number {
    this.#order += 1
    return this.#order
  }
}
