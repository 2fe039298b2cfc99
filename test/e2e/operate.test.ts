/**
 * A mesh of real processes run as docs/guide/operate.md says: it grows, is steered, loses the majority
 * of its voters, and goes on.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import { z } from 'zod'
import { type Result, runSkein } from '../cli/run-skein.ts'
import { eventually, type RealPeer, RealPeers } from './real-peers.ts'

const CONSENT = '--i-understand-that-unconfirmed-changes-are-lost'

const folder = mkdtempSync(join(tmpdir(), 'skein-operate-'))

/** What would else be waited for. */
const config = join(folder, 'config.json')
writeFileSync(config, '{ "consensus": { "voterStableAfterMs": 0, "writeTimeoutMs": 1500 } }')

const NO_ENGINE = ['--engine', 'none', '--config', config] as const
const peers = new RealPeers()
let mesh: RealPeer[]

/** Longer than a peer takes to become a voter. */
const GROWN_WITHIN_MS = 60_000

const raft = z.object({ leader: z.string().nullable(), voters: z.array(z.unknown()) })

/** The command, asked at a real peer. */
async function skein(peer: RealPeer, ...words: readonly string[]): Promise<Result> {
  const args = [...words, '--node', peer.ready.http]
  return await runSkein(args, { respond: request => fetch(request) })
}

async function told(peer: RealPeer, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await skein(peer, ...words)
  assert.equal(exitCode, 0, `${words.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

function hasVoters(peer: RealPeer, count: number): Promise<unknown> {
  const ask = async () => raft.parse(JSON.parse(await told(peer, 'raft', 'status', '--json')))
  return eventually(
    ask,
    view => view.voters.length === count && view.leader !== null,
    GROWN_WITHIN_MS,
  )
}

async function aliasesAt(peer: RealPeer): Promise<string> {
  return await told(peer, 'policy', 'get', 'aliases', '--fresh', '-o', 'json')
}

beforeAll(async () => {
  const first = await peers.up(...NO_ENGINE, '--name', 'gpu1')
  const { ticket } = first.ready
  const others = await Promise.all(
    ['gpu2', 'gpu3'].map(name => peers.join(ticket, ...NO_ENGINE, '--name', name)),
  )
  mesh = [first, ...others]
  await hasVoters(first, 3)
}, 120_000)

afterAll(async () => {
  await peers.close()
  rmSync(folder, { recursive: true })
})

describe('a mesh of three is steered from any of them:', () => {
  const path = join(folder, 'policy.yaml')
  const yaml = (weight: number) =>
    `kind: aliases\nname: chat\nspec: { targets: [{ model: a, weight: ${weight} }] }\n` +
    '---\nkind: tenants\nname: acme\n'

  test('what a file says is applied once, and everybody has it', async () => {
    const [first, second, third] = mesh as [RealPeer, RealPeer, RealPeer]
    writeFileSync(path, yaml(90))
    assert.equal((await skein(second, 'policy', 'diff', '-f', path)).exitCode, 1)
    const done = await told(second, 'policy', 'apply', '-f', path)
    assert.match(done, /^created {4}aliases\/chat\n/)
    assert.equal(
      await told(third, 'policy', 'apply', '-f', path),
      'unchanged  aliases/chat\nunchanged  tenants/acme\n',
    )
    assert.equal((await skein(first, 'policy', 'diff', '-f', path)).exitCode, 0)
    writeFileSync(path, yaml(80))
    assert.include(
      await told(third, 'policy', 'apply', '-f', path),
      'updated    aliases/chat\n  ~ spec.targets[0].weight: 90 → 80\n',
    )
    assert.include(await aliasesAt(first), '"weight":80')
  })

  test('a change of what somebody has changed meanwhile is refused', async () => {
    const [first] = mesh as [RealPeer]
    const late = await skein(first, 'policy', 'delete', 'aliases', 'chat', '--revision', '1')
    assert.equal(late.exitCode, 1)
    assert.include(late.stderr, 'expected aliases/chat at revision 1')
  })

  test('tenants, quotas, pins, drains and aliases are made and taken back', async () => {
    const [, second] = mesh as [RealPeer, RealPeer]
    const lines = [
      'tenants create beta --priority high',
      'quota set tenant:beta --requests 600 --tokens 200000',
      'quota set tenant:beta --tokens 50000000 --per 1d',
      'quota list',
      'quota delete tenant:beta',
      'tenants delete beta',
      'pin meta/llama:7b --to gpu1 --to gpu2',
      'unpin meta/llama:7b',
      'drain gpu3 --reason upgrade',
      'undrain gpu3',
      'alias set small tiny:90 toy --fallback chat',
      'alias list',
      'alias delete small',
      'policy log --limit 5',
    ]
    for (const line of lines) await told(second, ...line.split(' '))
  })

  test('another one leads when it is told to', async () => {
    const [, second] = mesh as [RealPeer, RealPeer]
    await told(second, 'raft', 'transfer', 'gpu2')
    const ask = async () => raft.parse(JSON.parse(await told(second, 'raft', 'status', '--json')))
    await eventually(ask, ({ leader }) => leader === second.ready.peerId)
  })

  test('what is watched is told as it happens, from where one wants', async () => {
    const [first, , third] = mesh as [RealPeer, RealPeer, RealPeer]
    let raise = () => {}
    const watching = runSkein(['policy', 'watch', '--from', '1', '--node', third.ready.http], {
      respond: request => fetch(request),
      onStart: signal => {
        raise = () => signal('SIGINT')
      },
      onWrite: text => {
        if (text.includes('tenants/watched')) raise()
      },
    })
    await told(first, 'tenants', 'create', 'watched')
    const { exitCode, stdout } = await watching
    assert.equal(exitCode, 0)
    assert.include(stdout, 'tenants/watched')
  })
})

describe('when two of three are lost for good', () => {
  test('the one that is left goes on alone, in another mesh with the same policy', async () => {
    const [first, second, third] = mesh as [RealPeer, RealPeer, RealPeer]
    const before = await aliasesAt(third)
    await Promise.all([first, second].map(({ process }) => process.kill()))
    const refused = await skein(third, 'tenants', 'create', 'nobody')
    assert.include(refused.stderr, 'expected a majority of the voters to agree')

    await third.process.stop()
    const at = ['--data-dir', third.dataDir, '--json']
    const recovered = await runSkein(['raft', 'recover', ...at, CONSENT])
    assert.equal(recovered.exitCode, 0, recovered.stderr)
    const alone = await peers.again(third.dataDir, ...NO_ENGINE, '--name', 'gpu3')
    assert.notEqual(alone.ready.meshId, third.ready.meshId)
    assert.equal(alone.ready.peerId, third.ready.peerId)
    const items = (text: string) => (JSON.parse(text) as { items: unknown }).items
    assert.deepEqual(items(await aliasesAt(alone)), items(before))
    await told(alone, 'tenants', 'create', 'after')
    mesh = [first, second, alone]
  }, 60_000)

  test('an old voter that comes back as it was is no part of it, until it joins anew', async () => {
    const [first, , alone] = mesh as [RealPeer, RealPeer, RealPeer]
    const back = await peers.again(first.dataDir, ...NO_ENGINE, '--name', 'gpu1')
    const { stderr } = await skein(back, 'tenants', 'create', 'old')
    assert.include(stderr, 'expected a majority of the voters to agree')
    assert.notInclude(await told(alone, 'tenants', 'list'), 'old')
    assert.include(await told(alone, 'peers', 'list'), 'never seen')
    await back.process.stop()

    const { ticket } = alone.ready
    const early = await runSkein(['raft', 'forget', '--data-dir', first.dataDir])
    assert.equal(early.exitCode, 0, early.stderr)
    const anew = await peers.join(ticket, '--data-dir', first.dataDir, ...NO_ENGINE)
    assert.equal(anew.ready.peerId, first.ready.peerId)
    assert.equal(anew.ready.meshId, alone.ready.meshId)
    assert.include(await told(anew, 'tenants', 'list'), 'after')
  }, 60_000)
})
