/**
 * Node's HTTP server with our bounds, and how it starts and stops.
 */
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { MeshError } from '../core/errors.ts'
import type { Clock } from '../node/clock.ts'
import type { IngressOptions } from './options.ts'

/** How often Node looks for connections that are over time, at most. */
const CHECK_INTERVAL_MS = 5_000

export function createHttpServer(options: IngressOptions, listener: RequestListener): Server {
  const { headersTimeoutMs: headersTimeout, bodyTimeoutMs } = options
  return createServer(
    {
      headersTimeout,
      // For bodies of requests that are answered already; for others see `body-deadline.ts`.
      requestTimeout: headersTimeout + bodyTimeoutMs + CHECK_INTERVAL_MS,
      keepAliveTimeout: options.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersTimeout),
      // Node would answer a missing Host without a body; `request-host.ts` does with one.
      requireHostHeader: false,
    },
    listener,
  )
}

/** @throws MeshError ERR_LISTEN if the address cannot be had. */
export async function listen(
  server: Server,
  { host, port }: IngressOptions,
): Promise<{ readonly url: string; readonly port: number }> {
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (cause) {
    throw listenError(`${bracketed(host)}:${port}`, cause)
  }
  const address = server.address() as AddressInfo
  return { url: `http://${bracketed(reachable(host))}:${address.port}`, port: address.port }
}

/**
 * Takes no new connection, waits until `idle` resolves or the deadline passes, then cuts what is
 * left.
 */
export async function closeServer(
  server: Server,
  { idle, deadlineMs, clock }: { idle: Promise<void>; deadlineMs: number; clock: Clock },
): Promise<void> {
  const closed = server.listening ? once(server, 'close') : undefined
  // Not `server.close()`: it cuts connections whose answer is complete but not yet sent.
  NetServer.prototype.close.call(server)
  let cancelWake = () => {}
  const deadline = new Promise<void>(resolve => {
    cancelWake = clock.wakeAt(clock.nowMs() + deadlineMs, resolve)
  })
  await Promise.race([idle, deadline])
  cancelWake()
  server.closeAllConnections()
  server.close()
  await closed
}

function listenError(address: string, cause: unknown): MeshError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const { problem, hint } = LISTEN_PROBLEMS[code] ?? {
    problem: `cannot be listened on (${code})`,
    hint: 'Choose another address with --http-host and --http-port.',
  }
  return new MeshError(`${address} ${problem}.`, {
    code: 'ERR_LISTEN',
    details: { address, reason: code },
    hint,
    cause,
  })
}

const LISTEN_PROBLEMS: Readonly<Record<string, { problem: string; hint: string }>> = {
  EADDRINUSE: {
    problem: 'is already in use',
    hint: 'Stop the program that listens there, or choose another port with --http-port (0: any free one).',
  },
  EACCES: {
    problem: 'is not ours to take',
    hint: 'Ports below 1024 need privileges; choose a higher one with --http-port.',
  },
  EADDRNOTAVAIL: {
    problem: 'is not an address of this machine',
    hint: 'Choose one of its addresses with --http-host, or 0.0.0.0 for all.',
  },
}

/** Listening on all addresses includes loopback, which a person here can open. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
