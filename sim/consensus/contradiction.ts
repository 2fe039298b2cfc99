/**
 * Says why no order explains a history: few operations that cannot all be true.
 *
 * Two reductions, each of which leaves a history that is still impossible and easier to read.
 * First the history is cut at the earliest return by which it is impossible: what was called
 * later is left out, what was under way need not have happened yet. Then it is taken back that
 * operations happened in their time, or at all: first for all but the last few, then one by one,
 * as long as what is left is impossible. If it is so whenever an operation happened, that operation is
 * not part of the reason; if it changed nothing, it is left out.
 *
 * The idea is that of Zeller, Hildebrandt, "Simplifying and isolating failure-inducing input",
 * IEEE TSE 2002.
 */
import { NEVER } from '../../src/core/machine.ts'
import type { Operation } from './history.ts'
import {
  Budget,
  LinearizationSearch,
  orderOf,
  type Place,
  type SequentialModel,
} from './linearization-search.ts'

/** For all reductions, and for one try; a try that takes more counts as not impossible. */
const STEPS_MAX = 1_000_000
const TRY_STEPS_MAX = 100_000

/** States and operations that a message lists at most. */
const STATES_LISTED_MAX = 6
const OPERATIONS_LISTED_MAX = 20

type Operations<Input, Output> = readonly Operation<Input, Output>[]

/** @param operations On one key, for which there is no order. */
export function explainContradiction<State, Input, Output>(
  operations: Operations<Input, Output>,
  model: SequentialModel<State, Input, Output>,
): string {
  const total = new Budget(STEPS_MAX)
  const isImpossible = (some: Operations<Input, Output>) => {
    const stepsMax = Math.min(TRY_STEPS_MAX, total.leftCount)
    const budget = new Budget(stepsMax)
    const { type } = new LinearizationSearch(some, { model, budget }).run()
    total.spend(stepsMax - budget.leftCount)
    return type === 'none'
  }
  const early = cutEarly(operations, isImpossible)
  const loosen = (some: Operations<Input, Output>, which: Which<Input, Output>) =>
    some.flatMap(each => {
      if (!isKnown(each) || !which(each)) return [each]
      return model.isRead(each.input, each.output) ? [] : [loosened(each)]
    })
  const deps = { isImpossible, loosen }
  const core = loosenOneByOne(loosenEarlier(early, deps), deps)
  return inWords(core, model)
}

type IsImpossible<Input, Output> = (some: Operations<Input, Output>) => boolean
type Which<Input, Output> = (operation: Operation<Input, Output>) => boolean

interface ReductionDeps<Input, Output> {
  readonly isImpossible: IsImpossible<Input, Output>
  /** The same operations, of which those may have happened later or never. */
  readonly loosen: (
    some: Operations<Input, Output>,
    which: Which<Input, Output>,
  ) => Operations<Input, Output>
}

const isKnown = ({ returnOrder }: { readonly returnOrder: number }) => returnOrder !== NEVER

/** It may happen later or never; if it does, with the output it had. */
function loosened<Input, Output>(operation: Operation<Input, Output>): Operation<Input, Output> {
  return { ...operation, returnOrder: NEVER, returnMs: NEVER }
}

/** By bisection: a history that goes on from an impossible one is impossible too. */
function cutEarly<Input, Output>(
  operations: Operations<Input, Output>,
  isImpossible: IsImpossible<Input, Output>,
): Operations<Input, Output> {
  const returns = returnsOf(operations)
  const cutAt = (index: number) => cut(operations, returns[index] ?? NEVER)
  let low = 0
  let high = returns.length - 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isImpossible(cutAt(middle))) high = middle
    else low = middle + 1
  }
  return cutAt(high)
}

/** What had happened when the operation that returned at `lastReturn` did. */
function cut<Input, Output>(
  operations: Operations<Input, Output>,
  lastReturn: number,
): Operations<Input, Output> {
  return operations
    .filter(({ callOrder }) => callOrder < lastReturn)
    .map(operation => (operation.returnOrder > lastReturn ? loosened(operation) : operation))
}

/** Of all but the last to return: as few as will do of 1, 2, 4, 8… */
function loosenEarlier<Input, Output>(
  operations: Operations<Input, Output>,
  { isImpossible, loosen }: ReductionDeps<Input, Output>,
): Operations<Input, Output> {
  const returns = returnsOf(operations)
  for (let keptCount = 1; keptCount < returns.length; keptCount *= 2) {
    const firstKept = returns[returns.length - keptCount] ?? 0
    const fewer = loosen(operations, each => each.returnOrder < firstKept)
    if (isImpossible(fewer)) return fewer
  }
  return operations
}

function loosenOneByOne<Input, Output>(
  operations: Operations<Input, Output>,
  { isImpossible, loosen }: ReductionDeps<Input, Output>,
): Operations<Input, Output> {
  let kept = operations
  for (const next of operations.filter(isKnown)) {
    const fewer = loosen(kept, each => each === next)
    if (isImpossible(fewer)) kept = fewer
  }
  return kept
}

function returnsOf(operations: Operations<unknown, unknown>): readonly number[] {
  const returns = operations.filter(isKnown).map(({ returnOrder }) => returnOrder)
  return returns.sort((a, b) => a - b)
}

function inWords<State, Input, Output>(
  core: Operations<Input, Output>,
  model: SequentialModel<State, Input, Output>,
): string {
  const known = core.filter(isKnown)
  const { placedCount, states, next } = furthest(core, model)
  const what = known.length === 1 ? 'This cannot be' : `These ${known.length} cannot all be`
  return [
    `no order of the operations on ${JSON.stringify(core[0]?.key)} explains their outputs.`,
    `${what} true${whenever(core.length - known.length)}:`,
    ...listed(known.map(each => line(each, model))),
    `An order gets as far as ${placedCount} of them. Then there is ${listedInline(states)},`,
    'and none of these can be next:',
    ...listed(next.map(each => line(each, model))),
  ].join('\n')
}

function whenever(looseCount: number): string {
  return looseCount === 0 ? '' : `, whenever, if ever, ${looseCount} other writes happened`
}

/** How far an order gets: the states it can be in there, and who would have to follow. */
function furthest<State, Input, Output>(
  core: Operations<Input, Output>,
  model: SequentialModel<State, Input, Output>,
) {
  let placedCount = -1
  let states = new Set<string>()
  let next: Operations<Input, Output> = []
  const onPlace = (place: Place<State, Operation<Input, Output>>) => {
    const count = place.firstOpen + place.behind.length
    if (count < placedCount) return
    if (count > placedCount) {
      states = new Set()
      next = mayFollow(core, orderOf(place))
    }
    placedCount = count
    states.add(model.describeState(place.state))
  }
  new LinearizationSearch(core, { model, budget: new Budget(TRY_STEPS_MAX), onPlace }).run()
  return { placedCount, states: [...states], next }
}

function mayFollow<Input, Output>(
  core: Operations<Input, Output>,
  order: Operations<Input, Output>,
): Operations<Input, Output> {
  const placed = new Set(order)
  const left = core.filter(each => isKnown(each) && !placed.has(each))
  const firstReturn = Math.min(...left.map(({ returnOrder }) => returnOrder))
  return left.filter(({ callOrder }) => callOrder <= firstReturn)
}

function line<State, Input, Output>(
  operation: Operation<Input, Output>,
  model: SequentialModel<State, Input, Output>,
): string {
  const { client, input, output, callOrder, returnOrder, callMs, returnMs } = operation
  const when = `from ${callMs} to ${returnMs} ms (events ${callOrder} to ${returnOrder})`
  return `  ${client}: ${model.describe(input, output)}, ${when}`
}

function listed(lines: readonly string[]): readonly string[] {
  const omittedCount = lines.length - OPERATIONS_LISTED_MAX
  if (omittedCount <= 0) return lines
  return [`  (${omittedCount} earlier ones)`, ...lines.slice(-OPERATIONS_LISTED_MAX)]
}

function listedInline(states: readonly string[]): string {
  const omittedCount = states.length - STATES_LISTED_MAX
  const more = omittedCount > 0 ? [`one of ${omittedCount} more`] : []
  return [...states.slice(0, STATES_LISTED_MAX), ...more].join(' or ')
}
