/**
 * The greatest value of a sum under bounds: maximise objective · x with rows · x ≤ limits and x ≥ 0.
 *
 * For dozens of variables: the whole table is gone over with each step. The limits must not be
 * negative, so that x = 0 is where to begin. Of the variables that help, the first is taken, which never
 * comes back to where it was.
 *
 * Source: Dantzig, "Linear programming and extensions", 1963, chapter 5; Bland, "New finite pivoting
 * rules for the simplex method", 1977.
 */
import { assert } from '../../src/core/assert.ts'

export interface LinearProgram {
  readonly objective: readonly number[]
  readonly rows: readonly (readonly number[])[]
  readonly limits: readonly number[]
}

/** What is nearer to 0 than this is rounding. */
const EPSILON = 1e-12

/** @returns the greatest value; infinite if there is none. */
export function maximize({ objective, rows, limits }: LinearProgram): number {
  assert(
    limits.every(limit => limit >= 0),
    'nothing at all is within the limits',
  )
  // Each row is an equation with a variable of its own for what is left of its limit; the last column
  // is the limit, and the last row what is to gain.
  const width = objective.length + rows.length + 1
  const table = rows.map((row, index) => {
    const slack = rows.map((_, other) => (other === index ? 1 : 0))
    return [...row, ...slack, limits[index] as number]
  })
  const gains = [...objective, ...rows.map(() => 0), 0]
  const basis = rows.map((_, index) => objective.length + index)
  for (;;) {
    const entering = gains.slice(0, width - 1).findIndex(gain => gain > EPSILON)
    if (entering === -1) return -(gains[width - 1] as number)
    const leaving = tightestRow(table, entering, basis)
    if (leaving === undefined) return Number.POSITIVE_INFINITY
    pivot([...table, gains], leaving, entering)
    basis[leaving] = entering
  }
}

/** Which row stops the growth of a variable first; of equal ones that of the first variable. */
function tightestRow(
  table: readonly (readonly number[])[],
  entering: number,
  basis: readonly number[],
): number | undefined {
  let tightest: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (const [index, row] of table.entries()) {
    const factor = row[entering] as number
    if (factor <= EPSILON) continue
    const room = (row.at(-1) as number) / factor
    const isEqual = Math.abs(room - least) <= EPSILON
    const isFirst = tightest === undefined || (basis[index] ?? 0) < (basis[tightest] ?? 0)
    if (isEqual ? !isFirst : room > least) continue
    tightest = index
    least = Math.min(room, least)
  }
  return tightest
}

/** Makes the variable of a column stand in one row only. */
function pivot(rows: readonly number[][], pivotIndex: number, column: number): void {
  const pivotRow = rows[pivotIndex] as number[]
  const scale = pivotRow[column] as number
  for (let index = 0; index < pivotRow.length; index += 1)
    pivotRow[index] = (pivotRow[index] ?? 0) / scale
  for (const row of rows) {
    const factor = row[column] as number
    if (row === pivotRow || factor === 0) continue
    for (let index = 0; index < row.length; index += 1) {
      row[index] = (row[index] ?? 0) - factor * (pivotRow[index] ?? 0)
    }
  }
}
