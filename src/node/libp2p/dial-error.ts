/**
 * Turns what libp2p says about a failed dial into what a person can act on.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { hasCode, MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'

export interface DialTarget {
  readonly peer: PeerId
  readonly addresses: readonly string[]
}

export function dialError({ peer, addresses }: DialTarget, cause: unknown): MeshError {
  if (cause instanceof MeshError) return cause
  const reasons = reasonsOf(cause)
  if (reasons.some(reason => /dial self/i.test(reason))) return dialledSelf(peer, cause)
  if (reasons.some(isOtherPeer)) {
    return new MeshError(
      `expected peer ${peer} at ${addresses.join(', ')}, found a peer with another identity`,
      {
        code: 'ERR_UNREACHABLE',
        hint: 'That machine was set up anew, or another one has its address now. Ask for a new ticket (`skein invite`).',
        cause,
      },
    )
  }
  return new MeshError(
    `expected peer ${peer} to answer at ${addresses.join(', ')}, found ${inWords(reasons)}`,
    {
      code: 'ERR_UNREACHABLE',
      details: { peer, addresses, isRefused: isRefused(reasons) },
      hint: `Check that the other peer runs and that ${portsOf(addresses)} is open on its machine.`,
      cause,
    },
  )
}

/** What the system's codes mean for whoever looks for the cause. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listening there (connection refused)',
  ECONNRESET: 'that the connection was cut at once',
  EHOSTUNREACH: 'no way to that machine',
  ENETUNREACH: 'no way to that network',
  ENOTFOUND: 'no machine of that name',
  EAI_AGAIN: 'no machine of that name',
  ETIMEDOUT: 'no answer in time',
}

/** Longest reason of a kind that we do not know. */
const REASON_MAX = 200

/** The first reason of a kind that we know, else the first. */
function inWords(reasons: readonly string[]): string {
  for (const reason of reasons) {
    if (/^(Timeout|Abort)Error\b|timed out/i.test(reason)) return 'no answer in time'
    const code = Object.keys(MEANINGS).find(each => reason.includes(each))
    const meaning = code === undefined ? undefined : MEANINGS[code]
    if (meaning !== undefined) return meaning
  }
  const [firstLine = ''] = reasons[0]?.split('\n') ?? []
  return firstLine.slice(0, REASON_MAX) || 'no answer'
}

/** Whether the machine itself said that nobody listens there. */
const isRefused = (reasons: readonly string[]) =>
  reasons.some(reason => reason.includes('ECONNREFUSED')) &&
  !reasons.some(reason => /^(Timeout|Abort)Error\b|ETIMEDOUT|timed out/i.test(reason))

/** Whether somebody answered who is not who we wanted. */
const isOtherPeer = (reason: string) =>
  /unexpected ?peer|did not match|payload identity key/i.test(reason)

function dialledSelf(peer: PeerId, cause: unknown): MeshError {
  return new MeshError(`expected another peer, found ourselves: ${peer} is our own identity`, {
    code: 'ERR_IDENTITY_IN_USE',
    hint: 'Every machine needs a data folder of its own; never copy identity.key.',
    cause,
  })
}

function reasonsOf(error: unknown): string[] {
  if (hasCode(error, 'ERR_UNREACHABLE')) return [error.message]
  if (error instanceof AggregateError) return error.errors.flatMap(reasonsOf)
  if (error instanceof Error) return [`${error.name}: ${error.message}`, ...reasonsOf(error.cause)]
  return error === undefined ? [] : [String(error)]
}

function portsOf(addresses: readonly string[]): string {
  const ports = new Set(
    addresses.flatMap(address =>
      multiaddr(address)
        .getComponents()
        .filter(({ name }) => name === 'tcp')
        .map(({ value }) => value),
    ),
  )
  return `TCP port ${[...ports].join(' or ')}`
}
