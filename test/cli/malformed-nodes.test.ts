/**
 * A list of nodes in which one cannot be read is shown without it, and says so.
 */
import { assert, describe, test } from 'vitest'
import { runSkein } from './run-skein.ts'

const LOAD = { models: [], gpus: [], isDraining: false }

const nodeOf = (peer: string, load: object = LOAD) => ({
  ...{ peer, isSelf: false, status: 'alive', incarnation: 1 },
  ...{ load, ageMs: 0, isConnected: true, path: 'direct' },
})

const malformed = { ...LOAD, models: [{ model: 'toy', queuedCount: 'many' }] }

const nodes = [nodeOf('peer-b'), nodeOf('peer-\u001bc', malformed), nodeOf('peer-a')]

const EMPTY = { items: [], nextCursor: null, revision: 1 }

const respond = ({ url }: { readonly url: string }) =>
  Response.json(new URL(url).pathname === '/mesh/v1/nodes' ? { nodes } : EMPTY)

describe('a node that cannot be read', () => {
  for (const command of ['nodes', 'gpus']) {
    test(`is named by \`skein ${command}\`, which shows the others`, async () => {
      const { exitCode, stdout, stderr } = await runSkein([command, '--json'], { respond })
      assert.equal(exitCode, 0)
      assert.equal(
        stderr,
        'peer-\ufffdc is left out: its `load.models.0.queuedCount` is missing or another thing\n',
      )
      const shown = JSON.parse(stdout) as { readonly nodes: readonly { readonly peer: string }[] }
      assert.deepEqual(
        shown.nodes.map(({ peer }) => peer),
        ['peer-a', 'peer-b'],
      )
    })
  }

  test('is named by `skein peers list`', async () => {
    const { exitCode, stderr } = await runSkein(['peers', 'list'], { respond })
    assert.equal(exitCode, 0)
    assert.match(stderr, /^peer-\ufffdc is left out/)
  })
})
