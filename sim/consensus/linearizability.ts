/**
 * Judges whether a history is linearizable: whether each operation can have taken effect at one
 * moment between its call and its return.
 *
 * Linearizability is local (Herlihy, Wing, "Linearizability", TOPLAS 1990, theorem 1): a history
 * is linearizable if, and only if, that of each key is. So each key is searched on its own, which
 * is what makes thousands of operations a matter of milliseconds.
 *
 * The problem is NP-complete, so the work is bounded. `undecided` is not a pass: whoever asks
 * counts it as a failure, and takes shorter histories or fewer clients.
 */
import { explainContradiction } from './contradiction.ts'
import type { Operation } from './history.ts'
import { Budget, LinearizationSearch, type SequentialModel } from './linearization-search.ts'

/** Steps of the model for one history; a typical one takes two or three for each operation. */
const STEPS_MAX = 500_000

export type Verdict =
  | { readonly type: 'linearizable' }
  | { readonly type: 'contradiction'; readonly key: string; readonly explanation: string }
  | { readonly type: 'undecided'; readonly key: string }

export interface CheckOptions {
  readonly stepsMax?: number
}

/** @returns What is wrong with the first key with which something is wrong, if any is. */
export function checkLinearizability<State, Input, Output>(
  operations: readonly Operation<Input, Output>[],
  model: SequentialModel<State, Input, Output>,
  { stepsMax = STEPS_MAX }: CheckOptions = {},
): Verdict {
  const budget = new Budget(stepsMax)
  let undecided: Verdict | undefined
  for (const [key, ofKey] of byKey(operations)) {
    const { type } = new LinearizationSearch(ofKey, { model, budget }).run()
    if (type === 'undecided') undecided ??= { type, key }
    if (type !== 'none') continue
    const explanation = explainContradiction(ofKey, model)
    return { type: 'contradiction', key, explanation }
  }
  return undecided ?? { type: 'linearizable' }
}

function byKey<Input, Output>(
  operations: readonly Operation<Input, Output>[],
): ReadonlyMap<string, readonly Operation<Input, Output>[]> {
  const groups = new Map<string, Operation<Input, Output>[]>()
  for (const operation of operations) {
    const group = groups.get(operation.key) ?? []
    group.push(operation)
    groups.set(operation.key, group)
  }
  return groups
}
