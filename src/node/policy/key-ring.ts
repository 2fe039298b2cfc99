/**
 * Recognises the API keys of the policy, from the local copy.
 *
 *     key --> name --> entry of the policy --> proven before? --> judged: expiry, tenant, ...
 *                                                   | no
 *                                                   '--> hashed off the event loop, then remembered
 *
 * That a key is right is remembered by its fingerprint and the digest it was right for, so a changed
 * entry forgets it by itself; whether it may be used now is judged at every request. Hashing is
 * bounded, in all and for each name: whoever tries secrets under one name holds up nobody else, and
 * leaves threads for the disk.
 */
import { hash } from 'node:crypto'
import type { KeySpec } from '../../consensus/policy/kinds/keys.ts'
import type { PolicyChange } from '../../consensus/policy/outcome.ts'
import type { PolicyViews } from '../../consensus/policy/views.ts'
import { MeshError } from '../../core/errors.ts'
import { isKeyOf, KEY_PREFIX, nameInKey } from './key-hash.ts'

/** Who stands behind a key. */
export interface KeyHolder {
  readonly name: string
  readonly spec: KeySpec
}

export interface KeyRingDeps {
  readonly views: () => PolicyViews
  /** Calls back after each change; `undefined`: anything may have changed. */
  readonly watch: (watcher: (changes: readonly PolicyChange[] | undefined) => void) => void
  readonly wallMs: () => number
}

/** Of two threads in four: fsync needs the others. */
const CHECKS_MAX = 2

const WAITING_MAX = 256
const WAITING_PER_NAME_MAX = 16

/** Keys in use at one peer at about the same time. */
const PROVEN_MAX = 10_000
const REFUTED_MAX = 1_000

const BUSY_RETRY_AFTER_MS = 1_000

export class KeyRing {
  readonly #deps: KeyRingDeps
  /** Fingerprint → digest of the entry it was right or wrong for. The oldest goes first. */
  readonly #proven = new Map<string, string>()
  readonly #refuted = new Map<string, string>()
  readonly #pending = new Map<string, Promise<boolean>>()
  /** Name → checks that wait or run. */
  readonly #pendingCounts = new Map<string, number>()
  readonly #queue: (() => void)[] = []
  readonly #admins = new Set<string>()
  #checkCount = 0

  constructor(deps: KeyRingDeps) {
    this.#deps = deps
    this.#readAdmins()
    deps.watch(changes => this.#changed(changes))
  }

  /** Whether a text is meant to be a key of the policy. */
  isOurs(key: string): boolean {
    return key.startsWith(KEY_PREFIX)
  }

  /** Whether the policy has any key. */
  get isEmpty(): boolean {
    return this.#deps.views().list('keys').length === 0
  }

  /** Whether somebody holds a key that may do everything, now. */
  hasAdmin(): boolean {
    for (const name of this.#admins) {
      const spec = this.#deps.views().spec('keys', name)
      if (spec !== undefined && this.#faultOf(spec) === undefined) return true
    }
    return false
  }

  /**
   * A promise only if the key must be hashed first.
   *
   * @throws MeshError ERR_UNAUTHENTICATED, ERR_FORBIDDEN, ERR_OVERLOADED.
   */
  recognise(key: string): KeyHolder | Promise<KeyHolder> {
    const name = nameInKey(key)
    const spec = name === undefined ? undefined : this.#deps.views().spec('keys', name)
    if (name === undefined || spec === undefined) throw unknown()
    const fingerprint = hash('sha256', key, 'base64')
    const mark = markOf(spec)
    if (this.#proven.get(fingerprint) === mark) return this.#judged(name)
    if (this.#refuted.get(fingerprint) === mark) throw unknown()
    return this.#prove(key, { name, fingerprint, mark, spec }).then(isRight => {
      if (!isRight) throw unknown()
      return this.#judged(name, mark)
    })
  }

  /** @param mark Of the entry that the key was proved for; it may be another one by now. */
  #judged(name: string, mark?: string): KeyHolder {
    const spec = this.#deps.views().spec('keys', name)
    if (spec === undefined || (mark !== undefined && markOf(spec) !== mark)) throw unknown()
    const fault = this.#faultOf(spec)
    if (fault !== undefined) throw fault
    return { name, spec }
  }

  #faultOf({ expiresAtMs, isDisabled, tenant }: KeySpec): MeshError | undefined {
    const hint = 'Ask an admin of the mesh for another key.'
    if (isDisabled) {
      const message = 'The API key is disabled.'
      return new MeshError(message, { code: 'ERR_UNAUTHENTICATED', hint })
    }
    if (expiresAtMs !== null && this.#deps.wallMs() >= expiresAtMs) {
      const message = `The API key ended at ${new Date(expiresAtMs).toISOString()}.`
      return new MeshError(message, { code: 'ERR_UNAUTHENTICATED', hint })
    }
    if (tenant !== null && this.#deps.views().spec('tenants', tenant)?.isSuspended === true) {
      const message = `The tenant ${tenant} of the API key is suspended.`
      return new MeshError(message, { code: 'ERR_FORBIDDEN', hint: 'Ask an admin of the mesh.' })
    }
    return undefined
  }

  /** One check for all who bring the same key at once. */
  #prove(
    key: string,
    about: { name: string; fingerprint: string; mark: string; spec: KeySpec },
  ): Promise<boolean> {
    const { name, fingerprint, mark, spec } = about
    const id = `${fingerprint} ${mark}`
    const running = this.#pending.get(id)
    if (running !== undefined) return running
    const count = this.#pendingCounts.get(name) ?? 0
    if (this.#pending.size >= WAITING_MAX || count >= WAITING_PER_NAME_MAX) throw busy()
    this.#pendingCounts.set(name, count + 1)
    const checking = this.#inTurn(() => isKeyOf(key, spec.hash))
      .then(isRight => {
        if (isRight) keep(this.#proven, PROVEN_MAX, { fingerprint, mark })
        else keep(this.#refuted, REFUTED_MAX, { fingerprint, mark })
        return isRight
      })
      .finally(() => {
        this.#pending.delete(id)
        const left = (this.#pendingCounts.get(name) ?? 1) - 1
        if (left > 0) this.#pendingCounts.set(name, left)
        else this.#pendingCounts.delete(name)
      })
    this.#pending.set(id, checking)
    return checking
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#checkCount < CHECKS_MAX) this.#checkCount += 1
    else {
      await new Promise<void>(resolve => {
        this.#queue.push(resolve)
      })
    }
    try {
      return await work()
    } finally {
      // Whoever waits takes over our place.
      const next = this.#queue.shift()
      if (next === undefined) this.#checkCount -= 1
      else next()
    }
  }

  #changed(changes: readonly PolicyChange[] | undefined): void {
    if (changes === undefined) {
      this.#readAdmins()
      return
    }
    for (const { kind, name } of changes) if (kind === 'keys') this.#readAdmin(name)
  }

  #readAdmins(): void {
    this.#admins.clear()
    for (const { name } of this.#deps.views().list('keys')) this.#readAdmin(name)
  }

  #readAdmin(name: string): void {
    const isAdmin = this.#deps.views().spec('keys', name)?.roles.includes('admin') === true
    if (isAdmin) this.#admins.add(name)
    else this.#admins.delete(name)
  }
}

/** Another for every other secret. */
function markOf({ hash: { salt, digest } }: KeySpec): string {
  return `${salt} ${digest}`
}

function keep(
  kept: Map<string, string>,
  countMax: number,
  { fingerprint, mark }: { readonly fingerprint: string; readonly mark: string },
): void {
  kept.delete(fingerprint)
  kept.set(fingerprint, mark)
  if (kept.size <= countMax) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}

function unknown(): MeshError {
  return new MeshError('The API key is not one of this mesh.', { code: 'ERR_UNAUTHENTICATED' })
}

function busy(): MeshError {
  return new MeshError('expected few API keys to check at once, found too many that wait', {
    code: 'ERR_OVERLOADED',
    details: { retryAfterMs: BUSY_RETRY_AFTER_MS },
  })
}
