/**
 * Tells what a command changed in the policy, resource by resource and field by field.
 *
 *     updated    aliases/chat
 *       ~ spec.targets[0].weight: 100 → 90
 *     unchanged  tenants/acme
 */
import { diffLines } from './field-diff.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import type { ChangeLine, ChangesAnswer } from './policy-wire.ts'
import { safeText } from './table.ts'

export const DONE = { create: 'created', update: 'updated', delete: 'deleted' } as const

const WOULD = {
  create: 'would be created',
  update: 'would be updated',
  delete: 'would be deleted',
} as const

type Words = Readonly<Record<ChangeLine['verb'], string>>

/** Wide enough for `unchanged` too. */
function wordColumns(words: Words): number {
  return Math.max('unchanged'.length, words.create.length) + 2
}

interface Named {
  readonly kind: string
  readonly name: string
}

interface Showing {
  readonly isJson: boolean
  /** Nothing was done. */
  readonly isDryRun?: boolean
  /** What was asked for; of these, those that did not change are listed too. */
  readonly asked?: readonly Named[]
}

function line(io: Io, text: string): void {
  writeLine(io, safeText(text).replaceAll(/[\n\t]/g, ' '))
}

/** One change as lines for people. */
export function showChange(io: Io, change: ChangeLine, words: Words): void {
  line(io, `${words[change.verb].padEnd(wordColumns(words))}${change.kind}/${change.name}`)
  for (const each of diffLines(change)) line(io, `  ${each}`)
}

/** With JSON, the whole answer as one line. */
export function showChanges(
  io: Io,
  answer: ChangesAnswer,
  { isJson, isDryRun = false, asked = [] }: Showing,
): void {
  const { revision, changes } = answer
  const key = ({ kind, name }: Named) => `${kind}/${name}`
  const changed = new Set(changes.map(key))
  const unchanged = asked.filter(each => !changed.has(key(each))).map(key)
  if (isJson) {
    writeJson(io, { revision, changes, unchanged, dryRun: isDryRun })
    return
  }
  const words = isDryRun ? WOULD : DONE
  for (const change of changes) showChange(io, change, words)
  for (const each of unchanged) line(io, `${'unchanged'.padEnd(wordColumns(words))}${each}`)
  if (changes.length === 0 && unchanged.length === 0) {
    io.complain(isDryRun ? 'Nothing would change.' : 'Nothing changed.')
  }
}
