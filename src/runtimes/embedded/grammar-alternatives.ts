/**
 * Finds schemas whose grammars llama.cpp would take for ever with.
 *
 * It follows all alternatives that fit the text so far at once, each as a stack of its own, and
 * expands references as it goes. So alternatives that are references to alternatives double with
 * each, and so do alternatives within alternatives as long as no text tells them apart: with
 * `a = array of a | array of a`, every bracket that the model writes doubles the stacks.
 *
 *     starts(schema)   stacks at its first character
 *     alive(schema)    stacks at any place within it
 *
 * Both are bounds from above, found by iteration: each definition counts 1 at first, and is counted
 * again with the numbers of the last round until none changes. What feeds itself never settles.
 */
type Schema = Readonly<Record<string, unknown>>

type Definitions = ReadonlyMap<string, Schema>

/** Stacks followed at once. With a thousand, a token takes some milliseconds. */
export const ALTERNATIVES_MAX = 1_000

/** Chains of references settle in as many rounds as they are long, at worst. */
const ROUNDS_MAX = 64

/** @param definitions What the `$ref`s of the rewritten schema name; none is missing. */
export function hasTooManyAlternatives(schema: Schema, definitions: Definitions): boolean {
  const roots = [schema, ...definitions.values()]
  const starts = settled(roots, (one, known) => startsOf(one, definitions, known))
  if (starts === undefined) return true
  return settled(roots, aliveRound(definitions, starts)) === undefined
}

/** Schema → its number in this round or, if not yet counted in it, in the last. */
type Counts = Map<Schema, number>

/** @returns `undefined` if a number passes the bound, or they do not settle. */
function settled(
  roots: readonly Schema[],
  count: (schema: Schema, known: Counts, round: number) => number,
): Counts | undefined {
  const known: Counts = new Map()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = new Map(known)
    for (const schema of roots) {
      const found = count(schema, known, round)
      if (found > ALTERNATIVES_MAX) return undefined
      known.set(schema, found)
    }
    if ([...known].every(([schema, found]) => before.get(schema) === found)) return known
  }
  return undefined
}

function startsOf(schema: Schema, definitions: Definitions, known: Counts): number {
  const { oneOf, enum: values } = schema
  const target = referenced(schema, definitions)
  if (target !== undefined) return known.get(target) ?? 1
  if (Array.isArray(values)) return values.length
  if (!Array.isArray(oneOf)) return 1
  return sum(oneOf.map((one: Schema) => startsOf(one, definitions, known)))
}

/** Counts the stacks alive in a schema: each part of it once in a round, though many lead to it. */
function aliveRound(definitions: Definitions, starts: Counts) {
  const rounds = new Map<Schema, number>()

  return function aliveOf(schema: Schema, known: Counts, round: number): number {
    const target = referenced(schema, definitions) ?? schema
    if (rounds.get(target) === round) return known.get(target) ?? 1
    rounds.set(target, round)

    const inside = (one: Schema) =>
      Math.max(1, ...children(one).map(child => aliveOf(child, known, round)))
    const startCount = startsOf(target, definitions, starts)
    // Beyond the bound the list of alternatives would be too long to make.
    const groups = startCount > ALTERNATIVES_MAX ? [] : groupsOf(target, definitions)
    const count = Math.max(startCount, ...groups.map(group => sum(group.map(inside))))
    known.set(target, count)
    return count
  }
}

/** What may stand here in the end, references followed. Those that lead in a circle add nothing. */
function alternatives(
  schema: Schema,
  definitions: Definitions,
  followedCount = 0,
): readonly Schema[] {
  const { oneOf } = schema
  const target = referenced(schema, definitions)
  if (target !== undefined) {
    const isCircle = followedCount > definitions.size
    return isCircle ? [] : alternatives(target, definitions, followedCount + 1)
  }
  if (!Array.isArray(oneOf)) return [schema]
  return oneOf.flatMap((one: Schema) => alternatives(one, definitions, followedCount))
}

/** The alternatives with values inside, those together whose first characters do not differ. */
function groupsOf(schema: Schema, definitions: Definitions): readonly (readonly Schema[])[] {
  const all = alternatives(schema, definitions)
  const objects = all.filter(({ type }) => type === 'object')
  const arrays = all.filter(({ type }) => type === 'array')
  const isNamed = objects.every(one => firstProperty(one) !== undefined)
  const byName = isNamed ? grouped(objects, one => firstProperty(one)?.name) : [objects]
  const byValue = byName.flatMap(group => {
    const isConst = group.every(one => firstProperty(one)?.schema['const'] !== undefined)
    return isConst ? grouped(group, one => firstProperty(one)?.schema['const']) : [group]
  })
  return [...byValue, arrays]
}

function grouped(all: readonly Schema[], keyOf: (schema: Schema) => unknown): Schema[][] {
  const groups = new Map<unknown, Schema[]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return [...groups.values()]
}

/** Answers have the properties in this order. */
function firstProperty({ properties }: Schema): { name: string; schema: Schema } | undefined {
  const [first] = Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>)
  return first === undefined ? undefined : { name: first[0], schema: first[1] }
}

function children({ properties, additionalProperties, items, prefixItems }: Schema): Schema[] {
  const rest = [additionalProperties, items].filter(one => typeof one === 'object')
  return [...Object.values(properties ?? {}), ...rest, ...((prefixItems as []) ?? [])] as Schema[]
}

function referenced({ $ref }: Schema, definitions: Definitions): Schema | undefined {
  if (typeof $ref !== 'string') return undefined
  return definitions.get($ref.slice('#/$defs/'.length))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
