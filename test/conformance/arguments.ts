/**
 * Values of a directive's arguments and input, read as the files' own harness reads them.
 */

import type { ConfChangeSingle } from '../../src/consensus/raft/membership/conf-change.ts'
import { NO_NODE, type NodeId } from '../../src/consensus/raft/node-id.ts'

const BOOLEANS = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map(text => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map(text => [text, false] as const),
])

const CHANGE_TYPES = {
  v: 'add-node',
  l: 'add-learner',
  r: 'remove-node',
  u: 'update-node',
} as const

export function readBoolean(text: string): boolean {
  const value = BOOLEANS.get(text)
  if (value === undefined) throw new Error(`expected true or false, found ${text}`)
  return value
}

/** A number from 0 on. Those that a double cannot hold exactly are refused. */
export function readNumber(text: string): number {
  const quoted = JSON.stringify(text)
  if (!/^\d+$/.test(text)) throw new Error(`strconv.ParseUint: parsing ${quoted}: invalid syntax`)
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new Error(`strconv.ParseUint: parsing ${quoted}: value out of range`)
}

/** Reads `v1 l2 r3 u4`: make voter, make learner, remove, update. */
export function readConfChanges(text: string): ConfChangeSingle[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  return trimmed.split(' ').map(token => {
    if (token.length < 2) throw new Error(`unknown token ${token}`)
    const letter = token.slice(0, 1)
    if (!isChangeLetter(letter)) throw new Error(`unknown input: ${token}`)
    const nodeId: NodeId = readNumber(token.slice(1))
    return { type: CHANGE_TYPES[letter], nodeId: nodeId === 0 ? NO_NODE : nodeId }
  })
}

function isChangeLetter(letter: string): letter is keyof typeof CHANGE_TYPES {
  return Object.hasOwn(CHANGE_TYPES, letter)
}
