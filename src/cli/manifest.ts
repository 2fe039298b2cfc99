/**
 * Reads the resources that a person has written for `skein policy apply`: YAML or JSON, one in each
 * document, or a list of them.
 *
 *     kind: aliases
 *     name: chat
 *     spec: { targets: [{ model: llama-3.1-8b }] }
 *
 * The mesh judges the specs. Here it is judged whether they are resources at all, and which one of
 * the file is at fault.
 */
import { type Document, isCollection, Lexer, LineCounter, Parser, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { didYouMean } from '../core/did-you-mean.ts'
import { MeshError } from '../core/errors.ts'

const resource = z.strictObject({
  kind: z.string().min(1),
  name: z.string().min(1),
  owner: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  spec: z.record(z.string(), z.unknown()).default({}),
})

export type WrittenResource = z.output<typeof resource>

const FIELDS = Object.keys(resource.shape)

/** Written by the mesh, and shown by `skein policy get -o json`. */
const MESH_FIELDS: readonly string[] = ['revision', 'schemaVersion']

/** A YAML file may say one thing a million times by aliases of aliases. */
const ALIASES_MAX = 100

/** Deeper than any resource nests, and far from the end of the parser's stack. */
const DEPTH_MAX = 64

/** The parser tells its two complaints about aliases apart only so. */
const UNKNOWN_ANCHOR = /^Unresolved alias .*: (.+)$/

interface Place {
  /** Of the file. */
  readonly path: string
  /** From 1. */
  readonly position: number
}

/**
 * Empty for a file without resources, as `skein policy get -o yaml` writes it of a kind that has none.
 *
 * @throws MeshError ERR_CONFIG, naming the place at fault.
 */
export function readManifest(text: string, path: string): readonly WrittenResource[] {
  requireShallow(text, path)
  const counter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: counter, prettyErrors: true })
  const values = (Array.isArray(documents) ? documents : []).flatMap(document =>
    valuesOf(document, path, counter),
  )
  const found = values.map((value, index) => judge(value, { path, position: index + 1 }))
  requireOnce(found, path)
  return found
}

/** Before anything is made of it: what is nested without end would end the process. */
function requireShallow(text: string, path: string): void {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    // Each value under construction stands on the parser's stack; what is done is of no interest.
    Array.from(parser.next(lexeme))
    if (parser.stack.length > DEPTH_MAX) throw fault(path, TOO_DEEP)
  }
}

const TOO_DEEP = `expected values nested ${DEPTH_MAX} deep at most, found deeper ones`

/** A document without content, as before the first `---`, has none. */
function valuesOf(document: Document, path: string, counter: LineCounter): readonly unknown[] {
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = counter.linePos(error.pos[0])
    const [what = ''] = error.message.split('\n')
    throw fault(path, `expected YAML, found at line ${line}, column ${col}: ${plain(what)}`)
  }
  if (document.contents === null || isEmpty(document)) return []
  const value = contentOf(document, path)
  return Array.isArray(value) ? value : [value]
}

function contentOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const [, anchor] = UNKNOWN_ANCHOR.exec(error.message) ?? []
    if (anchor !== undefined) {
      throw fault(path, `expected the anchor &${anchor} earlier in the same document, found none`)
    }
    throw fault(path, `expected at most ${ALIASES_MAX} uses of an anchor, found more`)
  }
}

function isEmpty({ contents }: Document): boolean {
  return !isCollection(contents) && String(contents) === 'null'
}

/** Without the place, which we tell in our own words. */
function plain(message: string): string {
  return message.replace(/ at line \d+, column \d+:?$/, '')
}

function judge(value: unknown, place: Place): WrittenResource {
  const unsendable = unsendablePart(value, '')
  if (unsendable !== undefined) throw wrong(place, unsendable)
  const parsed = resource.safeParse(value)
  if (!parsed.success) throw wrongResource(value, parsed.error.issues, place)
  return parsed.data
}

function wrongResource(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  place: Place,
): MeshError {
  // A mistyped field is missing under its right name too.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    if (MESH_FIELDS.includes(key)) {
      return wrong(place, `expected what its author decides, found \`${key}\``, 'Leave it out.')
    }
    const meant = didYouMean(key, FIELDS)
    const hint = meant === undefined ? undefined : `Did you mean \`${meant}\`?`
    return wrong(place, `expected ${FIELDS.join(', ')}, found \`${key}\``, hint)
  }
  if (typeof value !== 'object' || value === null) {
    return wrong(place, `expected {kind, name, spec}, found ${JSON.stringify(value)}`)
  }
  const field = issue?.path.map(String).join('.') ?? ''
  const expected = { kind: 'a kind', name: 'a name', owner: 'a text' }[field] ?? 'an object'
  return wrong(place, `expected ${expected} in \`${field}\`, found none or another thing`)
}

/**
 * What would be lost on the way to the mesh, or could not be sent: JSON makes `null` of a number that
 * is none, who reads JSON drops `__proto__`, and an anchor that stands within itself has no end.
 */
function unsendablePart(value: unknown, path: string, depth = 0): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return `expected numbers that JSON has, found another at \`${path}\``
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > DEPTH_MAX) return TOO_DEEP
  for (const [name, part] of Object.entries(value)) {
    const partPath = path === '' ? name : `${path}.${name}`
    if (name === '__proto__') return `expected names of fields, found \`${partPath}\``
    const found = unsendablePart(part, partPath, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function requireOnce(resources: readonly WrittenResource[], path: string): void {
  const seen = new Set<string>()
  for (const { kind, name } of resources) {
    const key = `${kind}/${name}`
    if (seen.has(key)) throw fault(path, `expected each resource once, found ${key} twice`)
    seen.add(key)
  }
}

function wrong({ path, position }: Place, message: string, hint?: string): MeshError {
  return fault(`${path}, resource ${position}`, message, hint)
}

function fault(place: string, message: string, hint?: string): MeshError {
  return new MeshError(`${place}: ${message}`, { code: 'ERR_CONFIG', hint })
}
