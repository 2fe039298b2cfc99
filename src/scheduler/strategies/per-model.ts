/**
 * What a strategy remembers between two requests for one model, of one side. Bounded: what came
 * first is forgotten first, and begins anew.
 */
export class PerModel<State> {
  readonly #create: () => State
  readonly #modelsMax: number
  readonly #states = new Map<string, State>()

  constructor(create: () => State, modelsMax: number) {
    this.#create = create
    this.#modelsMax = modelsMax
  }

  get modelCount(): number {
    return this.#states.size
  }

  /** @param scope See `Candidates.scope`. */
  of(scope: string): State {
    const known = this.#states.get(scope)
    if (known !== undefined) return known
    if (this.#states.size >= this.#modelsMax) this.#dropOldest()
    const state = this.#create()
    this.#states.set(scope, state)
    return state
  }

  #dropOldest(): void {
    for (const scope of this.#states.keys()) {
      this.#states.delete(scope)
      return
    }
  }
}
