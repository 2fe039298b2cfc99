/**
 * One text for one value: what is hashed, compared and written down must not depend on the order
 * in which somebody listed the fields.
 *
 * Keys are sorted by UTF-16 code unit, numbers are written as ECMAScript writes them, and nothing
 * stands between the parts.
 *
 * Source: Rundgren, Jordan, Erdtman, "JSON Canonicalization Scheme", RFC 8785, 2020. We differ in
 * one point: a lone surrogate is written as its escape, not refused.
 */
import { assert } from '../../core/assert.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

/** Deeper than any resource nests, and far from the end of any stack. */
export const JSON_DEPTH_MAX = 32

type Fields = Readonly<Record<string, unknown>>

const PLAIN_NAME = /^[A-Za-z0-9_]+$/

/** What keeps a value from having a canonical text. */
export interface JsonFault {
  /** `spec.targets[0].weight`; empty for the value itself. */
  readonly path: string
  readonly expected: string
  readonly found: string
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function childPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`
  const name = String(key)
  if (!PLAIN_NAME.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

/** What keeps `value` from being written and read back as it is; `undefined`: nothing. */
export function jsonFault(value: unknown): JsonFault | undefined {
  // Almost nothing has a fault, so where it is gets looked for only then.
  return isJson(value, 0) ? undefined : faultIn(value, '', 0)
}

/** Validators drop a field of this name without a word, so a text with it is more than it seems. */
const LOST_NAME = '__proto__'

function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
    return depth <= JSON_DEPTH_MAX
  }
  if (typeof value === 'number') return depth <= JSON_DEPTH_MAX && Number.isFinite(value)
  if (typeof value !== 'object' || depth > JSON_DEPTH_MAX) return false
  return Array.isArray(value) ? isJsonList(value, depth) : areJsonFields(value as Fields, depth)
}

function isJsonList(list: readonly unknown[], depth: number): boolean {
  for (const part of list) if (!isJson(part, depth + 1)) return false
  return true
}

function areJsonFields(fields: Fields, depth: number): boolean {
  for (const key of Object.keys(fields)) {
    if (key === LOST_NAME || !isJson(fields[key], depth + 1)) return false
  }
  return true
}

function faultIn(value: unknown, path: string, depth: number): JsonFault | undefined {
  if (depth > JSON_DEPTH_MAX) {
    return { path, expected: `at most ${JSON_DEPTH_MAX} levels`, found: 'more' }
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      if (Number.isFinite(value)) return undefined
      return { path, expected: 'a finite number', found: String(value) }
    case 'object':
      return value === null ? undefined : partsFault(value, path, depth)
    default:
      return { path, expected: 'a JSON value', found: typeof value }
  }
}

function partsFault(value: object, path: string, depth: number): JsonFault | undefined {
  const isList = Array.isArray(value)
  const parts = isList ? value.entries() : Object.entries(value)
  for (const [key, part] of parts) {
    if (key === LOST_NAME) {
      return { path, expected: 'fields of names other than __proto__', found: 'that name' }
    }
    const fault = faultIn(part, childPath(path, key), depth + 1)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The one text of a value without `jsonFault`. */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      assert(Number.isFinite(value), 'a number has a text')
      // As JSON writes it, which has no other zero.
      return `${value}`
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      break
    default:
      assert(false, 'only JSON values have a canonical text')
  }
  if (value === null) return 'null'
  return Array.isArray(value) ? listText(value) : objectText(value as Fields)
}

function listText(list: readonly unknown[]): string {
  let text = ''
  for (const part of list) text += text === '' ? canonicalText(part) : `,${canonicalText(part)}`
  return `[${text}]`
}

/** Much of what a command costs is spent here: it makes no pairs, and sorts only what is not sorted. */
function objectText(fields: Fields): string {
  let text = ''
  for (const key of sortedKeys(fields)) {
    const part = `${nameText(key)}:${canonicalText(fields[key])}`
    text += text === '' ? part : `,${part}`
  }
  return `{${text}}`
}

function sortedKeys(fields: Fields): readonly string[] {
  const keys = Object.keys(fields)
  let before = ''
  for (const key of keys) {
    // Without an order of its own, `sort` goes by code unit, as `<` does.
    if (key < before) return keys.sort()
    before = key
  }
  return keys
}

/** Nearly all names need no escape. */
function nameText(name: string): string {
  return PLAIN_NAME.test(name) ? `"${name}"` : JSON.stringify(name)
}

/** Whether two values have one text. */
export function hasSameText(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && areSameLists(a, b)
  return !Array.isArray(b) && areSameFields(a as Fields, b as Fields)
}

function areSameLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, at) => hasSameText(part, b[at]))
}

function areSameFields(a: Fields, b: Fields): boolean {
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(key => Object.hasOwn(b, key) && hasSameText(a[key], b[key]))
}

export type JsonReading =
  | { readonly isJson: true; readonly value: Json }
  | { readonly isJson: false; readonly fault: JsonFault }

/** Reads JSON that somebody else wrote, canonical or not. */
export function readJson(text: string): JsonReading {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const found = error instanceof SyntaxError ? 'text that is none' : String(error)
    return { isJson: false, fault: { path: '', expected: 'JSON', found } }
  }
  const fault = jsonFault(value)
  // Parsed JSON without a fault consists of nothing but what `Json` names.
  return fault === undefined ? { isJson: true, value: value as Json } : { isJson: false, fault }
}

/** Order by code unit: the same on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Length of well-formed `text` in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x80) bytes += 1
    // A surrogate pair is two units and four bytes; each half counts one more than itself.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1
  }
  return bytes
}
