/**
 * What is compared: whether each has a name of its own, and options that the scheduler has.
 */
import { z } from 'zod'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { problemsOf } from './issue-problems.ts'
import { contestantsOf, type Scenario } from './scenario.ts'
import type { ScenarioPath, ScenarioProblem } from './scenario-problem.ts'
import type { SchemaNode } from './schema-tree.ts'

type Options = Scenario['scheduler']

export function strategyProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const schema = z.toJSONSchema(schedulerOptions, {
    io: 'input',
    unrepresentable: 'any',
  }) as SchemaNode
  const names = new Set<string>()
  return [
    ...optionProblems(scenario.scheduler, schema, ['scheduler']),
    ...contestantsOf(scenario).flatMap(({ name, scheduler }, index) => {
      const path = ['strategies', index]
      const isKnown = names.has(name)
      names.add(name)
      const text = `expected a name that no other has, found ${JSON.stringify(name)}`
      return [
        ...(isKnown ? [{ path, text }] : []),
        ...optionProblems(scheduler, schema, [...path, 'scheduler']),
      ]
    }),
  ]
}

function optionProblems(
  options: Options,
  schema: SchemaNode,
  path: ScenarioPath,
): readonly ScenarioProblem[] {
  const parsed = schedulerOptions.safeParse(options)
  if (parsed.success) return []
  return parsed.error.issues
    .flatMap(issue => problemsOf(issue, schema, options))
    .map(problem => ({ ...problem, path: [...path, ...problem.path] }))
}
