/**
 * Scenarios that come with Skein, as text that can be read, changed and run: each field with what it means,
 * the first time it appears.
 */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
  Document as YamlDocument,
} from 'yaml'
import { AZURE_MIXED } from './presets/azure-mixed.ts'
import { EDGE_WAN } from './presets/edge-wan.ts'
import { LARGE, MEDIUM, SMALL } from './presets/infermesh.ts'
import { MOONCAKE } from './presets/mooncake.ts'
import type { ScenarioInput } from './scenario.ts'
import { childOf, formFor, isRecord, type SchemaNode, scenarioSchema } from './schema-tree.ts'

const scenarios = {
  small: SMALL,
  medium: MEDIUM,
  large: LARGE,
  'edge-wan': EDGE_WAN,
  'azure-mixed': AZURE_MIXED,
  mooncake: MOONCAKE,
} as const satisfies Readonly<Record<string, ScenarioInput>>

export type PresetName = keyof typeof scenarios

export const PRESETS = Object.keys(scenarios) as readonly PresetName[]

/** Columns of a line of YAML, with its comment; longer comments stand above. */
const LINE_WIDTH = 110

const INDENT = 2

export function presetScenario(name: PresetName): ScenarioInput {
  return scenarios[name]
}

/** In YAML. */
export function presetText(name: PresetName): string {
  const scenario = scenarios[name]
  const document = new YamlDocument(scenario, { aliasDuplicateObjects: false })
  const told = new Set<string>()
  explain(document.contents, { schema: scenarioSchema(), value: scenario, told, depth: 0 })
  document.commentBefore = ` ${name}: a scenario for \`skein sim run\`.\n What is left out is as docs/reference/scenario.md says.`
  return document.toString({ lineWidth: LINE_WIDTH, indent: INDENT })
}

interface Place {
  readonly schema: SchemaNode
  readonly value: unknown
  /** Comments that have been made. */
  readonly told: Set<string>
  readonly depth: number
}

type YamlNode = Document['contents']

function explain(node: YamlNode, place: Place): void {
  const form = formFor(place.schema, place.value)
  if (form === undefined) return
  if (isSeq(node)) explainList(node, { ...place, schema: form })
  if (isMap(node)) explainFields(node, { ...place, schema: form })
}

function explainList(list: YAMLSeq, { schema, value, told, depth }: Place): void {
  const item = childOf(schema, 0)
  if (item === undefined || !Array.isArray(value)) return
  for (const [index, child] of list.items.entries()) {
    explain(child as YamlNode, { schema: item, value: value[index], told, depth: depth + 1 })
  }
  // Plain values stand on one line.
  if (list.items.every(each => isScalar(each))) list.flow = true
}

function explainFields(map: YAMLMap, { schema, value, told, depth }: Place): void {
  if (!isRecord(value)) return
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : ''
    const child = childOf(schema, key)
    if (child === undefined) continue
    comment(pair, { schema: child, value: value[key], told, depth })
    explain(pair.value as YamlNode, { schema: child, value: value[key], told, depth: depth + 1 })
  }
}

/** Behind a plain value if there is room, else above; once. */
function comment({ key, value }: Pair, { schema, told, depth }: Place): void {
  const { description } = schema
  if (description === undefined || !isScalar(key)) return
  const text = ` ${description}`
  if (told.has(key.value + text)) return
  told.add(key.value + text)
  if (isScalar(value)) {
    const used = depth * INDENT + String(key.value).length + String(value.value).length
    if (used + text.length + COMMENT_MARGIN <= LINE_WIDTH) {
      value.comment = text
      return
    }
  }
  key.commentBefore = wrapped(text, LINE_WIDTH - depth * INDENT)
}

/** A colon, two spaces and what begins a comment. */
const COMMENT_MARGIN = 6

function wrapped(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.trim().split(' ')) {
    if (line.length + word.length + COMMENT_MARGIN > width) {
      lines.push(line)
      line = ''
    }
    line += ` ${word}`
  }
  return [...lines, line].join('\n')
}
