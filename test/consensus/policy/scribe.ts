/**
 * Writes commands for the tests of the policy and applies them one after the other, as a log would.
 */
import { hash } from 'node:crypto'
import type { JsonObject } from '../../../src/consensus/policy/canonical.ts'
import {
  type Expected,
  encodeCommand,
  type Operation,
} from '../../../src/consensus/policy/command.ts'
import { type PolicyFormat, policyFormat } from '../../../src/consensus/policy/format.ts'
import type { Outcome } from '../../../src/consensus/policy/outcome.ts'
import { PolicyState } from '../../../src/consensus/policy/policy-state.ts'
import { snapshotLines } from '../../../src/consensus/policy/snapshot.ts'
import { PolicyViews } from '../../../src/consensus/policy/views.ts'

export const digest = (text: string) => hash('sha256', text)

export const KEY_HASH = { algorithm: 'scrypt', salt: 'ab'.repeat(16), digest: 'cd'.repeat(32) }
export const TICKET_HASH = 'ef'.repeat(32)

export type Refused = Extract<Outcome, { readonly status: 'refused' }>

interface Envelope {
  readonly requestId?: string
  readonly author?: string
  readonly atMs?: number
}

interface More {
  readonly expected?: Expected
  readonly labels?: Readonly<Record<string, string>>
  readonly owner?: string
  readonly schemaVersion?: number
}

export const put = (kind: string, name: string, spec: JsonObject, more: More = {}) =>
  ({ type: 'put', kind, name, schemaVersion: 1, spec, ...more }) as const

export const patch = (kind: string, name: string, spec: JsonObject, more: More = {}) =>
  ({ type: 'patch', kind, name, schemaVersion: 1, patch: { spec }, ...more }) as const

export const remove = (kind: string, name: string, more: Pick<More, 'expected'> = {}) =>
  ({ type: 'delete', kind, name, ...more }) as const

/** The text of a command, whether or not anybody would encode it. */
export function textOf(operation: Operation, envelope: Envelope = {}, version = 1): string {
  const { requestId = 'request-00000000', author = 'key:ops', atMs = 1_000 } = envelope
  return JSON.stringify({ version, requestId, author, atMs, operation })
}

export class Scribe {
  readonly state: PolicyState
  readonly views: PolicyViews
  #requestCount = 0

  constructor(format: PolicyFormat = policyFormat, state = new PolicyState({ digest, format })) {
    this.state = state
    this.views = new PolicyViews(state)
  }

  /** A mesh with the founder `peer-a`. */
  static founded(format: PolicyFormat = policyFormat): Scribe {
    const scribe = new Scribe(format)
    scribe.applied({ type: 'found-mesh', peer: 'peer-a' })
    return scribe
  }

  get nextIndex(): number {
    return this.state.appliedIndex + 1
  }

  command(operation: Operation, envelope: Envelope = {}): string {
    this.#requestCount += 1
    const requestId = `request-${String(this.#requestCount).padStart(8, '0')}`
    const given = { requestId, author: 'key:ops', atMs: 1_000, ...envelope, operation }
    return encodeCommand(given, this.state.format)
  }

  apply(operation: Operation, envelope: Envelope = {}): Outcome {
    return this.state.apply(this.nextIndex, this.command(operation, envelope))
  }

  /** For what must succeed. */
  applied(operation: Operation, envelope: Envelope = {}) {
    const outcome = this.apply(operation, envelope)
    if (outcome.status === 'applied') return outcome
    throw new Error(`${outcome.status}: ${outcome.reason}`)
  }

  /** For what must be refused. */
  refused(operation: Operation, envelope: Envelope = {}): Refused {
    const outcome = this.apply(operation, envelope)
    if (outcome.status === 'refused') return outcome
    throw new Error(`expected a refusal, found ${outcome.status}`)
  }

  snapshot(): readonly string[] {
    return [...snapshotLines(this.state)]
  }
}
