/**
 * Starts that cannot work, as a person types them: an error in words, a hint, an exit code, and
 * nothing of the libraries beneath.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { type Ended, runSkein } from './real-peers.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-wrong-start-'))
const file = join(folder, 'file')
writeFileSync(file, 'short\n')
const taken = createServer().listen(0, '127.0.0.1')
afterAll(() => {
  taken.close()
  rmSync(folder, { recursive: true })
})

/** Its defaults listen on free ports of loopback and take no engine; `flags` add to them. */
function up(given: Readonly<Record<string, string>>): Promise<Ended> {
  const flags = {
    'data-dir': join(folder, 'data'),
    'http-port': '0',
    'p2p-host': '127.0.0.1',
    'p2p-port': '0',
    engine: 'none',
    ...given,
  }
  return runSkein('up', ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`))
}

async function takenPort(): Promise<string> {
  if (!taken.listening) await once(taken, 'listening')
  const address = taken.address()
  assert.ok(typeof address === 'object' && address !== null)
  return String(address.port)
}

describe('skein up', () => {
  const cases = [
    {
      rule: 'a p2p port that is taken',
      flags: async () => ({ 'p2p-port': await takenPort() }),
      exitCode: 1,
      says: /^skein: expected to listen for other peers on TCP port \d+ of 127\.0\.0\.1, found another process there\nhint: .*--p2p-port.*\n$/,
    },
    {
      rule: 'a p2p host that is a name',
      flags: async () => ({ 'p2p-host': 'gpu1.local' }),
      exitCode: 2,
      says: /^skein: wrong configuration: p2p\.host: expected an IPv4 or IPv6 address .*, found "gpu1\.local" \(flag --p2p-host\)\nhint: .*\n$/,
    },
    {
      rule: 'a data folder that is a file',
      flags: async () => ({ 'data-dir': file }),
      exitCode: 1,
      says: /^skein: expected to make the data folder .*, found a file where a folder must be\nhint: .*--data-dir\.\n$/,
    },
    {
      rule: 'a key file with a short key',
      flags: async () => ({ 'api-key-file': file }),
      exitCode: 2,
      says: /^skein: expected an API key .* in line 1 of .*, found 5 characters\nhint: .*\n$/,
    },
  ]
  for (const { rule, flags, exitCode, says } of cases) {
    test(`with ${rule} ends with ${exitCode} and two lines`, async () => {
      const ended = await up(await flags())
      assert.match(ended.stderr, says)
      assert.equal(ended.exitCode, exitCode)
    })
  }
})
