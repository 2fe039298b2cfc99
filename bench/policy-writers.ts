/**
 * Clients that change the policy without end, at any peer that runs, and remember what was
 * acknowledged and when.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { GroupPeer } from './peer-group.ts'

const WRITER_COUNT = 4

/** Of each writer, so that as many names fit as the policy has room for. */
const PAUSE_MS = 60

/** Longer than a peer itself waits for a majority. */
const WRITE_MAX_MS = 8_000

const READ_MAX_MS = 30_000

/** After a refusal: the next peer may be better. */
const REFUSED_PAUSE_MS = 50

const listAnswer = z.object({ items: z.array(z.object({ name: z.string() })) })

export class PolicyWriters {
  readonly #peers: () => readonly GroupPeer[]
  readonly #acknowledged: string[] = []
  readonly #acknowledgedAtMs: number[] = []
  #refusedCount = 0
  #running: readonly Promise<void>[] = []
  #isStopped = false

  constructor(peers: () => readonly GroupPeer[]) {
    this.#peers = peers
  }

  /** Names of the resources that were stored, for all that a client is told. */
  get acknowledged(): readonly string[] {
    return this.#acknowledged
  }

  get refusedCount(): number {
    return this.#refusedCount
  }

  start(): void {
    this.#running = Array.from({ length: WRITER_COUNT }, (_, writer) => this.#write(writer))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#running)
  }

  /** Resolves when a write is acknowledged at or after `atMs`. */
  async acknowledgedSince(atMs: number, deadlineMs: number): Promise<void> {
    const deadline = AbortSignal.timeout(deadlineMs)
    while ((this.#acknowledgedAtMs.at(-1) ?? 0) < atMs) {
      await sleep(10, undefined, { signal: deadline })
    }
  }

  /** Between two acknowledgements since, the time before the first included. */
  longestGapMs(sinceMs: number): number {
    const times = [sinceMs, ...this.#acknowledgedAtMs.filter(atMs => atMs >= sinceMs)]
    return Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs)))
  }

  /** What the peer has, once it knows all that was agreed on. */
  async read({ http }: GroupPeer): Promise<readonly string[]> {
    const response = await fetch(`${http}/mesh/v1/policy/tenants?linearizable=true`, {
      signal: AbortSignal.timeout(READ_MAX_MS),
    })
    const { items } = listAnswer.parse(await response.json())
    return items.map(({ name }) => name)
  }

  async #write(writer: number): Promise<void> {
    for (let number = 0; !this.#isStopped; number += 1) {
      const peers = this.#peers()
      const peer = peers[(writer + number) % peers.length]
      const name = `w${writer}-${number}`
      const isStored = peer !== undefined && (await put(peer, name))
      if (isStored) {
        this.#acknowledged.push(name)
        this.#acknowledgedAtMs.push(performance.now())
      } else this.#refusedCount += 1
      await sleep(isStored ? PAUSE_MS : REFUSED_PAUSE_MS)
    }
  }
}

/** A peer that was just killed is a refusal, too. */
async function put({ http }: GroupPeer, name: string): Promise<boolean> {
  try {
    const response = await fetch(`${http}/mesh/v1/policy/tenants/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify({ spec: {} }),
      signal: AbortSignal.timeout(WRITE_MAX_MS),
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
