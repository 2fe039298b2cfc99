/**
 * An ingress over a policy of its own, and requests to it in one line.
 */
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { SELF, type StartOptions, startIngress } from './fake-gateway.ts'
import { localPolicy } from './local-policy.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect.
  readonly body: any
}

export const OTHER = '12D3KooWOther'

const facts = (name: string) => ({
  ...{ version: '1', name, zone: '', labels: {}, addresses: [], models: [] },
})

const seen = [
  { peer: SELF, status: 'alive', facts: facts('box') },
  { peer: OTHER, status: 'alive', facts: facts('other') },
] as const

export async function startPolicyServer({ gateway, options, deps }: StartOptions = {}) {
  const local = localPolicy(SELF, () => seen)
  const nodes = () => seen.map(each => ({ load: NO_LOAD, ...each })) as never
  const server = await startIngress({
    gateway: { policy: local.policy, nodes, ...gateway },
    ...(options === undefined ? {} : { options }),
    ...(deps === undefined ? {} : { deps }),
  })
  const ask = async (
    route: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const [method = 'GET', path = ''] = route.split(' ')
    const isRead = method === 'GET' || method === 'DELETE'
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...(isRead ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? JSON.parse(text) : text,
    }
  }
  return { ...server, ...local, ask, [Symbol.asyncDispose]: () => server.ingress.close(0) }
}

export const ALIAS = { targets: [{ model: 'tiny' }] }
export const CHAT_ALIAS = '/mesh/v1/policy/aliases/chat'
