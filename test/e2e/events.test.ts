/**
 * `skein events --follow`, a real process, of a real mesh in which a peer joins and leaves.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, assert, test } from 'vitest'
import { environment, RealPeers, runSkein } from './real-peers.ts'

const DEADLINE_MS = 15_000

const peers = new RealPeers()
let follower: ChildProcess | undefined

afterAll(async () => {
  follower?.kill('SIGKILL')
  await peers.close()
})

interface SeenEvent {
  readonly id: string
  readonly event: string
  readonly facts: { readonly peer?: string }
}

test('skein events --follow sees a peer join and leave, and ends with 0 at Ctrl-C', async () => {
  const first = await peers.up('--engine', 'none', '--name', 'first')
  const args = ['events', '--follow', '--json', '--node', first.ready.http]
  const child = spawn(process.execPath, [resolve('bin/skein.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  })
  follower = child
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const late = once(deadline, 'abort').then(() => assert.fail(`not within ${DEADLINE_MS} ms`))
  // It passes after the end of the test too.
  late.catch(() => {})

  /** The next of these events about a peer. */
  async function eventOf(peer: string, names: readonly string[]): Promise<SeenEvent> {
    for (;;) {
      const { value } = await Promise.race([lines.next(), late])
      const seen = JSON.parse(value as string) as SeenEvent
      if (seen.facts.peer === peer && names.includes(seen.event)) return seen
    }
  }

  const second = await peers.join(first.ready.ticket, '--engine', 'none', '--name', 'second')
  const { peerId } = second.ready
  const joined = await eventOf(peerId, ['peer-joined', 'peer-alive'])
  await second.process.stop()
  const left = await eventOf(peerId, ['peer-left'])

  child.kill('SIGINT')
  const [exitCode] = await Promise.race([once(child, 'exit'), late])
  assert.equal(exitCode, 0)

  const listed = await runSkein('events', '--json', '--node', first.ready.http)
  const ids = listed.events.map(({ id }) => id)
  assert.includeMembers(ids, [joined.id, left.id])
})
