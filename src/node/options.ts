/**
 * Options of the peer itself: its folder and name, its mesh side, and which engines it uses.
 *
 * As everywhere, one declaration gives the type, the default, the bounds and the page in
 * docs/reference/config.md.
 */
import { isIP } from 'node:net'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { CHAT_TEMPLATES, ENGINE_KINDS } from './engine-kind.ts'
import { LOG_LEVELS } from './log.ts'

/** Shells expand `~` only at the start of a word, and nobody does in a JSON file. */
function expandHome(text: string): string {
  return text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : text
}

/** Path of a file or folder on this machine; `~/` is the home folder. */
export const filePath = () => z.string().min(1).max(4_096).transform(expandHome)

const port = () => z.int().min(0).max(65_535)

const LABELS =
  '`{"name": "value"}` with up to 32 names of 1 to 64 letters, digits, `.`, `_`, `-` or `/`, and ' +
  'values of up to 256 characters'

const labelsError = { error: `expected ${LABELS}` }

const labels = z
  .record(
    z.string().regex(/^[A-Za-z0-9._/-]{1,64}$/),
    z
      .string(labelsError)
      .max(256, labelsError)
      .regex(/^\P{Cc}*$/u, labelsError),
    labelsError,
  )
  .refine(given => Object.keys(given).length <= 32, labelsError)
  .meta({ expected: LABELS })

export const nodeOptions = z.strictObject({
  dataDir: filePath()
    .prefault('~/.skein')
    .describe('Folder with the identity, the mesh and a config.json. One process at a time.'),

  name: z
    .string()
    .max(64)
    .prefault('')
    .transform(name => (name === '' ? hostname().slice(0, 64) : name))
    .describe('Name for people. Empty: the name of the host.'),

  zone: z
    .string()
    .max(64)
    .default('')
    .describe('Failure domain of the machine, for example a site or a rack. Empty: not known.'),

  labels: labels
    .default({})
    .describe('Names and values of your own that other peers see, for example `{"gpu": "h200"}`.'),

  logLevel: z
    .enum(LOG_LEVELS)
    .default('warn')
    .describe(
      'Log lines below this level are not written. With `debug`, they are JSON with stacks.',
    ),

  stopTimeoutMs: z
    .int()
    .min(0)
    .max(600_000)
    .meta({ unit: 'ms' })
    .default(5_000)
    .describe('How long running requests may finish when the peer is told to stop.'),
})

const HOST = 'an IPv4 or IPv6 address of this machine, or `0.0.0.0` or `::` for all of them'

/** A zone (`fe80::1%eth0`) has no place in the multiaddr that is made of it. */
const isAddress = (text: string) => isIP(text) !== 0 && !text.includes('%')

const MULTIADDR = 'a TCP multiaddr such as `/dns4/gpu1/tcp/7734` or `/ip4/10.0.0.5/tcp/7734`'

/** Kind of host, host, port; the id of the peer itself may follow. */
const TCP_MULTIADDR =
  /^\/(ip4|ip6|dns|dns4|dns6)\/([^/\s]+)\/tcp\/(\d{1,5})(\/p2p\/12D3KooW[1-9A-HJ-NP-Za-km-z]{44})?$/

/** Peers are dialled over TCP, by address or by name. */
function isTcpMultiaddr(text: string): boolean {
  const [, kind, host = '', portText] = TCP_MULTIADDR.exec(text) ?? []
  if (kind === undefined || Number(portText) < 1 || Number(portText) > 65_535) return false
  return kind.startsWith('dns') || (isAddress(host) && isIP(host) === Number(kind.at(-1)))
}

export const p2pOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(256)
    .refine(isAddress, { error: `expected ${HOST}` })
    .meta({ expected: HOST })
    .default('0.0.0.0')
    .describe(
      'Address to listen on for other peers. `127.0.0.1`: this machine only. A host name for ' +
        'others to dial belongs into `announce`.',
    ),

  port: port()
    .default(7_734)
    .describe('TCP port for other peers; the one to open in a firewall. 0: any free one.'),

  announce: z
    .array(
      z
        .string()
        .max(256)
        .refine(isTcpMultiaddr, { error: `expected ${MULTIADDR}` }),
    )
    .max(8)
    .default([])
    .describe(
      'Multiaddrs to tell others instead of those found, for example `["/dns4/gpu1/tcp/7734"]`.',
    ),
})

const modelName = z.string().min(1).max(256)

const dollars = () => z.number().min(0).max(1_000_000)

const ENGINE = 'embedded, none or the http(s) URL of an engine'

const ENGINE_OBJECT =
  '`{"url": "http://…"}` with, where needed, `kind` (' +
  `${ENGINE_KINDS.join(', ')}), \`apiKeyPath\`, \`models\` (a list of names), \`chatTemplate\` ` +
  `(${CHAT_TEMPLATES.join(', ')}) and \`price\` ` +
  '(`{"inputPerMillion": …, "outputPerMillion": …}`)'

const engineUrl = (expected: string) =>
  z.url({ protocol: /^https?$/, error: `expected ${expected}` })

const namedEngine = z
  .strictObject({
    url: engineUrl('the http(s) URL of an engine'),
    kind: z.enum(ENGINE_KINDS).optional(),
    apiKeyPath: filePath().optional(),
    models: z.array(modelName).min(1).max(1_000).optional(),
    chatTemplate: z.enum(CHAT_TEMPLATES).optional(),
    price: z.strictObject({ inputPerMillion: dollars(), outputPerMillion: dollars() }).optional(),
  })
  .refine(({ kind, models }) => kind !== 'cloud' || models !== undefined, {
    error: 'a cloud lists hundreds of models: name those to use',
    path: ['models'],
  })
  .refine(({ kind, price }) => kind !== 'cloud' || price !== undefined, {
    error: 'a cloud has a price; 0 if it is free of charge',
    path: ['price'],
  })

/** One engine with what must be known of it; a URL alone is asked what it is. */
export type NamedEngine = z.output<typeof namedEngine>

const engine = z.union([z.enum(['embedded', 'none']), engineUrl(ENGINE), namedEngine], {
  error: ({ input }) => `expected ${typeof input === 'object' ? ENGINE_OBJECT : ENGINE}`,
})

export const enginesOptions = z
  .strictObject({
    list: z
      .array(engine)
      .max(16)
      .prefault([])
      .describe(
        'Engines to use: `embedded`, `none`, URLs of servers, or objects: ' +
          `${ENGINE_OBJECT}. A URL alone is asked what kind of engine it is. Empty: those that ` +
          '`discover` finds, else the embedded one.',
      ),

    discover: z
      .boolean()
      .default(true)
      .describe('Whether to look for engines on their usual ports if `list` is empty.'),
  })
  .refine(({ list }) => !list.includes('none') || list.length === 1, {
    error: 'none stands alone: it means that this peer has no engine',
    path: ['list'],
  })
