/**
 * Aliases: names that clients ask for and what stands behind them.
 *
 * An alias may lead to another one, but never back to itself, and not over more than
 * `ALIAS_HOPS_MAX` steps. A target or fallback with the alias's own name is the model of that
 * name, so a canary can be put in front of a model that clients already use.
 *
 * Version 2 has variants: smaller forms of one model, for moments in which the large one has no room.
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

const targets = () => z.array(target).min(1).max(16).describe('What requests go to, by weight.')

const fallbacks = () =>
  listOf(modelName(), 8)
    .default([])
    .describe('Models or aliases tried in this order when the chosen target cannot serve.')

type Targets = z.output<ReturnType<typeof targets>>

/** Rules between the targets of either version: what holds, what is expected, and where. */
const hasWeight = ({ targets: given }: { readonly targets: Targets }) =>
  given.some(({ weight }) => weight > 0)
const WEIGHT = { error: 'a target with a weight above 0', path: ['targets'] }

const hasNoneTwice = ({ targets: given }: { readonly targets: Targets }) =>
  new Set(given.map(({ model }) => model)).size === given.length
const ONCE = { error: 'no model twice', path: ['targets'] }

const spec1 = z
  .strictObject({ targets: targets(), fallbacks: fallbacks() })
  .refine(hasWeight, WEIGHT)
  .refine(hasNoneTwice, ONCE)

const spec = z
  .strictObject({
    targets: targets(),

    variants: listOf(modelName(), 8)
      .default([])
      .describe(
        'Smaller variants of the target, the best first. If no peer can begin a request for the target at once, it goes to the first of them that one can, and the answer says so. Then come the fallbacks. Empty: requests wait for the target.',
      ),

    fallbacks: fallbacks(),
  })
  .refine(hasWeight, WEIGHT)
  .refine(hasNoneTwice, ONCE)

export type AliasSpec = z.output<typeof spec>

/** What there is to follow in any version. */
type Leads = Omit<AliasSpec, 'variants'> & Partial<AliasSpec>

/** The names an alias leads to, but for its own, which is a model's. */
function aliasLeadsTo(name: string, alias: Leads): readonly string[] {
  const names = new Set([
    ...alias.targets.map(({ model }) => model),
    ...(alias.variants ?? []),
    ...alias.fallbacks,
  ])
  names.delete(name)
  return [...names]
}

function references(name: string, alias: Leads): readonly Reference[] {
  return aliasLeadsTo(name, alias).map(to => ({ kind: 'aliases', name: to, rule: 'mentioned' }))
}

export const aliases: Kind = {
  meaning: 'Names that clients ask for: the models behind them, canaries and fallbacks.',
  name: modelName(),
  nameMeaning: 'the name clients ask for; it hides a model of the same name',
  countMax: 4_096,
  versions: [
    ...firstVersion({ [ANY_NAME]: spec1 }, references),
    {
      sinceCommandVersion: 2,
      schemas: { [ANY_NAME]: spec },
      upgrade: alias => ({ ...alias, variants: [] }),
      references,
    },
  ],
}
