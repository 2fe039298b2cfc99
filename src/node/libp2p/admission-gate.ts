/**
 * Keeps every protocol but join and hello away from connections that have not said hello.
 *
 * A connection starts pending, with a deadline; hello admits it. A stream of any other protocol
 * waits while its connection is pending, since the last message of a hello and the first of
 * what follows may arrive in either order on their two streams; it never waits longer than the
 * connection may stay pending.
 */
import type { Connection, StreamHandler } from '@libp2p/interface'
import type { Registrar } from '@libp2p/interface-internal'
import { MeshError } from '../../core/errors.ts'
import type { Clock } from '../clock.ts'

interface Pending {
  readonly cancelDeadline: () => void
  readonly waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[]
}

export interface AdmissionLimits {
  /** How long a connection may exist without a successful hello. */
  readonly admissionTimeoutMs: number
  /** Connections that may be pending at once. More are closed as they come. */
  readonly pendingMax: number
}

/** Streams of one connection that may wait for its hello. */
const WAITING_MAX = 4

export class AdmissionGate {
  readonly #clock: Clock
  readonly #limits: AdmissionLimits
  readonly #pending = new Map<Connection, Pending>()
  readonly #admitted = new WeakSet<Connection>()

  constructor(clock: Clock, limits: AdmissionLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  opened(connection: Connection): void {
    if (this.#pending.size >= this.#limits.pendingMax) {
      connection.abort(notAdmitted('too many connections that have not said hello'))
      return
    }
    const atMs = this.#clock.nowMs() + this.#limits.admissionTimeoutMs
    const cancelDeadline = this.#clock.wakeAt(atMs, () => {
      connection.abort(notAdmitted('no hello in time'))
      this.closed(connection)
    })
    this.#pending.set(connection, { cancelDeadline, waiting: [] })
  }

  admit(connection: Connection): void {
    this.#admitted.add(connection)
    for (const waiting of this.#settle(connection)) waiting.resolve()
  }

  closed(connection: Connection): void {
    this.#admitted.delete(connection)
    const error = notAdmitted('the connection closed')
    for (const waiting of this.#settle(connection)) waiting.reject(error)
  }

  isAdmitted(connection: Connection): boolean {
    return this.#admitted.has(connection)
  }

  /** @throws MeshError ERR_FORBIDDEN if the connection is not admitted in time. */
  whenAdmitted(connection: Connection): Promise<void> {
    if (this.isAdmitted(connection)) return Promise.resolve()
    const pending = this.#pending.get(connection)
    if (pending === undefined || pending.waiting.length >= WAITING_MAX) {
      return Promise.reject(notAdmitted('a stream of another protocol'))
    }
    return new Promise((resolve, reject) => {
      pending.waiting.push({ resolve, reject })
    })
  }

  /** A handler that runs only on admitted connections. */
  guard(handler: StreamHandler): StreamHandler {
    return (stream, connection) => {
      if (this.isAdmitted(connection)) return handler(stream, connection)
      // Or it would be read into a buffer of megabytes while we do not know whom it is from.
      stream.pause()
      return this.whenAdmitted(connection).then(() => {
        stream.resume()
        return handler(stream, connection)
      })
    }
  }

  /** A registrar whose handlers are all guarded, to give to a library's service. */
  guardRegistrar(registrar: Registrar): Registrar {
    const handle: Registrar['handle'] = (protocol, handler, options) =>
      registrar.handle(protocol, this.guard(handler), options)
    return new Proxy(registrar, {
      get(target, property) {
        if (property === 'handle') return handle
        const value: unknown = Reflect.get(target, property, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  #settle(connection: Connection): Pending['waiting'] {
    const pending = this.#pending.get(connection)
    this.#pending.delete(connection)
    pending?.cancelDeadline()
    return pending?.waiting ?? []
  }
}

function notAdmitted(found: string): MeshError {
  return new MeshError(`expected hello before anything else, found ${found}`, {
    code: 'ERR_FORBIDDEN',
  })
}
