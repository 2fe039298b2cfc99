/**
 * Listening for other peers where that cannot be: told in words, without the libraries' own.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import { createNode } from '../../../src/node/libp2p/create-node.ts'
import { listenError } from '../../../src/node/libp2p/listen-error.ts'

/** The error of a real node that shall listen there. */
async function errorAt(address: string): Promise<MeshError> {
  const privateKey = await generateKeyPair('Ed25519')
  const identity = { privateKey, peerId: peerIdFromPrivateKey(privateKey).toString() }
  const error = await createNode({ identity, listen: [address], announce: [], services: {} }).then(
    () => new Error('it listens'),
    (cause: unknown) => cause,
  )
  assert.ok(error instanceof MeshError, String(error))
  assert.equal(error.code, 'ERR_LISTEN')
  return error
}

describe('a node', () => {
  test('that finds its port taken says so', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    try {
      const { message, hint } = await errorAt(`/ip4/127.0.0.1/tcp/${address.port}`)
      assert.equal(
        message,
        `expected to listen for other peers on TCP port ${address.port} of 127.0.0.1, found another process there`,
      )
      assert.include(hint, '--p2p-port')
    } finally {
      server.close()
    }
  })

  test('that shall listen on an address of another machine says so', async () => {
    // TEST-NET-3, RFC 5737: nobody has it.
    const { message, hint } = await errorAt('/ip4/203.0.113.7/tcp/0')
    assert.match(message, /found that this machine has no address 203\.0\.113\.7$/)
    assert.include(hint, '--p2p-host')
  })

  test('that cannot read its address says so in one line', async () => {
    const { message } = await errorAt('/ip4/999.1.1.1/tcp/0')
    assert.match(message, /^expected to listen .* of 999\.1\.1\.1, found Invalid .*$/)
  })
})

test('a port of the system and a reason nobody knows are told in one line', () => {
  const told = (reason: string) => listenError(['/ip6/::/tcp/80'], new Error(reason))
  const refused = told(
    'Some addresses…\n\n  /ip6/::/tcp/80: Error: listen EACCES: denied :::80\n at x',
  )
  assert.match(refused.message, /port 80 of ::, found that this user may not use port 80$/)
  assert.include(refused.hint, 'above 1023')
  assert.match(told('listen EMFILE: many').message, /found EMFILE$/)
  assert.isBelow(told(`${'x'.repeat(900)}\nstack`).message.length, 400)
})
