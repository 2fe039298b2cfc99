/**
 * Which seeds a simulation runs with: `SEED=3 npm test` replays one, `SEEDS=1000 npm test` searches.
 */

/** The seeds 1 to `count`, unless the environment names others. */
export function seeds(count: number): readonly number[] {
  const { SEED, SEEDS } = process.env
  if (SEED !== undefined) return [Number(SEED)]
  return Array.from(
    { length: SEEDS === undefined ? count : Number(SEEDS) },
    (_, index) => index + 1,
  )
}
