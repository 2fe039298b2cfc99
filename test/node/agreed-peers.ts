/**
 * Whole peers in memory that agree on a policy: a founder, and those it has admitted.
 */
import type { Operation } from '../../src/consensus/policy/command.ts'
import type { MemoryPeers, TestPeer, TestPeerInit } from './memory-peers.ts'

const TICKET = 'a1b2c3d4e5f60718'
const HASH = '0123456789abcdef0123456789abcdef'

type Three<Value> = readonly [Value, Value, Value]

export const put = (kind: string, name: string, spec: object): Operation => ({
  type: 'put',
  kind,
  name,
  schemaVersion: 1,
  spec: spec as never,
})

/** A founder, which leads, and two that it has admitted; all know the roster. */
export async function agreedPeers(
  mesh: MemoryPeers,
  [founder, ...others]: Three<TestPeerInit>,
): Promise<Three<TestPeer>> {
  const started = await mesh.startMesh({ ...founder, isFounder: true }, ...others)
  const [a, b, c] = started as unknown as Three<TestPeer>
  await mesh.until(() => a.peer.agreement.status().role === 'leader')
  const expiresAtMs = mesh.clock.wallMs() + 86_400_000
  await change(mesh, a, put('tickets', TICKET, { hash: HASH, usesLeft: 2, expiresAtMs }))
  for (const { id } of [b, c]) {
    await change(mesh, a, { type: 'admit-peer', peer: id, ticket: TICKET, ticketHash: HASH })
  }
  await everyone(mesh, [a, b, c], ({ peer }) => peer.policy.list('roster', {}).length === 3)
  return [a, b, c]
}

/** Time must pass for it to be agreed on. */
export async function change(mesh: MemoryPeers, { peer }: TestPeer, operation: Operation) {
  let isDone = false
  const changing = peer.policy.change(operation, { author: 'key:ops' }).finally(() => {
    isDone = true
  })
  const ended = changing.catch((error: unknown) => error)
  await mesh.until(() => isDone)
  const result = await ended
  if (result instanceof Error) throw result
  return await changing
}

export const everyone = (
  mesh: MemoryPeers,
  peers: readonly TestPeer[],
  condition: (peer: TestPeer) => boolean,
) => mesh.until(() => peers.every(condition))
