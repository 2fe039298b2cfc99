/**
 * The law of a replicated state machine: equal logs make equal states.
 *
 * Random commands, right and wrong ones, are applied on two machines. The second is replaced now
 * and then by one that is restored from its snapshot, as a peer that restarts. After every command
 * both have one hash, and in the end one snapshot, byte for byte.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { JsonObject } from '../../../src/consensus/policy/canonical.ts'
import type { Operation, ResourceOperation } from '../../../src/consensus/policy/command.ts'
import { type PolicyFormat, policyFormat } from '../../../src/consensus/policy/format.ts'
import { PolicyState } from '../../../src/consensus/policy/policy-state.ts'
import type { Resource } from '../../../src/consensus/policy/resource.ts'
import { restorePolicy } from '../../../src/consensus/policy/restore.ts'
import { snapshotLines } from '../../../src/consensus/policy/snapshot.ts'
import { digest, KEY_HASH, TICKET_HASH, textOf } from './scribe.ts'

/** Small tables, so that forgetting is part of what is tested. */
const format: PolicyFormat = {
  ...policyFormat,
  limits: { ...policyFormat.limits, requestsKept: 5, auditKept: 7, auditItemsMax: 2, purgeMax: 1 },
}

const names = ['a', 'b', 'c'] as const
const name = fc.constantFrom(...names)
const tickets = ['aaaaaaaa', 'bbbbbbbb'] as const
const priority = fc.constantFrom('low', 'high', 'utmost')

const written: fc.Arbitrary<{ kind: string; name: string; spec: JsonObject }> = fc.oneof(
  fc.record({ kind: fc.constant('tenants'), name, spec: fc.record({ priority }) }),
  fc.record({
    kind: fc.constant('keys'),
    name,
    spec: fc.record({
      hash: fc.constant(KEY_HASH),
      tenant: fc.option(name),
      expiresAtMs: fc.option(fc.nat(10)),
    }),
  }),
  fc.record({
    kind: fc.constant('quotas'),
    name: name.chain(of => fc.constantFrom(`tenant:${of}`, `key:${of}`, `model:${of}`)),
    spec: fc.record({ concurrencyMax: fc.nat(3) }),
  }),
  fc.record({
    kind: fc.constant('aliases'),
    name,
    spec: fc.record({
      targets: fc.uniqueArray(fc.record({ model: name, weight: fc.nat(2) }), {
        minLength: 1,
        maxLength: 2,
        selector: ({ model }) => model,
      }),
    }),
  }),
  fc.record({
    kind: fc.constant('tickets'),
    name: fc.constantFrom(...tickets),
    spec: fc.record({
      hash: fc.constant(TICKET_HASH),
      expiresAtMs: fc.nat(10),
      usesLeft: fc.nat(2),
    }),
  }),
  fc.record({
    kind: fc.constantFrom('drains', 'denied'),
    name,
    spec: fc.record({ reason: fc.constantFrom('', 'x') }),
  }),
  fc.record({
    kind: fc.constant('placements'),
    name,
    spec: fc.record({ peers: fc.uniqueArray(name, { maxLength: 2 }) }),
  }),
)

const expected = fc.constantFrom('any' as const, 'absent' as const, 'present' as const, 3)

const change: fc.Arbitrary<ResourceOperation> = fc
  .tuple(written, fc.constantFrom('put', 'put', 'patch', 'delete'), expected)
  .map(([{ kind, name: of, spec }, type, seen]) => {
    if (type === 'delete') return { type, kind, name: of, expected: seen }
    if (type === 'patch') return { type, kind, name: of, schemaVersion: 1, patch: { spec } }
    return { type: 'put', kind, name: of, schemaVersion: 1, spec, expected: seen }
  })

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: change },
  {
    weight: 3,
    arbitrary: fc
      .array(change, { minLength: 1, maxLength: 4 })
      .map(operations => ({ type: 'batch' as const, operations })),
  },
  name.map(peer => ({ type: 'found-mesh' as const, peer })),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('admit-peer' as const),
      peer: name,
      ticket: fc.constantFrom(...tickets),
      ticketHash: fc.constant(TICKET_HASH),
    }),
  },
  name.map(peer => ({ type: 'leave' as const, peer })),
  name.map(peer => ({ type: 'deny' as const, peer })),
  fc.constant({ type: 'purge-expired' as const, kinds: ['keys', 'tickets'] as const }),
)

interface Step {
  readonly text: string
  readonly restarts: boolean
}

const step: fc.Arbitrary<Step> = fc
  .record({
    operation,
    atMs: fc.nat(10),
    // Few ids, so that some commands come again and some ids are used twice.
    request: fc.nat(40),
    restarts: fc.constantFrom(true, false, false, false),
  })
  .map(({ operation: what, atMs, request, restarts }) => ({
    text: textOf(what, { atMs, requestId: `request-${String(request).padStart(8, '0')}` }),
    restarts,
  }))

const log = fc
  .array(step, { minLength: 1, maxLength: 60 })
  // Every log begins with a mesh, for else few of them come to have peers.
  .map(steps => [{ text: textOf({ type: 'found-mesh', peer: 'a' }), restarts: false }, ...steps])

function restarted(state: PolicyState): PolicyState {
  const restored = restorePolicy({ digest, format }, snapshotLines(state))
  if (restored.status === 'restored') return restored.state
  throw new Error(restored.reason)
}

/** Hash of a state by its snapshot, from nothing: what the incremental one must be. */
function hashFromNothing(state: PolicyState): string {
  return restarted(state).hash
}

/** What a resource names is there; who is denied is not in the roster. */
function checkNames(state: PolicyState, { kind, name: of }: Resource): void {
  const { references = [] } = state.table.get({ kind, name: of }) ?? {}
  for (const reference of references) {
    if (reference.rule !== 'required' && reference.rule !== 'owned') continue
    assert.isDefined(state.table.get(reference), `${kind}/${of} names what is there`)
  }
  if (kind === 'denied') assert.isUndefined(state.table.get({ kind: 'roster', name: of }))
}

describe('equal logs', () => {
  test('make equal states, also across restarts', () => {
    fc.assert(
      fc.property(log, steps => {
        const steady = new PolicyState({ digest, format })
        let restarting = new PolicyState({ digest, format })
        for (const [at, { text, restarts }] of steps.entries()) {
          assert.deepEqual(restarting.apply(at + 1, text), steady.apply(at + 1, text))
          if (restarts) restarting = restarted(restarting)
          assert.equal(restarting.hash, steady.hash, `after command ${at + 1}: ${text}`)
        }
        assert.equal(hashFromNothing(steady), steady.hash)
        assert.deepEqual([...snapshotLines(restarting)], [...snapshotLines(steady)])
      }),
      { numRuns: 300 },
    )
  })

  test('are told from others by the hash', () => {
    fc.assert(
      fc.property(log, steps => {
        const one = new PolicyState({ digest, format })
        const other = new PolicyState({ digest, format })
        for (const [at, { text }] of steps.entries()) {
          one.apply(at + 1, text)
          other.apply(at + 1, text)
        }
        const last = textOf({ type: 'found-mesh', peer: 'z' }, { requestId: 'request-of-one-only' })
        one.apply(steps.length + 1, last)
        assert.notEqual(one.hash, other.hash)
      }),
      { numRuns: 30 },
    )
  })

  test('keep the promises of the rules, whatever the commands', () => {
    fc.assert(
      fc.property(log, steps => {
        const state = new PolicyState({ digest, format })
        for (const [at, { text }] of steps.entries()) state.apply(at + 1, text)
        for (const resource of state.table.all()) checkNames(state, resource)
        const peers = [...state.table.ofKind('roster')]
        const nodeIds = new Set(peers.map(({ spec }) => spec['nodeId']))
        assert.equal(nodeIds.size, peers.length, 'no two peers have one id')
        assert.isAbove(nodeIds.size, 0, 'a founded mesh keeps a member')
      }),
      { numRuns: 200 },
    )
  })
})
