/**
 * The flags of `up`, `join` and `config show`: short names for the options that a person sets by
 * hand. Every other option is set in the file or the environment.
 */
import type { ConfigSources } from '../node/config/config.ts'
import type { FlagSetting } from '../node/config/config-sources.ts'
import type { FlagSpec, Flags, FlagValues } from './command.ts'
import type { Io } from './io.ts'

/** Flag → the option it sets, as `section.option`. */
const OPTION_OF = {
  'data-dir': 'node.dataDir',
  'http-port': 'ingress.port',
  'http-host': 'ingress.host',
  'p2p-port': 'p2p.port',
  'p2p-host': 'p2p.host',
  engine: 'engines.list',
  model: 'embedded.modelPath',
  name: 'node.name',
  zone: 'node.zone',
  'api-key-file': 'ingress.apiKeyPath',
  'log-level': 'node.logLevel',
  'record-events': 'recording.eventsPath',
} as const

const optionFlags = {
  'data-dir': {
    type: 'string',
    value: 'FOLDER',
    meaning: 'Identity and state of this peer. Default: ~/.skein.',
  },
  'http-port': {
    type: 'string',
    value: 'PORT',
    meaning: 'Port of the endpoint for clients; 0 takes any free one. Default: 7733.',
  },
  'http-host': {
    type: 'string',
    value: 'HOST',
    meaning: 'Address of the endpoint. Default: 127.0.0.1; others need --api-key-file.',
  },
  'p2p-port': {
    type: 'string',
    value: 'PORT',
    meaning: 'Port for other peers; 0 takes any free one. Default: 7734.',
  },
  'p2p-host': {
    type: 'string',
    value: 'HOST',
    meaning: 'Address for other peers. Default: 0.0.0.0.',
  },
  engine: {
    type: 'string',
    multiple: true,
    value: 'embedded|none|URL',
    meaning: 'Engine to use. Default: those found on this machine, else the embedded one.',
  },
  model: { type: 'string', value: 'GGUF', meaning: 'Model file for the embedded engine.' },
  name: {
    type: 'string',
    value: 'NAME',
    mayBeEmpty: true,
    meaning: 'Name of this peer for people. Default: that of the host.',
  },
  zone: {
    type: 'string',
    value: 'ZONE',
    mayBeEmpty: true,
    meaning: 'Site or rack of this machine.',
  },
  'api-key-file': {
    type: 'string',
    value: 'FILE',
    meaning: 'Keys that clients must present, one per line.',
  },
  'log-level': {
    type: 'string',
    value: 'LEVEL',
    meaning: 'debug, info, warn, error or silent. Default: warn.',
  },
  'record-events': {
    type: 'string',
    value: 'FILE',
    meaning: 'Write down what the scheduler hears and does, for `skein sim replay`.',
  },
} as const satisfies Record<keyof typeof OPTION_OF, FlagSpec>

export const peerFlags = {
  ...optionFlags,
  config: {
    type: 'string',
    value: 'FILE',
    meaning: 'Configuration file. Default: config.json in the data folder, if there is one.',
  },
  json: { type: 'boolean', meaning: 'JSON lines for programs instead of text for people.' },
} as const satisfies Flags

export type PeerFlagValues = FlagValues<typeof peerFlags>

/** Those that a command does not have are not set. */
type SomeFlagValues = { readonly [Name in keyof PeerFlagValues]?: PeerFlagValues[Name] | undefined }

export function configSources(flags: SomeFlagValues, io: Pick<Io, 'variables'>): ConfigSources {
  const settings = new Map<string, FlagSetting>()
  for (const [name, key] of Object.entries(OPTION_OF)) {
    const value = flags[name as keyof typeof OPTION_OF]
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined
    if (value === undefined || !isGiven) continue
    settings.set(key, { flag: `--${name}`, value })
  }
  return { variables: io.variables, file: flags.config, flags: settings }
}
