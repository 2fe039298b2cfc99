/**
 * Four peers in a storm: links are cut and healed, clients leave, engines fail, in an order that a
 * seed decides. Whatever happened, every request ends, and when the storm is over all is well.
 */
import { assert, describe, test } from 'vitest'
import { Random } from '../../src/core/random.ts'
import { answerOf, endlessAnswer, type FakeRuntime, MODEL, never, textOf } from './fake-runtime.ts'
import { MemoryPeers, seen, type TestPeer } from './memory-peers.ts'
import { failure, request, STAY } from './router-scene.ts'
import { turns } from './until.ts'

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)

const STEPS = 60

/** How an engine answers: well, not at all, half, or with an error. */
const answers: readonly FakeRuntime['answer'][] = [
  async () => answerOf('hello'),
  (_, signal) => never(signal),
  async (_, signal) => endlessAnswer(signal),
  () => Promise.reject(failure('ERR_ENGINE')),
  () => Promise.reject(failure('ERR_OVERLOADED', { retryAfterMs: 10 })),
  async () => answerOf('half ', failure('ERR_ENGINE')),
]

class Storm {
  readonly #random: Random
  readonly #mesh: MemoryPeers
  readonly #peers: readonly TestPeer[]
  readonly #clients = new Set<AbortController>()
  readonly #asked: Promise<unknown>[] = []

  constructor(random: Random, mesh: MemoryPeers, peers: readonly TestPeer[]) {
    this.#random = random
    this.#mesh = mesh
    this.#peers = peers
  }

  async step(): Promise<void> {
    const [a, b] = [this.#any(this.#peers), this.#any(this.#peers)]
    const steps = [
      () => (a === b ? undefined : this.#mesh.world.cut(a.id, b.id)),
      () => this.#mesh.world.heal(a.id, b.id),
      () => this.#mesh.world.breakStreams(a.id, b.id),
      () => this.#ask(a),
      () => this.#ask(b),
      () => this.#any([...this.#clients, new AbortController()]).abort(),
      () => {
        a.runtime.answer = this.#any(answers)
      },
      () => this.#mesh.pass(this.#random.nextIndex(3_000)),
      () => turns(this.#random.nextIndex(4)),
    ]
    await this.#any(steps)()
  }

  /** All links are whole, all clients gone, all engines well. */
  async end(): Promise<void> {
    for (const a of this.#peers) {
      a.runtime.answer = async () => answerOf('hello')
      for (const b of this.#peers) this.#mesh.world.heal(a.id, b.id)
    }
    for (const client of this.#clients) client.abort()
    await Promise.all(this.#asked)
  }

  #ask({ peer }: TestPeer): void {
    const client = new AbortController()
    this.#clients.add(client)
    const reading = peer.dispatch(request, client.signal).then(textOf)
    this.#asked.push(reading.catch(() => {}).finally(() => this.#clients.delete(client)))
  }

  #any<Value>(values: readonly Value[]): Value {
    return values[this.#random.nextIndex(values.length)] as Value
  }
}

describe('after a storm', () => {
  for (const seed of SEEDS) {
    test(`nothing is left open and everyone is back (seed ${seed})`, async () => {
      const mesh = new MemoryPeers(seed)
      const serving = { models: [MODEL] }
      const peers = await mesh.startMesh({}, serving, serving, {})
      const storm = new Storm(new Random(seed), mesh, peers)
      for (let step = 0; step < STEPS; step += 1) await storm.step()
      await storm.end()
      await turns(10)

      for (const { peer, runtime } of peers) {
        const pending = peer.decisions(1_000).filter(({ outcome }) => outcome === 'pending')
        assert.lengthOf(pending, 0)
        assert.equal(runtime.runningCount, 0)
      }
      const isWhole = (a: TestPeer) =>
        peers.every(b => a === b || (seen(a, b)?.isConnected && seen(a, b)?.status === 'alive'))
      await mesh.until(() => peers.every(isWhole))
      await mesh.pass(10_000)
      for (const { peer } of peers) {
        assert.equal(await textOf(await peer.dispatch(request, STAY)), 'hello')
      }
      assert.deepEqual(mesh.fatal, [])

      for (const { peer } of peers) await peer.close()
      assert.equal(mesh.clock.wakeCount, 0)
    })
  }
})
