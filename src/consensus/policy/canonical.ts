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
  if (!/^[A-Za-z0-9_]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

/** What keeps `value` from being written and read back as it is; `undefined`: nothing. */
export function jsonFault(value: unknown, path = '', depth = 0): JsonFault | undefined {
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
    // Validators drop this key without a word, so a text with it would be more than it seems.
    if (key === '__proto__') {
      return { path, expected: 'fields of names other than __proto__', found: 'that name' }
    }
    const fault = jsonFault(part, childPath(path, key), depth + 1)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** The one text of a value without `jsonFault`. */
export function canonicalText(value: unknown): string {
  if (typeof value === 'number') assert(Number.isFinite(value), 'a number has a text')
  if (typeof value !== 'object' || value === null) {
    const text = JSON.stringify(value)
    assert(text !== undefined, 'only JSON values have a canonical text')
    return text
  }
  return Array.isArray(value) ? listText(value) : objectText(value)
}

function listText(list: readonly unknown[]): string {
  return `[${list.map(canonicalText).join(',')}]`
}

/** Most of what a command costs is spent here, so it makes no pairs to sort. */
function objectText(value: object): string {
  let text = '{'
  // Without an order of its own, `sort` goes by code unit.
  for (const key of Object.keys(value).sort()) {
    const part: unknown = Reflect.get(value, key)
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${canonicalText(part)}`
  }
  return `${text}}`
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
