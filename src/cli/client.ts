/**
 * How the commands ask a running peer: its HTTP side, with a deadline, answers checked, refusals
 * turned back into the errors they were.
 */
import { z } from 'zod'
import { type ErrorCode, errorKinds, isErrorCode, MeshError } from '../core/errors.ts'
import { readKeyFile } from '../node/config/key-file.ts'
import type { Flags, FlagValues } from './command.ts'
import { usageError } from './command.ts'
import type { Io } from './io.ts'
import { shellWord } from './shell-word.ts'
import { errorBody } from './wire.ts'

const DEFAULT_NODE = 'http://127.0.0.1:7733'

/** Of every command that asks a peer. */
export const clientFlags = {
  node: {
    type: 'string',
    value: 'URL',
    meaning: `Peer to ask. Default: $SKEIN_NODE, else ${DEFAULT_NODE}.`,
  },
  'api-key-file': {
    type: 'string',
    value: 'FILE',
    meaning: 'File whose first key is sent. Default: $SKEIN_API_KEY_FILE, else none.',
  },
  json: { type: 'boolean', meaning: 'JSON for programs instead of text for people.' },
} as const satisfies Flags

/** For everything that a peer answers from its memory. */
const ANSWER_TIMEOUT_MS = 10_000

/** An answer of a model may take long, but not for ever. */
const GENERATE_TIMEOUT_MS = 3_600_000

export interface SentRequest {
  readonly method: 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** `undefined`: none. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Client {
  readonly url: string
  /** The flags with which another command asks the same peer, for a shell; often none. */
  readonly againFlags: string
  /**
   * @throws MeshError ERR_UNREACHABLE, ERR_BAD_FRAME if the answer is not what we know, or the
   * error that the peer answered.
   */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>
  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T>
  /** As `get` and `post`, of the other methods. */
  send<T>(request: SentRequest, schema: z.ZodType<T>): Promise<T>
  /** The answer itself, to be read as it comes; its status is a success. */
  stream(path: string, body: unknown, signal?: AbortSignal): Promise<Response>
  /** As `stream`, of an answer without end: only its head has a deadline. */
  follow(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response>
}

const httpUrl = z.url({ protocol: /^https?$/ })

/** @throws MeshError ERR_USAGE or ERR_CONFIG. */
export function createClient(
  io: Pick<Io, 'fetch' | 'variables'>,
  flags: Pick<FlagValues<typeof clientFlags>, 'node' | 'api-key-file'>,
): Client {
  const url = flags.node ?? setVariable(io, 'SKEIN_NODE') ?? DEFAULT_NODE
  if (!httpUrl.safeParse(url).success) {
    throw usageError(`expected the http(s) URL of a peer, found ${url}`, `Try ${DEFAULT_NODE}`)
  }
  const keyFile = flags['api-key-file'] ?? setVariable(io, 'SKEIN_API_KEY_FILE')
  const key = keyFile === undefined ? undefined : readKeyFile(keyFile)[0]
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }

  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const target = new URL(path, url)
    const response = await reach(io.fetch, target, {
      ...init,
      headers: { ...headers, ...init.headers },
    })
    if (!response.ok) throw await refusal(response, target)
    return response
  }
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })

  return {
    url,
    againFlags: againFlags({ url, keyFile, isNamed: io.variables['SKEIN_NODE'] !== undefined }),
    get: async (path, schema) =>
      read(url, await ask(path, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }), schema),
    post: async (path, body, schema) =>
      read(url, await post(path, body, AbortSignal.timeout(ANSWER_TIMEOUT_MS)), schema),
    async send({ method, path, body, headers: own = {} }, schema) {
      const init = body === undefined ? {} : { body: JSON.stringify(body) }
      const type = { 'content-type': 'application/json' }
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
      return read(
        url,
        await ask(path, { method, headers: { ...type, ...own }, ...init, signal }),
        schema,
      )
    },
    stream: async (path, body, signal) => {
      const deadline = AbortSignal.timeout(GENERATE_TIMEOUT_MS)
      return await post(path, body, signal ? AbortSignal.any([signal, deadline]) : deadline)
    },
    async follow(path, ownHeaders, signal) {
      const head = new AbortController()
      const deadline = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
      const expire = () => head.abort(deadline.reason)
      deadline.addEventListener('abort', expire)
      try {
        const either = AbortSignal.any([signal, head.signal])
        return await ask(path, { headers: { ...ownHeaders }, signal: either })
      } finally {
        deadline.removeEventListener('abort', expire)
      }
    },
  }
}

/** @throws MeshError ERR_USAGE if it is empty: somebody meant to set it. */
function setVariable({ variables }: Pick<Io, 'variables'>, name: string): string | undefined {
  const value = variables[name]
  if (value !== '') return value
  throw usageError(
    `expected a value in the variable ${name}, found an empty text`,
    `Set it, or remove it: unset ${name}`,
  )
}

function againFlags({
  url,
  keyFile,
  isNamed,
}: {
  readonly url: string
  readonly keyFile: string | undefined
  /** In the environment, which may be another one when the command is pasted. */
  readonly isNamed: boolean
}): string {
  const node = url === DEFAULT_NODE && !isNamed ? [] : ['--node', url]
  const key = keyFile === undefined ? [] : ['--api-key-file', keyFile]
  return [...node, ...key].map(shellWord).join(' ')
}

async function reach(ask: typeof fetch, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await ask(url, init)
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw new MeshError(
      isLate ? `no answer in time from ${url.origin}` : `no peer answers at ${url.origin}`,
      {
        code: 'ERR_UNREACHABLE',
        hint: 'Start one with `skein up`, or name a running one with --node URL.',
        cause: error,
      },
    )
  }
}

async function read<T>(url: string, response: Response, schema: z.ZodType<T>): Promise<T> {
  const answer = await json(response)
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new MeshError(
    `expected an answer of a Skein peer at ${url}, found ${foreign(answer, parsed.error.issues)}`,
    { code: 'ERR_BAD_FRAME', hint: 'Is --node the HTTP side of a peer of this version?' },
  )
}

/** What an answer is that we do not know. The first difference is enough to see it. */
function foreign(answer: unknown, [issue]: readonly z.core.$ZodIssue[]): string {
  if (answer === undefined) return 'text that is no JSON'
  const path = issue?.path.map(String).join('.') ?? ''
  return path === '' ? 'other JSON' : `JSON whose \`${path}\` is missing or another thing`
}

/** `undefined` if the body is not JSON, which no schema of ours accepts. */
async function json(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function refusal(response: Response, { href }: URL): Promise<MeshError> {
  const { status } = response
  const parsed = errorBody.safeParse(await json(response))
  if (!parsed.success) {
    return new MeshError(`${href} answered ${status} without a reason`, {
      code: codeOf(status),
      hint: 'Is --node the HTTP side of a peer?',
    })
  }
  const { message, skein_code = '', hint } = parsed.data.error
  const code = isErrorCode(skein_code) ? skein_code : codeOf(status)
  const isForHttp = HTTP_HINTS.has(code) || ROUTE.test(hint ?? '')
  return new MeshError(message, { code, hint: isForHttp ? undefined : hint })
}

/** In a hint: what somebody with another client is to ask. */
const ROUTE = /\b(?:GET|POST|PUT|DELETE) \//

/** Where the peer speaks to HTTP clients, of headers and routes; see report-error.ts for ours. */
const HTTP_HINTS: ReadonlySet<ErrorCode> = new Set([
  'ERR_UNAUTHENTICATED',
  'ERR_MODEL_NOT_FOUND',
  'ERR_NO_CAPACITY',
])

/** The first of our codes with that status, which is the most general one. */
function codeOf(status: number): ErrorCode {
  for (const [code, kind] of Object.entries(errorKinds)) {
    if (kind.status === status && isErrorCode(code)) return code
  }
  return 'ERR_BAD_FRAME'
}
