/**
 * Writes docs/reference/policy.md from the schemas of the policy's resources:
 * `npx node scripts/policy-doc.ts`. A test says whether the page is what this would write.
 */
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { policyFormat } from '../src/consensus/policy/format.ts'
import { ANY_NAME, type Kind } from '../src/consensus/policy/kinds/kind.ts'
import { resourceHead } from '../src/consensus/policy/resource.ts'

const PAGE = 'docs/reference/policy.md'

const { limits, kinds } = policyFormat

/** `1, of aliases 2`. */
function newestVersions(): string {
  const later = Object.entries(kinds).filter(([, { versions }]) => versions.length > 1)
  return ['1', ...later.map(([name, { versions }]) => `of ${name} ${versions.length}`)].join(', ')
}

const OPENING = `# Policy

Everything a mesh can agree on: the kinds of resources, their fields, defaults and bounds. For
whoever writes files for \`skein policy apply\` or calls \`/mesh/v1/policy\`. Generated from the schemas
that judge the values (\`npx node scripts/policy-doc.ts\`).

## What holds for all of them

A resource is \`{kind, name, revision, owner, labels, schemaVersion, spec}\`. Its author writes kind,
name, labels, owner and spec; what is left out of the spec has the default below, and the defaults are
stored with it, so a later release with other defaults changes nothing. An unknown field is refused
with its path and, if one is near, the name that was meant.

- \`revision\` is the index of the log entry that changed the resource last. A change may demand that
  the resource is absent, present, or at the revision its author has seen; else it is refused
  (\`conflict\`). Writing what is there already changes nothing, and keeps the revision.
- \`owner\` is whom to ask about it; as first written, its author. \`labels\` are names and values to
  find it by.
- \`schemaVersion\` is the version of the schema that \`spec\` is written in, at present ${newestVersions()}.
  A published version never changes. A resource stays in the version it was written in and is upgraded
  for those who read it.
- A patch is a JSON merge patch (RFC 7396) of owner, labels and spec: \`null\` takes a field back to its
  default.
- Several changes in one batch are applied all or not at all. What one resource says about another is
  judged when all are in place, so their order does not matter; each may stand in it once.
- A command that is sent again with its request id is not applied again; it has its first outcome.
- Times are compared with the time a command or request carries, so an expiry is as exact as the clock
  of the peer that judges it.

Bounds: ${limits.commandMaxBytes} bytes for one command, ${limits.batchMax} changes in one batch,
${limits.stateMaxBytes} bytes for all resources. The mesh remembers the last ${limits.requestsKept} requests and the
last ${limits.auditKept} commands (\`skein policy log\`; never a hash or another secret part).
`

/** The part of JSON Schema that zod writes for our specs. */
interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly unit?: string
  readonly expected?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

interface Field {
  readonly path: string
  readonly schema: Schema
  readonly isRequired: boolean
}

function schemaOf(type: z.ZodType): Schema {
  return z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Schema
}

/** The forms a value may have, but for `null`. */
function forms(schema: Schema): readonly Schema[] {
  const choices = schema.oneOf ?? schema.anyOf
  if (choices === undefined) return [schema]
  return choices.filter(({ type }) => type !== 'null').flatMap(forms)
}

/** The fields of an object and of the objects in it, in the order they are declared. */
function fieldsOf(schema: Schema, path: string): readonly Field[] {
  const fields = new Map<string, Field>()
  const parts = forms(schema).flatMap(form =>
    Object.entries(form.properties ?? {}).map(([name, part]) => ({ name, part, form })),
  )
  for (const { name, part, form } of parts) {
    const own = path === '' ? name : `${path}.${name}`
    const before = fields.get(own)?.schema
    const joined = before === undefined ? part : joinChoices(before, part)
    fields.set(own, {
      path: own,
      schema: joined,
      isRequired: form.required?.includes(name) ?? false,
    })
    const inner = part.items === undefined ? fieldsOf(part, own) : fieldsOf(part.items, `${own}[]`)
    for (const each of inner) fields.set(each.path, each)
  }
  return [...fields.values()]
}

/** What tells the forms of a value apart has another constant in each. */
function joinChoices(a: Schema, b: Schema): Schema {
  if (b.const === undefined) return a
  const description = [a.description, b.description].join(' ')
  return { ...a, enum: [...(a.enum ?? [a.const]), b.const], description }
}

function valueText(schema: Schema): string {
  const isNullable = schema.anyOf?.some(({ type }) => type === 'null') ?? false
  const [value = schema] = forms(schema)
  const text = schema.expected ?? value.expected ?? plainText(value)
  const unit = unitOf(schema)
  return `${text}${unit === undefined ? '' : ` ${unit}`}${isNullable ? ', or null' : ''}`
}

function unitOf(schema: Schema): string | undefined {
  return schema.unit ?? forms(schema)[0]?.unit
}

function plainText(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (schema.const !== undefined) return String(schema.const)
  switch (schema.type) {
    case 'integer':
      return rangeText('an integer', schema)
    case 'number':
      return rangeText('a number', schema)
    case 'string':
      return 'a text'
    case 'boolean':
      return 'true or false'
    case 'array':
      return listText(schema)
    default:
      return 'an object'
  }
}

function rangeText(noun: string, { minimum, maximum }: Schema): string {
  const isOpen = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
  return isOpen ? `${noun} of at least ${minimum}` : `${noun} from ${minimum} to ${maximum}`
}

function listText({ items, minItems = 0, maxItems }: Schema): string {
  const each = items === undefined || items.type === 'object' ? '' : `, each ${valueText(items)}`
  return `a list of ${minItems} to ${maxItems}${each}`
}

/** A pipe would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function defaultText({ schema, isRequired }: Field): string {
  if (isRequired) return 'required'
  if (schema.properties !== undefined) return 'its fields’'
  return `\`${JSON.stringify(schema.default)}\``
}

function table(fields: readonly Field[]): readonly string[] {
  const rows = fields.map(field => {
    const { path, schema } = field
    const meaning = cell(schema.description ?? '')
    return `| \`${path}\` | ${cell(defaultText(field))} | ${cell(valueText(schema))} | ${meaning} |`
  })
  return ['| Field | Default | Value | Meaning |', '| --- | --- | --- | --- |', ...rows, '']
}

/** Fields that a kind's own commands write are not for authors to give. */
function kindText(name: string, kind: Kind): string {
  const own = new Set(kind.ownCommand?.fields ?? [])
  const hint = kind.ownCommand === undefined ? [] : [`${kind.ownCommand.hint} ${ownText(own)}`, '']
  const secret = kind.secretFields ?? []
  const secrets = secret.map(field => `\`${field}\` is never shown.`)
  const newest = kind.versions.at(-1)?.schemas ?? {}
  const parts = Object.entries(newest).flatMap(([of, schema]) => [
    ...(of === ANY_NAME ? [] : [`### ${name}/${of}`, '']),
    ...table(fieldsOf(schemaOf(schema), '')),
  ])
  const facts = `Name: ${kind.nameMeaning}. At most ${kind.countMax}.`
  return [
    `## ${name}`,
    '',
    kind.meaning,
    '',
    [facts, ...secrets].join(' '),
    '',
    ...hint,
    ...parts,
  ].join('\n')
}

function ownText(own: ReadonlySet<string>): string {
  return `Nobody changes ${[...own].map(field => `\`${field}\``).join(', ')}.`
}

/** Every field of every kind, for a test that each has a meaning. */
export function policyFields(): readonly { readonly path: string; readonly meaning: string }[] {
  return Object.entries(kinds).flatMap(([name, { versions }]) =>
    Object.entries(versions.at(-1)?.schemas ?? {})
      .flatMap(([, schema]) => fieldsOf(schemaOf(schema), ''))
      .map(({ path, schema }) => ({ path: `${name}: ${path}`, meaning: schema.description ?? '' })),
  )
}

/** The page as it must be. */
export function policyDoc(): string {
  const head = ['## owner and labels', '', ...table(fieldsOf(schemaOf(resourceHead), ''))].join(
    '\n',
  )
  const texts = Object.entries(kinds).map(([name, kind]) => kindText(name, kind))
  return [OPENING, head, ...texts].join('\n')
}

if (import.meta.main) writeFileSync(PAGE, policyDoc())
