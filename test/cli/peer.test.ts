/**
 * `skein up`, `skein join` and `skein config show`: what they print, how they end.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import type { StopSignal } from '../../src/cli/io.ts'
import { InvariantError } from '../../src/core/assert.ts'
import { MeshError } from '../../src/core/errors.ts'
import type { StartDeps } from '../../src/node/start.ts'
import { fakePeer, jsonLines, READY, runSkein, type World } from './run-skein.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-peer-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A world in which the peer starts and a signal comes once it is ready. */
function stoppingWorld(ready = READY): World {
  let raise: (signal: StopSignal) => void = () => {}
  return {
    onStart: given => {
      raise = given
    },
    start: async () => {
      setImmediate(() => raise('SIGINT'))
      return fakePeer(ready)
    },
  }
}

describe('a peer that is ready', () => {
  test('is one JSON line for programs, then one line for each event', async () => {
    const peer = fakePeer()
    const result = await runSkein(['up', '--json'], {
      start: async () => {
        setImmediate(() => {
          peer.emit({ event: 'peer-joined', peer: 'x' })
          void peer.stop()
        })
        return peer
      },
    })

    assert.equal(result.exitCode, 0)
    assert.deepEqual(jsonLines(result), [
      {
        event: 'ready',
        peerId: READY.peerId,
        http: READY.http,
        p2p: READY.p2p,
        meshId: READY.meshId,
        ticket: READY.ticket,
        models: ['toy-15m'],
      },
      { event: 'peer-joined', peer: 'x' },
      { event: 'stopped' },
    ])
  })

  test('is told to people with the endpoint, a curl, the models and the join line', async () => {
    const { stdout, stderr } = await runSkein(['up', '--name', 'gpu1'], stoppingWorld())
    assert.equal(
      stdout,
      `Skein is up.

  Peer      gpu1 (…eerFirst) of mesh 3f2a5b6c
  Endpoint  http://127.0.0.1:40001/v1
  Engines   llama.cpp on CPU, 1 thread
  Models    toy-15m  on embedded
            Note: A toy.
  Try it    curl -H 'Content-Type: application/json' -d '{"model":"toy-15m","messages":[{"role":"user","content":"Say hello."}]}' http://127.0.0.1:40001/v1/chat/completions
  Join      skein join skein1abc

Ctrl-C stops this peer.
`,
    )
    assert.equal(stderr, 'stopping; once more ends at once\n')
  })

  test('says if the ticket is of use on this machine only', async () => {
    const p2p = ['/ip4/127.0.0.1/tcp/40002']
    const { stdout } = await runSkein(['up'], stoppingWorld({ ...READY, p2p }))
    assert.include(stdout, 'This ticket works on this machine only')
  })

  test('without a model gives a curl that lists them', async () => {
    const { stdout } = await runSkein(['up'], stoppingWorld({ ...READY, models: [], engines: [] }))
    assert.include(stdout, 'Models    none: requests go to the other peers')
    assert.include(stdout, 'curl http://127.0.0.1:40001/v1/models')
  })

  test('has a curl to a model that chats, and to one in memory if there is one', async () => {
    const model = (id: string, canChat: boolean, isReady: boolean) => ({
      ...{ id, engine: 'e', canChat, isReady },
    })
    const models = [model('embeds', false, true), model('cold', true, false)]
    const only = await runSkein(['up'], stoppingWorld({ ...READY, models }))
    assert.include(only.stdout, '{"model":"cold"')
    const more = [...models, model('warm', true, true)]
    const best = await runSkein(['up'], stoppingWorld({ ...READY, models: more }))
    assert.include(best.stdout, '{"model":"warm"')
  })

  const keyFiles = [
    { name: 'keys', text: 'sk-12345678\n', reads: 'head -1' },
    { name: 'my keys', text: '# laptop\nsk-12345678\n', reads: "grep -m1 -Ev '^ *(#|$)'" },
  ]
  for (const { name, text, reads } of keyFiles) {
    test(`with a key has a curl that reads it from "${name}" and shows no key`, async () => {
      const path = fileOf(name, text)
      const { stdout } = await runSkein(['up', '--api-key-file', path], stoppingWorld())
      const word = name.includes(' ') ? `'${path}'` : path
      assert.include(stdout, `curl -H "Authorization: Bearer $(${reads} ${word})" -H`)
      assert.notInclude(stdout, 'sk-12345678')
    })
  }

  test('shows no control characters of others', async () => {
    const can = { canChat: true, isReady: true }
    const models = [{ id: 'm', engine: 'e\u001b[2J', caution: '\u0007', ...can }]
    const { stdout } = await runSkein(['up'], stoppingWorld({ ...READY, models }))
    assert.notMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u)
  })
})

describe('the configuration of a peer', () => {
  test('comes from the flags, and the ticket is passed on', async () => {
    let seen: { config: unknown; deps: StartDeps } | undefined
    const args = ['join', 'skein1xyz', '--http-port', '0', '--p2p-host', '127.0.0.1']
    const engines = ['--engine', 'embedded', '--engine=http://127.0.0.1:11434']
    const more = ['--model', '/m.gguf', '--zone', 'attic', '--name', 'box', '--log-level', 'info']
    await runSkein([...args, ...engines, ...more], {
      start: async (config, deps) => {
        seen = { config, deps }
        const peer = fakePeer()
        await peer.stop()
        return peer
      },
    })

    assert.deepEqual(seen?.deps.command, { type: 'join', ticket: 'skein1xyz' })
    assert.deepNestedInclude(seen?.config, {
      ingress: { host: '127.0.0.1', port: 0, apiKeyPath: null },
      engines: { list: ['embedded', 'http://127.0.0.1:11434'], discover: true },
      embedded: { modelPath: '/m.gguf' },
      'node.zone': 'attic',
      'node.name': 'box',
      'node.logLevel': 'info',
      'p2p.host': '127.0.0.1',
    })
  })

  test('if wrong exits with 2 and lists every problem', async () => {
    const { exitCode, stderr } = await runSkein(['up', '--http-port', 'x', '--engine', 'y'])
    assert.equal(exitCode, 2)
    assert.equal(
      stderr,
      'skein: 2 problems in the configuration:\n' +
        '  ingress.port: expected an integer from 0 to 65535, found "x" (flag --http-port)\n' +
        '  engines.list[0]: expected embedded, none or the http(s) URL of an engine, found "y" (flag --engine)\n' +
        'hint: docs/reference/config.md has every option, the values it takes and its variable.\n',
    )
  })

  test('is shown with the source of each value', async () => {
    const file = fileOf('config.json', '{"p2p": {"port": 9}}')
    const args = ['config', 'show', '--config', file, '--zone', 'attic']
    const world = { variables: { SKEIN_NODE__STOP_TIMEOUT_MS: '7' } }
    const { stdout } = await runSkein(args, world)
    assert.match(stdout, /^OPTION +VALUE +SOURCE\n/)
    assert.match(stdout, /\nnode\.zone +"attic" +flag --zone\n/)
    assert.include(stdout.replaceAll(/ +/g, ' '), `\np2p.port 9 file ${file}\n`)
    assert.match(stdout, /\nnode\.stopTimeoutMs +7 +environment SKEIN_NODE__STOP_TIMEOUT_MS\n/)
    assert.match(stdout, /\np2p\.host +"0\.0\.0\.0" +default\n/)

    const [json] = jsonLines(await runSkein([...args, '--json'], world))
    assert.deepInclude(json?.['options'], { key: 'p2p.port', value: 9, source: `file ${file}` })
    assert.deepInclude(json?.['options'], {
      key: 'ingress.apiKeyPath',
      value: null,
      source: 'default',
    })
  })
})

describe('the end of a peer', () => {
  test('by a signal is graceful and exits with 0', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      let isStopped = false
      let raise: (signal: StopSignal) => void = () => {}
      const peer = fakePeer()
      const { exitCode, exits } = await runSkein(['up', '--json'], {
        onStart: given => {
          raise = given
        },
        start: async () => {
          setImmediate(() => raise(signal))
          const stop = async () => {
            isStopped = true
            await peer.stop()
          }
          return { ...peer, stop }
        },
      })
      assert.deepEqual({ exitCode, exits, isStopped }, { exitCode: 0, exits: [], isStopped: true })
    }
  })

  test('by a second signal is at once, but a copy of the first is no second', async () => {
    let nowMs = 0
    let raise: (signal: StopSignal) => void = () => {}
    const peer = fakePeer()
    const stop = async () => {
      nowMs = 400
      raise('SIGINT')
      assert.deepEqual(exitsAtOnce, [])
      nowMs = 401
      raise('SIGINT')
      await peer.stop()
    }
    const exitsAtOnce: number[] = []
    const { exits } = await runSkein(['up'], {
      nowMs: () => nowMs,
      onStart: given => {
        raise = given
      },
      start: async () => {
        setImmediate(() => raise('SIGINT'))
        return { ...peer, stop }
      },
    })
    assert.deepEqual(exits, [1])
  })

  test('before it is ready reaches the start and exits with 0', async () => {
    let raise: (signal: StopSignal) => void = () => {}
    const { exitCode, stdout } = await runSkein(['up', '--json'], {
      onStart: given => {
        raise = given
      },
      start: async (_, { signal }) => {
        setImmediate(() => raise('SIGTERM'))
        return await new Promise((__, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        })
      },
    })
    assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: '' })
  })

  test('by a fatal error exits with 1 and says which', async () => {
    const peer = fakePeer()
    const result = await runSkein(['up', '--json'], {
      start: async () => {
        setImmediate(() => peer.fail(new MeshError('disk is gone', { code: 'ERR_STORAGE' })))
        return peer
      },
    })
    assert.equal(result.exitCode, 1)
    assert.equal(result.stderr, 'skein: disk is gone\n')
    assert.deepEqual(jsonLines(result)[1], {
      event: 'error',
      code: 'ERR_STORAGE',
      message: 'disk is gone',
    })
  })

  test('by a failed start names the remedy of its code', async () => {
    const { exitCode, stderr } = await runSkein(['join', 'skein1old'], {
      start: async () => {
        throw new MeshError('the ticket ended at noon', { code: 'ERR_TICKET_EXPIRED' })
      },
    })
    assert.equal(exitCode, 1)
    assert.equal(
      stderr,
      'skein: the ticket ended at noon\nhint: Make a new ticket with `skein invite` on a member of the mesh.\n',
    )
  })

  test('by a bug of ours exits with 70', async () => {
    const { exitCode } = await runSkein(['up'], {
      start: async () => {
        throw new InvariantError('a log index goes backwards')
      },
    })
    assert.equal(exitCode, 70)
  })
})

describe('a log line of a peer', () => {
  const logOf = async (...flags: readonly string[]) => {
    const { stderr } = await runSkein(['up', ...flags], {
      start: async (_, { logger }) => {
        logger.warn('engine lost', { error: new Error('reset\u001b[2J') })
        const peer = fakePeer()
        await peer.stop()
        return peer
      },
    })
    return stderr
  }

  test('is one plain line for people', async () => {
    assert.equal(await logOf(), 'warn: engine lost: error="Error: reset\\u001b[2J"\n')
  })

  for (const flags of [['--json'], ['--log-level', 'debug']]) {
    test(`with ${flags.join(' ')} is JSON with the stack`, async () => {
      const { level, error } = JSON.parse(await logOf(...flags))
      assert.equal(level, 'warn')
      assert.match(error.stack, / at /)
    })
  }
})

test('a model file that cannot be used ends the start with what is wrong and what to do', async () => {
  const { exitCode, stdout, stderr } = await runSkein(['up', '--model', '/absent.gguf'], {
    start: async () => {
      throw new MeshError('expected a model file at /absent.gguf, found none', {
        code: 'ERR_MODEL_FILE',
        cause: new Error('ENOENT'),
      })
    },
  })
  assert.deepEqual(
    { exitCode, stdout, stderr },
    {
      exitCode: 1,
      stdout: '',
      stderr:
        'skein: expected a model file at /absent.gguf, found none\n' +
        'hint: Check the path that --model names.\n',
    },
  )
})

describe('progress', () => {
  const told = (...flags: readonly string[]) =>
    runSkein(['up', ...flags], {
      start: async (_, { onProgress }) => {
        onProgress('loading the model')
        throw new MeshError('no', { code: 'ERR_MODEL_FILE', hint: 'Look.' })
      },
    })

  test('is told on stderr, so that stdout stays for the result', async () => {
    const { stderr, stdout } = await told()
    assert.include(stderr, 'loading the model\n')
    assert.equal(stdout, '')
  })

  test('with --json is JSON there too, as the log lines around it', async () => {
    const { stderr, stdout } = await told('--json')
    const [line = ''] = stderr.split('\n')
    const time = '1970-01-01T00:00:00.000Z'
    assert.deepEqual(JSON.parse(line), { time, level: 'progress', message: 'loading the model' })
    assert.notInclude(stdout, 'loading')
  })
})

describe('an empty value', () => {
  const valued = ['data-dir', 'http-port', 'http-host', 'p2p-port', 'p2p-host', 'engine', 'model']
  for (const flag of [...valued, 'api-key-file', 'log-level', 'config']) {
    test(`of --${flag} ends the start with 2, as it was meant to be one`, async () => {
      const { exitCode, stderr } = await runSkein(['up', `--${flag}`, ''])
      assert.equal(exitCode, 2)
      assert.match(
        stderr,
        new RegExp(`^skein: expected \\S+ after --${flag}, found an empty text\nhint: .*\n$`),
      )
    })
  }

  test('of a name or a zone takes back what the file says', async () => {
    const file = fileOf('named.json', '{"node": {"name": "box", "zone": "attic"}}')
    const [json] = jsonLines(
      await runSkein(['config', 'show', '--json', '--config', file, '--name=', '--zone=']),
    )
    assert.deepInclude(json?.['options'], { key: 'node.zone', value: '', source: 'flag --zone' })
  })

  test('of a variable ends the start with 2', async () => {
    const variables = { SKEIN_INGRESS__API_KEY_PATH: '' }
    const { exitCode, stderr } = await runSkein(['up'], { variables })
    assert.equal(exitCode, 2)
    assert.match(stderr, /ingress\.apiKeyPath: expected a text of .*, found an empty text/)
  })
})

test('a broken configuration is not sent back to the command that found it', async () => {
  const { exitCode, stderr } = await runSkein(['config', 'show', '--http-port', 'x'])
  assert.equal(exitCode, 2)
  assert.match(stderr, /^hint: /m)
  assert.notInclude(stderr, 'config show')
})
