/**
 * Loaded before Portkey's gateway (`node --import`), so that the package runs as it was published.
 *
 * - It has no flag for the address, so it is kept on 127.0.0.1 here; and it prints the port it
 *   listens on, as `child-process.ts` waits for.
 * - With `@hono/node-server` after 1.14.2, which its range allows and npm installs, it answers 500
 *   to every stream, because it changes the headers of what `fetch` returned, which are immutable
 *   (its issue 1389). So `fetch` returns them as a copy here, which costs it some microseconds of
 *   the several hundred that it spends on a request.
 */
import { Server } from 'node:net'

const listen = Server.prototype.listen

Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]) {
  this.once('listening', () => {
    const address = this.address()
    if (typeof address === 'object') {
      console.log(JSON.stringify({ event: 'ready', port: address?.port }))
    }
  })
  const [first, ...rest] = args
  const options = typeof first === 'object' ? first : { port: Number(first) }
  const onListening = rest.filter(argument => typeof argument === 'function')
  return Reflect.apply(listen, this, [{ ...options, host: '127.0.0.1' }, ...onListening])
}

const { fetch } = globalThis

globalThis.fetch = async (...args) => {
  const response = await fetch(...args)
  Object.defineProperty(response, 'headers', { value: new Headers(response.headers) })
  return response
}
