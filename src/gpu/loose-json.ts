/**
 * Reading JSON whose shape changes from version to version: what is not found is not told.
 */

/** @throws SyntaxError. Warnings before the first bracket are passed over. */
export function parseLoose(text: string): unknown {
  const start = text.search(/[[{]/)
  return JSON.parse(start > 0 ? text.slice(start) : text)
}

/** What is at that path. `undefined`: nothing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = (here as Readonly<Record<string, unknown>>)[key]
  }
  return here
}

/** The first that is a text with something in it, other than `N/A`. */
export function textOf(...candidates: readonly unknown[]): string | undefined {
  return candidates.find(
    (value): value is string => typeof value === 'string' && !/^(|N\/A)$/i.test(value.trim()),
  )
}

/**
 * The first that is a number from 0: as such, as a text that begins with one, or as
 * `{"value": …, "unit": …}`.
 */
export function amountOf(...candidates: readonly unknown[]): number | undefined {
  for (const candidate of candidates) {
    const value = plain(at(candidate, 'value') ?? candidate)
    if (value !== undefined && Number.isFinite(value) && value >= 0) return value
  }
  return undefined
}

function plain(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const [digits] = /^\s*\d+(\.\d+)?/.exec(value) ?? []
  return digits === undefined ? undefined : Number(digits)
}

export const ratioOf = (...candidates: readonly unknown[]): number | undefined => {
  const percent = amountOf(...candidates)
  return percent === undefined ? undefined : Math.min(1, percent / 100)
}
