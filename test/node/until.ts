/**
 * Waiting in turns of the event loop, for code that only needs those: no time passes, so it does
 * not matter how fast the machine is.
 */

/** More than anything here takes; a condition that is not true by then never will be. */
const TURNS_MAX = 2_000

/** Until everything that waits for promises has run. */
export function turn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await turn()
}

/** Resolves when the condition is true. @throws if it is not after many turns. */
export async function until(condition: () => boolean): Promise<void> {
  for (let left = TURNS_MAX; !condition(); left -= 1) {
    if (left === 0) throw new Error(`expected to become true: ${condition}`)
    await turn()
  }
}

/** What a promise was rejected with; `undefined` if it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  return undefined
}
