/**
 * Changes a JSON value by an example of what is to differ: fields named are replaced, fields that
 * are `null` are taken away, all others stay.
 *
 * Source: Hoffman, Snell, "JSON Merge Patch", RFC 7396, 2014, section 2.
 */
import { isJsonObject, type Json, type JsonObject } from './canonical.ts'

export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map<string, Json>(Object.entries(target))
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) merged.delete(key)
    else merged.set(key, mergedValue(merged.get(key), change))
  }
  return Object.fromEntries(merged)
}

function mergedValue(before: Json | undefined, change: Json): Json {
  if (!isJsonObject(change)) return change
  return mergePatch(isJsonObject(before) ? before : {}, change)
}
