/**
 * Puts to Skein: each client has a connection of its own and changes tenants of the policy, over
 * HTTP as any client does.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { HttpMessageReader } from '../http-message.ts'
import type { PutClient } from './contestant.ts'

const CONNECT_MAX_MS = 5_000

/** The policy has room for 10,000 tenants; an entry of the log costs the same whichever it changes. */
const NAMES_PER_CLIENT = 16

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export async function openSkeinClient(port: number): Promise<PutClient> {
  const connections = new Map<number, Connection>()
  return {
    async put(client, key, value) {
      const connection = connections.get(client) ?? (await Connection.open(port))
      connections.set(client, connection)
      const name = `c${client}-${Number(key.split('/').at(-1)) % NAMES_PER_CLIENT}`
      await connection.put(name, Buffer.from(value).toString('latin1'))
    },
    close() {
      for (const connection of connections.values()) connection.close()
    },
  }
}

class Connection {
  readonly #socket: Socket
  #waiter: Waiter | undefined
  #status = ''

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MAX_MS) })
    return new Connection(socket)
  }

  constructor(socket: Socket) {
    this.#socket = socket
    const reader = new HttpMessageReader({
      head: head => {
        this.#status = head.split(' ', 2)[1] ?? ''
      },
      body: () => {},
      end: () => this.#end(),
    })
    socket.on('data', bytes => reader.push(bytes))
    socket.on('close', () => this.#waiter?.reject(new Error('the peer closed the connection')))
    socket.on('error', error => this.#waiter?.reject(error))
  }

  put(name: string, value: string): Promise<void> {
    const body = JSON.stringify({ spec: {}, labels: { value } })
    const head = [
      `PUT /mesh/v1/policy/tenants/${name} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ]
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
      this.#socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    })
  }

  close(): void {
    this.#waiter = undefined
    this.#socket.destroy()
  }

  #end(): void {
    const waiter = this.#waiter
    this.#waiter = undefined
    if (this.#status === '200') waiter?.resolve()
    else waiter?.reject(new Error(`expected status 200, found ${this.#status}`))
  }
}
