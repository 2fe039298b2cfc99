/**
 * Where a resource of the policy is in the HTTP API, and whether there is such a kind at all.
 */
import { didYouMean } from '../core/did-you-mean.ts'
import { MeshError } from '../core/errors.ts'
import type { Client } from './client.ts'
import { usageError } from './command.ts'
import { policySummary } from './policy-wire.ts'

export function kindPath(kind: string): string {
  return `/mesh/v1/policy/${encodeURIComponent(kind)}`
}

/**
 * Names of models have slashes and colons. No name can be dots alone, and in a URL those would lead
 * to another resource, however they are encoded.
 *
 * @throws MeshError ERR_USAGE.
 */
export function resourcePath(kind: string, name: string): string {
  if (name === '.' || name === '..') {
    throw usageError(
      `expected a name in ${kind}, which begins with a letter or digit, found ${name}`,
    )
  }
  return `${kindPath(kind)}/${encodeURIComponent(name)}`
}

/** Asked of the peer, which may know more kinds than we do. @throws MeshError ERR_USAGE. */
export async function requireKind(client: Client, kind: string): Promise<void> {
  const { kinds } = await client.get('/mesh/v1/policy', policySummary)
  const known = Object.keys(kinds).toSorted()
  if (known.includes(kind)) return
  // Most often it is the kind in the singular.
  const meant = known.find(each => each.startsWith(kind)) ?? didYouMean(kind, known)
  const hint = meant === undefined ? undefined : `Did you mean ${meant}?`
  throw usageError(`expected one of ${known.join(', ')}, found ${kind}`, hint)
}

/** `k=v` … → labels. @throws MeshError ERR_USAGE. */
export function labelsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map(pair => {
      const at = pair.indexOf('=')
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
      throw usageError(`expected a label as name=value, found ${pair}`)
    }),
  )
}

/** A number of a flag. @throws MeshError ERR_USAGE. */
export function wholeNumber(
  text: string | undefined,
  { flag, min = 0, max }: { readonly flag: string; readonly min?: number; readonly max: number },
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw usageError(`expected ${flag} from ${min} to ${max}, found ${text}`)
}

/** One of a few words. @throws MeshError ERR_USAGE. */
export function oneOf<Word extends string>(
  text: string | undefined,
  { flag, words }: { readonly flag: string; readonly words: readonly Word[] },
): Word | undefined {
  if (text === undefined) return undefined
  const found = words.find(word => word === text)
  if (found !== undefined) return found
  const meant = didYouMean(text, words)
  const hint = meant === undefined ? undefined : `Did you mean ${meant}?`
  throw usageError(`expected ${flag} to be one of ${words.join(', ')}, found ${text}`, hint)
}

/** A resource that may not be there. */
export async function orAbsent<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof MeshError && error.code === 'ERR_NOT_FOUND') return undefined
    throw error
  }
}
