/**
 * Puts to the bare contestant.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { encodeBareFrame, readBareFrames } from './bare-frames.ts'
import type { PutClient } from './contestant.ts'

const CONNECT_MAX_MS = 5_000

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export async function openBareClient(port: number): Promise<PutClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MAX_MS) })
  const waiting = new Map<number, Waiter>()
  let unsent: Buffer[] = []
  const send = () => {
    socket.write(Buffer.concat(unsent))
    unsent = []
  }
  readBareFrames(socket, client => {
    waiting.get(client)?.resolve()
    waiting.delete(client)
  })
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the leader closed the connection'))
  })
  return {
    put: (client, key, value) =>
      new Promise((resolve, reject) => {
        waiting.set(client, { resolve, reject })
        if (unsent.length === 0) setImmediate(send)
        unsent.push(encodeBareFrame(client, Buffer.concat([Buffer.from(key), value])))
      }),
    close: () => socket.destroy(),
  }
}
