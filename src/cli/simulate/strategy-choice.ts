/**
 * The contestants that `--strategy` names: those of the scenario by their names, others by their strategy.
 */
import {
  CONTESTANTS,
  type Contestant,
  type ContestantStrategy,
  contestantsOf,
  type Scenario,
} from '../../../sim/scenario/scenario.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { usageError } from '../command.ts'

/** As they are written in a scenario, each once. @throws MeshError ERR_USAGE if there is no such strategy. */
export function chosenStrategies(
  scenario: Scenario,
  names: readonly string[],
): readonly (ContestantStrategy | Contestant)[] {
  const own = contestantsOf(scenario)
  return [...new Set(names)].map(name => {
    const found = own.find(each => each.name === name) ?? CONTESTANTS.find(each => each === name)
    if (found !== undefined) return found
    const known = new Set([...own.map(each => each.name), ...CONTESTANTS])
    const meant = didYouMean(name, known)
    const hint = meant === undefined ? undefined : `Did you mean ${meant}?`
    throw usageError(`expected one of ${[...known].join(', ')}, found ${name}`, hint)
  })
}
