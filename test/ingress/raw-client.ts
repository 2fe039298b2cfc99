/**
 * A client whose every move is ours, since `fetch` reads ahead, and a signal to wait for it.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A promise and the function that fulfils it. */
export function signalled<Value = void>() {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Sends one request and reads nothing. */
export async function rawClient(port: number, body: unknown, path = '/v1/chat/completions') {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const text = JSON.stringify(body)
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
  return socket
}

export async function readUntil(socket: Socket, wanted: string): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.includes(wanted)) break
  }
  return text
}
