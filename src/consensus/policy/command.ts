/**
 * Commands: what an entry of the log says is to change, and its text.
 *
 *     { version, requestId, author, atMs, operation }
 *
 * A command says all that is needed to judge it: who wrote it, when by their clock, and an id by
 * which it can be sent again without being applied twice. The text is canonical JSON. It names the
 * version of the format it needs, so that a peer knows whether it can judge it.
 */
import { z } from 'zod'
import { didYouMean } from '../../core/did-you-mean.ts'
import { MeshError } from '../../core/errors.ts'
import {
  canonicalText,
  childPath,
  isJsonObject,
  type Json,
  jsonFault,
  readJson,
  utf8Bytes,
} from './canonical.ts'
import type { PolicyFormat } from './format.ts'
import { actor, description, hex, labels, peerId, ticketId, wallMs } from './kinds/fields.ts'
import { invalid, problemText, type Refusal } from './outcome.ts'
import { type FieldProblem, FOUND_MAX, problemsOf } from './problems.ts'
import { kindOf } from './resource.ts'

/** Names are judged by their kind; this only keeps them short. */
const someName = () => z.string().max(512)

const index = () => z.int().min(1)

const someObject = () => z.custom<{ readonly [key: string]: Json }>(isJsonObject, 'an object')

/**
 * What must hold of the resource before: anything, that it is not there, that it is there, or that
 * its revision is this.
 */
const expected = () =>
  z.union([z.literal(['any', 'absent', 'present']), index()], {
    error: 'any, absent, present or a revision',
  })

const put = z.strictObject({
  type: z.literal('put'),
  kind: someName(),
  name: someName(),
  schemaVersion: index(),
  spec: someObject(),
  /** Absent: as it was, or the author. */
  owner: actor().optional(),
  /** Absent: none. */
  labels: labels().optional(),
  expected: expected().optional(),
})

/** A JSON merge patch (RFC 7396) of owner, labels and spec. */
const patch = z.strictObject({
  type: z.literal('patch'),
  kind: someName(),
  name: someName(),
  schemaVersion: index(),
  patch: z.strictObject({
    owner: actor().optional(),
    labels: someObject().optional(),
    spec: someObject().optional(),
  }),
  expected: expected().optional(),
})

const remove = z.strictObject({
  type: z.literal('delete'),
  kind: someName(),
  name: someName(),
  expected: expected().optional(),
})

const batch = z.strictObject({
  type: z.literal('batch'),
  operations: z
    .array(z.discriminatedUnion('type', [put, patch, remove]))
    .min(1)
    .readonly(),
})

/** The first peer of a mesh, which no one can have invited. */
const foundMesh = z.strictObject({
  type: z.literal('found-mesh'),
  peer: peerId(),
  labels: labels().optional(),
})

/** Whoever sends it has seen the joiner prove that it holds the ticket. */
const admitPeer = z.strictObject({
  type: z.literal('admit-peer'),
  peer: peerId(),
  ticket: ticketId(),
  ticketHash: hex(16, 64),
})

const leave = z.strictObject({ type: z.literal('leave'), peer: peerId() })

const deny = z.strictObject({
  type: z.literal('deny'),
  peer: peerId(),
  reason: description().optional(),
})

/** Removes what is past its time at the `atMs` of the command. */
const purgeExpired = z.strictObject({
  type: z.literal('purge-expired'),
  kinds: z
    .array(z.enum(['tickets', 'keys']))
    .min(1)
    .max(2)
    .readonly(),
})

const operation = z.discriminatedUnion('type', [
  put,
  patch,
  remove,
  batch,
  foundMesh,
  admitPeer,
  leave,
  deny,
  purgeExpired,
])

/** The most that one unit of a text takes in UTF-8. */
const UTF8_UNIT_MAX_BYTES = 3

const REQUEST_ID = '16 to 64 letters, digits, `-` or `_`'

const command = z.strictObject({
  version: index(),
  requestId: z.string({ error: REQUEST_ID }).regex(/^[A-Za-z0-9_-]{16,64}$/, REQUEST_ID),
  author: actor(),
  atMs: wallMs(),
  operation,
})

export type PutOperation = z.output<typeof put>
export type PatchOperation = z.output<typeof patch>
export type DeleteOperation = z.output<typeof remove>
export type ResourceOperation = PutOperation | PatchOperation | DeleteOperation
export type Operation = z.output<typeof operation>
export type Expected = z.output<ReturnType<typeof expected>>
export type Command = z.output<typeof command>

export type CommandReading =
  | { readonly status: 'command'; readonly command: Command }
  | { readonly status: 'refused'; readonly refusal: Refusal }
  | { readonly status: 'unsupported'; readonly version: number }

/**
 * The text of a command, in the lowest version of the format that has what it uses.
 *
 * @throws MeshError ERR_INVALID_REQUEST if it is none, uses what this release does not know, or is
 * too long.
 */
export function encodeCommand(given: Omit<Command, 'version'>, format: PolicyFormat): string {
  const complete = { ...given, version: neededVersion(given.operation, format) }
  const fault = jsonFault(complete)
  if (fault !== undefined) throw notACommand(problemText(fault))
  const text = canonicalText(complete)
  // What has no fault is read from its text as it is.
  const reading = judgeLength(text, format) ?? judgeCommand(complete, format)
  if (reading.status === 'command') return text
  throw notACommand(
    reading.status === 'refused' ? reading.refusal.reason : `version ${reading.version}`,
  )
}

function notACommand(reason: string): MeshError {
  return new MeshError(`expected a policy command, found a fault: ${reason}`, {
    code: 'ERR_INVALID_REQUEST',
  })
}

/** Reads a command that a peer, maybe of another release, has written. */
export function decodeCommand(text: string, format: PolicyFormat): CommandReading {
  const tooLong = judgeLength(text, format)
  if (tooLong !== undefined) return tooLong
  const json = readJson(text)
  return json.isJson ? judgeCommand(json.value, format) : malformed(problemText(json.fault))
}

/** `undefined`: it is short enough. */
function judgeLength(text: string, { limits }: PolicyFormat): CommandReading | undefined {
  const { commandMaxBytes } = limits
  if (text.length * UTF8_UNIT_MAX_BYTES <= commandMaxBytes) return undefined
  const bytes = utf8Bytes(text)
  if (bytes <= commandMaxBytes) return undefined
  return malformed(`expected a command of at most ${commandMaxBytes} bytes, found ${bytes}`)
}

/** @param value JSON without a fault. */
function judgeCommand(value: unknown, format: PolicyFormat): CommandReading {
  const version = isJsonObject(value) ? value['version'] : undefined
  if (Number.isSafeInteger(version) && Number(version) > format.commandVersion) {
    return { status: 'unsupported', version: Number(version) }
  }
  const parsed = command.safeParse(value)
  if (!parsed.success) {
    const judged = { schema: command, value, path: '', secretFields: ['operation'] }
    return { status: 'refused', refusal: invalid(problemsOf(parsed.error, judged)) }
  }
  const { operation: found } = parsed.data
  const { batchMax } = format.limits
  if (found.type === 'batch' && found.operations.length > batchMax) {
    return malformed(`expected at most ${batchMax} changes, found ${found.operations.length}`)
  }
  const unknown = unknownWords(parsed.data, format)
  if (unknown.length > 0) return { status: 'refused', refusal: invalid(unknown) }
  return { status: 'command', command: parsed.data }
}

/** What an operation needs of the format; 1 if it names what no version has. */
function neededVersion(given: Operation, format: PolicyFormat): number {
  const needs = changesIn(given).map(change => sinceVersion(change, format) ?? 1)
  return Math.max(1, ...needs)
}

function changesIn(given: Operation): readonly ResourceOperation[] {
  switch (given.type) {
    case 'batch':
      return given.operations
    case 'put':
    case 'patch':
    case 'delete':
      return [given]
    default:
      return []
  }
}

/** Version of the format that brought the kind, or the schema if one is named. */
function sinceVersion(change: ResourceOperation, format: PolicyFormat): number | undefined {
  const schemaVersion = change.type === 'delete' ? 1 : change.schemaVersion
  return kindOf(format, change.kind)?.versions[schemaVersion - 1]?.sinceCommandVersion
}

/**
 * Kinds and schemas that the command's version of the format does not have. A release that knows
 * them from a later version must refuse them here as one that does not know them.
 */
function unknownWords(given: Command, format: PolicyFormat): readonly FieldProblem[] {
  const isBatch = given.operation.type === 'batch'
  return changesIn(given.operation).flatMap((change, at) => {
    const since = sinceVersion(change, format)
    if (since !== undefined && since <= given.version) return []
    const path = isBatch ? `operations[${at}]` : ''
    return [unknownWord(change, path, format)]
  })
}

function unknownWord(change: ResourceOperation, path: string, format: PolicyFormat): FieldProblem {
  const kind = kindOf(format, change.kind)
  if (kind !== undefined && change.type !== 'delete') {
    return {
      path: childPath(path, 'schemaVersion'),
      expected: `a version of the schema of ${change.kind}, 1 to ${kind.versions.length}`,
      found: String(change.schemaVersion),
    }
  }
  const known = Object.keys(format.kinds)
  const meant = didYouMean(change.kind, known)
  return {
    path: childPath(path, 'kind'),
    expected: `one of ${known.join(', ')}`,
    found: JSON.stringify(change.kind.slice(0, FOUND_MAX)),
    ...(meant === undefined ? {} : { hint: `Did you mean \`${meant}\`?` }),
  }
}

function malformed(reason: string): CommandReading {
  return { status: 'refused', refusal: { code: 'malformed', reason } }
}
