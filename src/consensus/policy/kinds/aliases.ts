/**
 * Aliases: names that clients ask for and what stands behind them.
 *
 * An alias may lead to another one, but never back to itself, and not over more than
 * `ALIAS_HOPS_MAX` steps. A target or fallback with the alias's own name is the model of that
 * name, so a canary can be put in front of a model that clients already use.
 */
import { z } from 'zod'
import { listOf, modelName } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind, type Reference } from './kind.ts'

/** Aliases one name may lead through. */
export const ALIAS_HOPS_MAX = 8

const target = z.strictObject({
  model: modelName().describe('The model, or another alias.'),
  weight: z
    .int()
    .min(0)
    .max(10_000)
    .default(100)
    .describe(
      'Its share of the requests, relative to the other targets: a canary gets a small one.',
    ),
})

const spec = z
  .strictObject({
    targets: z.array(target).min(1).max(16).describe('What requests go to, by weight.'),

    fallbacks: listOf(modelName(), 8)
      .default([])
      .describe('Models or aliases tried in this order when the chosen target cannot serve.'),
  })
  .refine(({ targets }) => targets.some(({ weight }) => weight > 0), {
    error: 'a target with a weight above 0',
    path: ['targets'],
  })
  .refine(({ targets }) => new Set(targets.map(({ model }) => model)).size === targets.length, {
    error: 'no model twice',
    path: ['targets'],
  })

export type AliasSpec = z.output<typeof spec>

/** The names an alias leads to, but for its own, which is a model's. */
export function aliasLeadsTo(name: string, { targets, fallbacks }: AliasSpec): readonly string[] {
  const names = new Set([...targets.map(({ model }) => model), ...fallbacks])
  names.delete(name)
  return [...names]
}

function references(name: string, alias: AliasSpec): readonly Reference[] {
  return aliasLeadsTo(name, alias).map(to => ({ kind: 'aliases', name: to, rule: 'mentioned' }))
}

export const aliases: Kind = {
  meaning: 'Names that clients ask for: the models behind them, canaries and fallbacks.',
  name: modelName(),
  nameMeaning: 'the name clients ask for; it hides a model of the same name',
  countMax: 4_096,
  versions: firstVersion({ [ANY_NAME]: spec }, references),
}
