/**
 * Changes of the configuration as bytes, in the protobuf form of etcd-io/raft, so that limits of
 * size cut where the files expect it. Contexts are left out: no file has one.
 */
import { NO_DATA } from '../../../src/consensus/raft/log/entry.ts'
import {
  asConfChangeV2,
  type ConfChange,
  type ConfChangeSingle,
  type ConfChangeTransition,
  type ConfChangeType,
  type ConfChangeV2,
} from '../../../src/consensus/raft/membership/conf-change.ts'
import type { ConfChangeCodec } from '../../../src/consensus/raft/raft.ts'

const TYPES: readonly ConfChangeType[] = ['add-node', 'remove-node', 'update-node', 'add-learner']
const TRANSITIONS: readonly ConfChangeTransition[] = ['auto', 'joint-implicit', 'joint-explicit']

/** Number of a field, as the first byte of it: numbers, and bytes with their length. */
const number = (field: number) => field << 3
const bytes = (field: number) => (field << 3) | 2

export const confChangeCodec: ConfChangeCodec = {
  encode: change => Uint8Array.from('changes' in change ? encodeV2(change) : encodeV1(change)),
  decode: (data, type) => {
    const fields = readFields(data)
    return type === 'conf-change' ? decodeV1(fields) : decodeV2(fields)
  },
}

function encodeV1({ id, type, nodeId }: ConfChange): number[] {
  return [
    ...[number(1), ...varint(id)],
    ...[number(2), TYPES.indexOf(type)],
    ...[number(3), ...varint(nodeId)],
  ]
}

function encodeV2({ transition, changes }: ConfChangeV2): number[] {
  const encoded = changes.map(({ type, nodeId }) => {
    return [number(1), TYPES.indexOf(type), number(2), ...varint(nodeId)]
  })
  return [
    ...[number(1), TRANSITIONS.indexOf(transition)],
    ...encoded.flatMap(each => [bytes(2), each.length, ...each]),
  ]
}

function decodeV1(fields: readonly Field[]): ConfChangeV2 {
  const id = numberOf(fields, 1)
  return asConfChangeV2({ id, ...single(fields, { type: 2, nodeId: 3 }), context: NO_DATA })
}

function decodeV2(fields: readonly Field[]): ConfChangeV2 {
  const changes = fields
    .filter(({ field }) => field === 2)
    .map(({ value }) => single(readFields(value as Uint8Array), { type: 1, nodeId: 2 }))
  return { transition: TRANSITIONS[numberOf(fields, 1)] ?? 'auto', changes, context: NO_DATA }
}

function single(
  fields: readonly Field[],
  at: { readonly type: number; readonly nodeId: number },
): ConfChangeSingle {
  const type = TYPES[numberOf(fields, at.type)] ?? 'update-node'
  return { type, nodeId: numberOf(fields, at.nodeId) }
}

interface Field {
  readonly field: number
  readonly value: number | Uint8Array
}

function numberOf(fields: readonly Field[], field: number): number {
  const value = fields.find(each => each.field === field)?.value
  return typeof value === 'number' ? value : 0
}

function readFields(data: Uint8Array): Field[] {
  const fields: Field[] = []
  let position = 0
  const readVarint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = data[position++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (position < data.length) {
    const tag = readVarint()
    const head = readVarint()
    if ((tag & 7) === 0) fields.push({ field: tag >> 3, value: head })
    else {
      fields.push({ field: tag >> 3, value: data.subarray(position, position + head) })
      position += head
    }
  }
  return fields
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]
}
