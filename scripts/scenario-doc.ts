/**
 * Writes docs/reference/scenario.md from the schema of scenarios: `npx node scripts/scenario-doc.ts`. A
 * test says whether the page is what this would write.
 */
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { distribution } from '../sim/scenario/distribution.ts'
import { PRESETS, presetScenario } from '../sim/scenario/presets.ts'
import {
  expectationOf,
  formsOf,
  type SchemaNode,
  scenarioSchema,
} from '../sim/scenario/schema-tree.ts'

const PAGE = 'docs/reference/scenario.md'

/** The least that is a scenario; a test reads it. */
export const SMALLEST = `name: two-kinds
gpus:
  fast: { llm: { stepBaseMs: 7, prefillTokenMs: 0.03 } }
  slow: { llm: { stepBaseMs: 25, prefillTokenMs: 0.11 } }
topology:
  cells:
    - nodes:
        - { count: 8, gpu: fast }
        - { count: 8, gpu: slow }
workload:
  arrivals: { type: poisson, loadRatio: 0.8 }
  classes:
    - { kind: llm, model: llama-3.1-8b, share: 1 }
`

const OPENING = `# Scenarios

Everything that a simulated run depends on, in one file for \`skein sim\`: every field, its default and its
bounds. For whoever writes one. Generated from the schema that checks the values
(\`npx node scripts/scenario-doc.ts\`).

A scenario is YAML. What is left out has the default below. Equal scenarios and seeds give equal results, to
the last digit. This is one:

\`\`\`yaml
${SMALLEST}\`\`\`

\`skein sim init PRESET\` prints one that comes with Skein, with comments. Whatever is wrong with a scenario
is told at once, with the path, the line, what was expected and what was found; an unknown field is an
error. Durations are milliseconds.

| Preset | What it is |
| --- | --- |
${PRESETS.map(name => `| \`${name}\` | ${presetScenario(name).description} |`).join('\n')}

## What holds for all of it

- **Requests depend on the scenario and the seed only.** All strategies meet the same ones at the same
  times, and the draws of one purpose (arrivals, sizes, tenants, …) do not depend on those of another.
- **The loop is open.** The next turn of a conversation comes so long after the one before was *sent*,
  whenever that is answered: else a slow strategy would make its own load lighter.
- **\`loadRatio\` is a share of the greatest rate that the fleet could serve** in the mix of its requests,
  with full batches: \`n = min(sequencesMax, kvCacheTokens / mean context)\` sequences, and
  \`input × prefillTokenMs + output × (stepBaseMs / n + stepPerSequenceMs + stepPerContextTokenMs × mean context)\`
  for each request. Several models share the fleet in the best way there is. All tokens of prompts count, as if no cache
  ever helped: a fleet that finds prefixes has time to spare.
- **A slice of a GPU** has its share of speed, memory, cache, places in the batch, price and power.
- **Blocks are 512 tokens** and marks stand where production puts them, at four characters a token: what
  prompts have in common is known exactly, in a trace as exactly as the trace tells.
- **A trace** is stretched to the rate that is asked for, and begins again when it ends. Each of its copies
  begins elsewhere in it. What at least 1 % of its requests (50 at least) begin with is taken for a system
  prompt and stays the same in all copies; all else is another conversation in each.

The forms of traces are \`azure\` (\`TIMESTAMP,ContextTokens,GeneratedTokens\`), \`mooncake\` (an object with
\`timestamp\`, \`input_length\`, \`output_length\` and \`hash_ids\` on each line) and \`skein\`, as
\`skein sim record\` writes it: \`{"skeinTrace":1}\` on the first line, then on each an object with \`atMs\`,
\`model\`, \`inputTokens\`, \`outputTokens\` and, if known, \`prefix\`, \`tenant\` and \`priority\`.
`

interface Field {
  readonly path: string
  readonly node: SchemaNode
  readonly isRequired: boolean
  /** Of which form of the object around it. `undefined`: of all. */
  readonly kind: string | undefined
}

const distributionSchema = z.toJSONSchema(distribution, { io: 'input' }) as SchemaNode

const DISTRIBUTION_KINDS = kindsOf(distributionSchema).join()

function kindsOf(node: SchemaNode): readonly string[] {
  return formsOf(node).flatMap(form => kindOf(form) ?? [])
}

function kindOf({ properties }: SchemaNode): string | undefined {
  const kind = properties?.['type']?.const
  return kind === undefined ? undefined : String(kind)
}

function isDistribution(node: SchemaNode): boolean {
  return kindsOf(node).join() === DISTRIBUTION_KINDS
}

/** The fields below a node, in the order they are declared; what several forms have alike once. */
function fieldsBelow(node: SchemaNode, path: string): readonly Field[] {
  if (isDistribution(node) && path !== '') return []
  if (node.items !== undefined) return fieldsBelow(node.items, `${path}[]`)
  if (typeof node.additionalProperties === 'object' && node.propertyNames?.enum === undefined) {
    return fieldsBelow(node.additionalProperties, `${path}.NAME`)
  }
  const forms = formsOf(node).filter(({ properties }) => properties !== undefined)
  const fields = forms.flatMap(form => fieldsOfForm(form, path))
  if (forms.length < 2) return fields
  const alike = new Map<string, Field[]>()
  for (const field of fields) {
    const facts = [field.path, defaultText(field), meaningOf(field)].join('\0')
    alike.set(facts, [...(alike.get(facts) ?? []), field])
  }
  return [...alike.values()].flatMap(group => {
    const [first] = group
    const kinds = group.flatMap(({ kind }) => kind ?? [])
    const isOfAll = kinds.length === 0 || kinds.length === forms.length
    return first === undefined ? [] : [{ ...first, kind: isOfAll ? undefined : kinds.join(', ') }]
  })
}

function fieldsOfForm(form: SchemaNode, path: string): readonly Field[] {
  const kind = kindOf(form)
  return Object.entries(form.properties ?? {}).flatMap(([name, node]) => {
    if (kind !== undefined && name === 'type') return []
    const own = path === '' ? name : `${path}.${name}`
    const isRequired = form.required?.includes(name) ?? false
    const below = fieldsBelow(node, own).map(each => ({ ...each, kind: each.kind ?? kind }))
    return [{ path: own, node, isRequired, kind }, ...below]
  })
}

function meaningOf({ node }: Field): string {
  return node.description ?? ''
}

function valueText(node: SchemaNode): string {
  if (isDistribution(node)) return 'a [distribution](#distributions)'
  const { items } = node
  if (items !== undefined && items.properties === undefined) {
    return `${expectationOf(node)}, each ${valueText(items)}`
  }
  return expectationOf(node)
}

function defaultText({ node, isRequired }: Field): string {
  if (isRequired) return 'required'
  if (node.default === undefined) return 'none'
  const isFilled = JSON.stringify(node.default) === '{}' && node.properties !== undefined
  return isFilled ? 'its fields’' : `\`${JSON.stringify(node.default)}\``
}

/** A pipe would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function row(field: Field): string {
  const { path, node, kind } = field
  const of = kind === undefined ? '' : ` (${kind})`
  const value = cell(valueText(node))
  return `| \`${path}\`${of} | ${cell(defaultText(field))} | ${value} | ${cell(meaningOf(field))} |`
}

function table(fields: readonly Field[]): readonly string[] {
  const head = ['| Field | Default | Value | Meaning |', '| --- | --- | --- | --- |']
  return [...head, ...fields.map(row), '']
}

/** Every field, for a test that each has a meaning. */
export function scenarioFields(): readonly { readonly path: string; readonly meaning: string }[] {
  return fieldsBelow(scenarioSchema(), '').map(field => ({
    path: field.path,
    meaning: meaningOf(field),
  }))
}

/** The page as it must be. */
export function scenarioDoc(): string {
  const schema = scenarioSchema()
  const fields = fieldsBelow(schema, '')
  const ofPart = (name: string) =>
    fields.filter(({ path }) => path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
  const top = fields.filter(({ path }) => Object.hasOwn(schema.properties ?? {}, path))
  const parts = top.filter(({ path }) => ofPart(path).length > 0)
  const sections = parts.map(part => {
    const isList = part.node.items !== undefined
    const rows = isList ? [part, ...ofPart(part.path)] : ofPart(part.path)
    return [`## ${part.path}`, '', ...(isList ? [] : [meaningOf(part), '']), ...table(rows)]
  })
  return [
    [OPENING, '## The run', '', ...table(top.filter(each => !parts.includes(each)))],
    ...sections,
    [
      '## Distributions',
      '',
      'An object with a `type`.',
      '',
      ...table(fieldsBelow(distributionSchema, '')),
    ],
  ]
    .map(lines => lines.join('\n'))
    .join('\n')
}

if (import.meta.main) writeFileSync(PAGE, scenarioDoc())
