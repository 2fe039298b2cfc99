/**
 * The words of a schema that say how many: they must be counts, and some number must fit them all.
 */
import { isSchema, kindOf, type Schema, schemaProblem } from './schema-problem.ts'

/** What is counted → its least and its greatest count. */
export const COUNT_WORDS = {
  string: ['minLength', 'maxLength'],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
} as const

/** @throws MeshError ERR_INVALID_REQUEST if a count or limit is none, or nothing fits two of them. */
export function checkCounts(schema: Schema, at: string): void {
  for (const [least, greatest] of Object.values(COUNT_WORDS)) {
    for (const word of [least, greatest]) {
      const count = schema[word]
      if (count === undefined || (Number.isInteger(count) && Number(count) >= 0)) continue
      throw schemaProblem(`${at}.${word}`, 'a whole number of at least 0', kindOf(count))
    }
    checkOrder(schema, least, greatest, at)
  }
  for (const word of ['minimum', 'maximum']) {
    const limit = schema[word]
    if (limit === undefined || typeof limit === 'number') continue
    throw schemaProblem(`${at}.${word}`, 'a number', kindOf(limit))
  }
  checkOrder(schema, 'minimum', 'maximum', at)
}

function checkOrder(schema: Schema, least: string, greatest: string, at: string): void {
  const min = schema[least]
  const max = schema[greatest]
  if (typeof min !== 'number' || typeof max !== 'number' || min <= max) return
  throw schemaProblem(`${at}.${greatest}`, `at least ${min}, the ${least}`, String(max))
}

/** Answers have all properties that are named, and others only if they may. */
export function checkPropertyCounts(schema: Schema, mayHaveMore: boolean, at: string): void {
  const { properties, minProperties, maxProperties } = schema
  const namedCount = isSchema(properties) ? Object.keys(properties).length : 0
  checkRoom({ fixedCount: namedCount, mayHaveMore, what: 'properties that it names' }, at, {
    maxProperties,
    minProperties,
  })
}

/** Answers have all items that are listed one by one, and others unless `items` is `false`. */
export function checkItemCounts(schema: Schema, at: string): void {
  const { items, prefixItems, minItems, maxItems } = schema
  const listedCount = Array.isArray(prefixItems) ? prefixItems.length : 0
  const room = { fixedCount: listedCount, mayHaveMore: items !== false, what: 'prefixItems' }
  checkRoom(room, at, { maxItems, minItems })
}

interface Room {
  readonly fixedCount: number
  readonly mayHaveMore: boolean
  readonly what: string
}

function checkRoom({ fixedCount, mayHaveMore, what }: Room, at: string, limits: Schema): void {
  for (const [word, limit] of Object.entries(limits)) {
    if (typeof limit !== 'number') continue
    const bound = `${fixedCount}, the count of ${what}`
    if (word.startsWith('max') && limit < fixedCount) {
      throw schemaProblem(`${at}.${word}`, `at least ${bound}`, String(limit))
    }
    if (word.startsWith('min') && limit > fixedCount && !mayHaveMore) {
      throw schemaProblem(
        `${at}.${word}`,
        `at most ${bound}, as there may be no others`,
        `${limit}`,
      )
    }
  }
}
