/**
 * Looks for an order of the operations on one key in which each takes effect at one moment
 * between its call and its return, and a sequential model gives the outputs that clients got.
 *
 * Next may come whoever was called before the first return among those not yet placed. Whoever
 * knows no outcome may come next too, or never; it is tried where the known ones get stuck. A place
 * in this search in depth is the set of known ones placed, the set of unknown ones placed, and the
 * state. It is given up at once if the same known ones and the same state were reached before
 * with no other than its unknown ones, for whatever follows here could have followed there. So a
 * write that nobody saw is, once overwritten, as if it had never happened, and the search stays small
 * where clients time out often.
 *
 * Source: Wing, Gong, "Testing and verifying concurrent objects", JPDC 1993; the memory is that
 * of Lowe, "Testing for linearizability", CCPE 2017, and the rules about unknown ones are ours.
 */
import { NEVER } from '../../src/core/machine.ts'
import type { Operation } from './history.ts'

/** The object as it would be if only one client used it. States are immutable. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State
  /**
   * The state after an operation; `undefined`: it cannot have this output in this state.
   *
   * @param output `undefined` if unknown: the state after the operation if it takes effect, or
   *   the same state if it would have none.
   */
  step(state: State, input: Input, output: Output | undefined): State | undefined
  /** Whether an operation with this input, and this output if it is known, changes nothing. */
  isRead(input: Input, output: Output | undefined): boolean
  /** In words; equal if, and only if, the states are. */
  describeState(state: State): string
  /** In words; equal if, and only if, both input and output are. */
  describe(input: Input, output: Output | undefined): string
}

/** Steps of the model, and comparisons of sets, that searches may still take. */
export class Budget {
  #leftCount: number

  constructor(stepCount: number) {
    this.#leftCount = stepCount
  }

  get leftCount(): number {
    return this.#leftCount
  }

  /** More was needed than there was. */
  get isOverspent(): boolean {
    return this.#leftCount < 0
  }

  spend(count: number): void {
    this.#leftCount -= count
  }
}

export type SearchOutcome<Item> =
  /** `order` leaves out the unknown ones that it does without. */
  | { readonly type: 'found'; readonly order: readonly Item[] }
  | { readonly type: 'none' }
  /** The budget is spent. */
  | { readonly type: 'undecided' }

/** One place in the search: what came so far and what it led to. */
export interface Place<State, Item> {
  readonly before: Place<State, Item> | undefined
  /** Placed last; `undefined` at the start. */
  readonly item: Item | undefined
  readonly state: State
  /** All known ones before this index are placed. */
  readonly firstOpen: number
  /** The known ones placed behind it, ascending. */
  readonly behind: readonly number[]
  /** A bit for each unknown one placed. */
  readonly unknown: bigint
}

export interface SearchDeps<State, Input, Output> {
  readonly model: SequentialModel<State, Input, Output>
  readonly budget: Budget
  /** Told of every place reached. */
  readonly onPlace?: (place: Place<State, Operation<Input, Output>>) => void
}

interface Visit<State, Item> {
  readonly place: Place<State, Item>
  /** All that can follow of the known ones has been tried. */
  readonly isStuck: boolean
}

/** What may come next at a place. */
interface Window {
  /** Known ones, not yet placed. */
  readonly indices: readonly number[]
  /** Of those; `NEVER` if there are none. */
  readonly firstReturn: number
}

export class LinearizationSearch<State, Input, Output> {
  readonly #deps: SearchDeps<State, Input, Output>
  /** Both in the order of their calls. */
  readonly #known: readonly Operation<Input, Output>[]
  readonly #unknown: readonly Operation<Input, Output>[]
  /**
   * Unknown → bit of the one called before it with the same input, 0: none. It goes first:
   * whatever the later one could do, it can.
   */
  readonly #twins: readonly bigint[]
  /** Known ones placed and state → sets of unknown ones it was reached with. */
  readonly #seen = new Map<string, bigint[]>()

  /** @param operations All on one key, in any order. */
  constructor(
    operations: readonly Operation<Input, Output>[],
    deps: SearchDeps<State, Input, Output>,
  ) {
    const inOrder = operations.toSorted((a, b) => a.callOrder - b.callOrder)
    this.#deps = deps
    this.#known = inOrder.filter(({ returnOrder }) => returnOrder !== NEVER)
    this.#unknown = inOrder.filter(
      ({ returnOrder, input, output }) =>
        returnOrder === NEVER && !deps.model.isRead(input, output),
    )
    const lastWith = new Map<string, bigint>()
    this.#twins = this.#unknown.map(({ input, output }, index) => {
      const words = deps.model.describe(input, output)
      const twin = lastWith.get(words) ?? 0n
      lastWith.set(words, bit(index))
      return twin
    })
  }

  run(): SearchOutcome<Operation<Input, Output>> {
    const { model, budget, onPlace } = this.#deps
    const nothing = { before: undefined, item: undefined, firstOpen: 0, behind: [], unknown: 0n }
    const open: Visit<State, Operation<Input, Output>>[] = [
      { place: { ...nothing, state: model.initial }, isStuck: false },
    ]
    for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
      if (budget.isOverspent) return { type: 'undecided' }
      const { place, isStuck } = visit
      if (!isStuck) {
        onPlace?.(place)
        if (place.firstOpen === this.#known.length) return { type: 'found', order: orderOf(place) }
      }
      open.push(...(isStuck ? this.#afterUnknown(place).map(notStuck) : this.#visitsAfter(place)))
    }
    return { type: budget.isOverspent ? 'undecided' : 'none' }
  }

  /** The last one is visited first. */
  #visitsAfter(place: Place<State, Operation<Input, Output>>) {
    const after = this.#window(place).indices.flatMap(index => this.#afterKnown(place, index))
    const read = after.find(({ item }) => this.#isReadOf(item, place.state))
    // What changes nothing may as well come at once: whoever can follow now can follow it.
    if (read !== undefined) return this.#ifNew(read).map(notStuck)
    // Whoever was called first is visited first, and unknown ones after all known ones.
    const known = after.flatMap(each => this.#ifNew(each)).map(notStuck)
    return [{ place, isStuck: true }, ...known.reverse()]
  }

  #afterKnown(place: Place<State, Operation<Input, Output>>, index: number) {
    const item = this.#known[index] as Operation<Input, Output>
    const state = this.#step(place.state, item)
    if (state === undefined) return []
    const behind = [...place.behind, index].sort((a, b) => a - b)
    let { firstOpen } = place
    for (; behind[0] === firstOpen; firstOpen += 1) behind.shift()
    return [{ before: place, item, state, firstOpen, behind, unknown: place.unknown }]
  }

  /** Whether an operation that is possible in a state leaves it as it is. */
  #isReadOf({ input, output }: Operation<Input, Output>, state: State): boolean {
    const { model } = this.#deps
    if (!model.isRead(input, output)) return false
    // It may still teach us something about the state.
    const after = model.step(state, input, output)
    return after !== undefined && model.describeState(after) === model.describeState(state)
  }

  #afterUnknown(place: Place<State, Operation<Input, Output>>) {
    const { firstReturn } = this.#window(place)
    return this.#unknown.flatMap((item, index) => {
      const isPlaced = (place.unknown & bit(index)) !== 0n
      const twin = this.#twins[index] ?? 0n
      if (item.callOrder > firstReturn || isPlaced || (place.unknown & twin) !== twin) return []
      const state = this.#step(place.state, item)
      if (state === undefined || this.#isInVain(state, item, place)) return []
      return this.#ifNew({
        ...{ before: place, item, state, firstOpen: place.firstOpen, behind: place.behind },
        unknown: place.unknown | bit(index),
      })
    })
  }

  /** Whether the unknown one, or another just before it, could be left out with the same result. */
  #isInVain(
    after: State,
    item: Operation<Input, Output>,
    { state, before, item: last }: Place<State, Operation<Input, Output>>,
  ): boolean {
    const { describeState } = this.#deps.model
    const words = describeState(after)
    if (words === describeState(state)) return true
    if (before === undefined || last?.returnOrder !== NEVER) return false
    const without = this.#step(before.state, item)
    return without !== undefined && words === describeState(without)
  }

  #window({ firstOpen, behind }: Place<State, unknown>): Window {
    const placed = new Set(behind)
    const indices: number[] = []
    let firstReturn = NEVER
    for (let index = firstOpen; index < this.#known.length; index += 1) {
      const { callOrder, returnOrder } = this.#known[index] as Operation<Input, Output>
      // Whoever comes later in the list was called later still, and returned after that.
      if (callOrder > firstReturn) break
      if (placed.has(index)) continue
      firstReturn = Math.min(firstReturn, returnOrder)
      indices.push(index)
    }
    return { indices, firstReturn }
  }

  #step(state: State, { input, output }: Operation<Input, Output>): State | undefined {
    this.#deps.budget.spend(1)
    return this.#deps.model.step(state, input, output)
  }

  /** Remembers the place. @returns It, unless nothing can follow it that could not before. */
  #ifNew(
    place: Place<State, Operation<Input, Output>>,
  ): readonly Place<State, Operation<Input, Output>>[] {
    const words = this.#deps.model.describeState(place.state)
    const key = `${place.firstOpen},${place.behind.join()}|${words}`
    const sets = this.#seen.get(key)
    if (sets === undefined) {
      this.#seen.set(key, [place.unknown])
      return [place]
    }
    this.#deps.budget.spend(sets.length)
    if (sets.some(set => (set & ~place.unknown) === 0n)) return []
    sets.push(place.unknown)
    return [place]
  }
}

function notStuck<Item>(place: Item): { readonly place: Item; readonly isStuck: boolean } {
  return { place, isStuck: false }
}

function bit(index: number): bigint {
  return 1n << BigInt(index)
}

/** What was placed on the way there, first to last. */
export function orderOf<State, Item>(last: Place<State, Item>): readonly Item[] {
  const items: Item[] = []
  for (let place: typeof last | undefined = last; place !== undefined; place = place.before) {
    if (place.item !== undefined) items.push(place.item)
  }
  return items.reverse()
}
