/**
 * A host that vanishes: its packets are dropped on the way, no connection is closed, and nobody
 * says anything. Real peers in network namespaces; skipped where those cannot be made.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, assert, test } from 'vitest'
import { type Child, parsedLine, startChild } from '../../bench/child-process.ts'
import { StatusWatch } from '../../bench/status-watch.ts'
import { Namespaces, namespacesRefusal } from './namespaces.ts'

const HOST_COUNT = 3

/** Dead within 6 s is the goal; a test on a busy machine is given more. */
const DEAD_MAX_MS = 10_000
/** A dead peer is dialled every 15 s. */
const ALIVE_MAX_MS = 40_000
const START_MAX_MS = 30_000
const TEST_MAX_MS = 150_000

const folder = mkdtempSync(join(tmpdir(), 'skein-vanished-'))
const children: Child[] = []
let namespaces: Namespaces | undefined

afterAll(async () => {
  await Promise.all(children.map(child => child.kill()))
  namespaces?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A peer on a host; what it says of others goes to `watch`. @returns its id. */
async function startPeer(hosts: Namespaces, watch: StatusWatch, index: number): Promise<string> {
  const ticket = children[0]?.ready['ticket']
  const [program, ...prefix] = hosts.command(index)
  const lines: string[] = []
  let read = (line: string): void => void lines.push(line)
  const child = await startChild({
    name: `the peer on host ${index}`,
    program,
    args: [
      ...[...prefix, process.execPath, resolve('bin/skein.js')],
      ...(ticket === undefined ? ['up'] : ['join', String(ticket)]),
      ...['--json', '--engine', 'none', '--name', `host-${index}`],
      ...['--p2p-host', hosts.address(index), '--data-dir', join(folder, `host-${index}`)],
    ],
    readyMaxMs: START_MAX_MS,
    onLine: line => read(line),
  })
  children.push(child)
  const id = String(child.ready['peerId'])
  read = line => {
    const printed = parsedLine(line)
    const status = /^peer-(alive|suspect|dead|left)$/.exec(String(printed?.['event']))?.[1]
    if (status !== undefined) watch.note(id, String(printed?.['peer']), status)
  }
  for (const line of lines) read(line)
  return id
}

test(
  'a host whose packets vanish is dead to the others in seconds, and alive when it is back',
  async ({ skip }) => {
    const refusal = namespacesRefusal()
    skip(refusal !== undefined, refusal)
    const hosts = new Namespaces(HOST_COUNT)
    namespaces = hosts
    const watch = new StatusWatch()
    const ids: string[] = []
    for (let index = 0; index < HOST_COUNT; index += 1) {
      ids.push(await startPeer(hosts, watch, index))
    }
    const [first = '', second = '', vanishing = ''] = ids
    const others = [first, second]
    await watch.allBelieve(others, { subject: vanishing, status: 'alive' }, START_MAX_MS)

    const cutAtMs = performance.now()
    hosts.cut(HOST_COUNT - 1)
    const deadAtMs = await watch.allBelieve(
      others,
      { subject: vanishing, status: 'dead' },
      2 * DEAD_MAX_MS,
    )
    console.log(`dead to all others ${Math.round(deadAtMs - cutAtMs)} ms after it vanished`)
    assert.isBelow(deadAtMs - cutAtMs, DEAD_MAX_MS)

    const healAtMs = performance.now()
    hosts.heal()
    const alive = { subject: vanishing, status: 'alive' }
    const aliveAtMs = await watch.allBelieve(others, alive, ALIVE_MAX_MS)
    console.log(`alive to all others ${Math.round(aliveAtMs - healAtMs)} ms after it was back`)
    for (const subject of others) {
      await watch.allBelieve([vanishing], { subject, status: 'alive' }, ALIVE_MAX_MS)
    }
  },
  TEST_MAX_MS,
)
