/**
 * What whoever runs a peer should know of its engines together: of models that are left out, and
 * of clouds that will never be asked. Each is said once.
 */
import type { ModelFacts } from '../core/peer-state.ts'
import { PEER_STATE_LIMITS } from '../protocols/peer-state-codec.ts'
import type { Logger } from './log.ts'
import type { Runtime } from './runtime.ts'

export class EngineNotices {
  readonly #runtimes: readonly Pick<Runtime, 'name' | 'models'>[]
  readonly #logger: Pick<Logger, 'warn'>
  #areTooMany = false
  /** Names of clouds; as many as there are engines at most. */
  readonly #hidden = new Set<string>()

  constructor(runtimes: readonly Pick<Runtime, 'name' | 'models'>[], logger: Pick<Logger, 'warn'>) {
    this.#runtimes = runtimes
    this.#logger = logger
  }

  /** To be called whenever the models of some engine have changed. */
  look(): void {
    const servers = new Map<string, string>()
    for (const { name, models } of this.#listed()) {
      for (const { id, price } of models) {
        const server = servers.get(id)
        if (server === undefined) servers.set(id, name)
        else if (server !== name && price !== undefined) this.#warnOfHidden(id, name, server)
      }
    }
    if (servers.size > PEER_STATE_LIMITS.modelsMax) this.#warnOfMany(servers.size)
  }

  #listed(): readonly { readonly name: string; readonly models: readonly ModelFacts[] }[] {
    return this.#runtimes.map(runtime => ({ name: runtime.name, models: runtime.models() }))
  }

  #warnOfHidden(model: string, cloud: string, engine: string): void {
    if (this.#hidden.has(cloud)) return
    this.#hidden.add(cloud)
    this.#logger.warn(
      'a cloud is never asked for a model: an engine of this peer that is named before it has it too; put the cloud on another peer',
      { model, cloud, engine },
    )
  }

  #warnOfMany(count: number): void {
    if (this.#areTooMany) return
    this.#areTooMany = true
    const { modelsMax } = PEER_STATE_LIMITS
    this.#logger.warn('models are left out: a peer offers no more than so many', {
      leftOut: count - modelsMax,
      modelsMax,
    })
  }
}
