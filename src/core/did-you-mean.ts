/**
 * Finds the word that a mistyped one was meant to be.
 *
 * Edit distance with transpositions (Damerau 1964, the restricted form): the four mistakes of a
 * typist each cost one.
 */

/** Beyond this length a word is no typing mistake of a name of ours. */
const WORD_MAX = 64

function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const isEqual = a[row - 1] === b[column - 1]
      const costs = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isEqual ? 0 : 1),
      ]
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        costs.push((beforeLast[column - 2] ?? Number.POSITIVE_INFINITY) + 1)
      }
      current.push(Math.min(...costs))
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}

/** @returns the nearest of `known`, or `undefined` if none is near. Case does not matter. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  if (word.length > WORD_MAX) return undefined
  // A third of the letters wrong is still a slip; more is another word.
  let best = Math.max(1, Math.floor(word.length / 3)) + 1
  let found: string | undefined
  for (const candidate of known) {
    const cost = distance(word.toLowerCase(), candidate.toLowerCase())
    if (cost >= best) continue
    best = cost
    found = candidate
  }
  return found
}
