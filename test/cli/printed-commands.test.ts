/**
 * Commands that a command prints work as they stand: they ask the same peer, in the same way.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { shellWord } from '../../src/cli/shell-word.ts'
import { type Respond, runSkein, type World } from './run-skein.ts'
import { DECISION } from './sample-decision.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-printed-'))
afterAll(() => rmSync(folder, { recursive: true }))

const keyFile = join(folder, 'my keys')
writeFileSync(keyFile, 'sk-12345678\n')

function answering(decisionId: string): Respond {
  return () =>
    new Response('data: {"choices":[]}\n\ndata: [DONE]\n\n', {
      headers: { 'x-skein-decision': decisionId },
    })
}

async function printed(flags: readonly string[], world: World = {}): Promise<string> {
  const respond = answering(DECISION.id)
  const { stderr } = await runSkein(['chat', 'Hi?', '--model', 'm', ...flags], {
    respond,
    ...world,
  })
  return stderr
}

describe('after an answer of', () => {
  const { id } = DECISION
  const elsewhere = 'http://gpu1:7733'

  test('the peer of this machine, `skein why` needs no more than the id', async () => {
    assert.equal(await printed([]), `(why there: skein why ${id})\n`)
  })

  test('another peer, it names that one, wherever its name came from', async () => {
    const told = `(why there: skein why ${id} --node ${elsewhere})\n`
    assert.equal(await printed(['--node', elsewhere]), told)
    assert.equal(await printed([], { variables: { SKEIN_NODE: elsewhere } }), told)
  })

  test('the peer of this machine though the environment names another, it says so', async () => {
    const flags = ['--node', 'http://127.0.0.1:7733']
    assert.equal(
      await printed(flags, { variables: { SKEIN_NODE: elsewhere } }),
      `(why there: skein why ${id} --node http://127.0.0.1:7733)\n`,
    )
  })

  test('a peer that wants a key, it names the file, not the key', async () => {
    assert.equal(
      await printed(['--api-key-file', keyFile]),
      `(why there: skein why ${id} --api-key-file '${keyFile}')\n`,
    )
  })

  test('a peer with an evil id, nothing in it is a command of the shell', async () => {
    assert.equal(
      await printed([], { respond: answering('$(reboot)') }),
      "(why there: skein why '$(reboot)')\n",
    )
  })
})

test('whoever called us through npm is told to do so again', async () => {
  const variables = { npm_command: 'exec' }
  const respond: Respond = () => Response.json({ ticket: 'skein1new' })
  const { stdout } = await runSkein(['invite'], { respond, variables })
  assert.equal(stdout, 'npx skein join skein1new\n')
  assert.match(await printed([], { variables }), /^\(why there: npx skein why /)
})

test('a word of a shell is the same word again', () => {
  assert.equal(shellWord('/a/b.c-d'), '/a/b.c-d')
  assert.equal(shellWord("it's"), "'it'\\''s'")
  assert.equal(shellWord(''), "''")
})
