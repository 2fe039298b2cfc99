/**
 * What a strategy remembers between two requests for one model. Bounded: the model that came first
 * is forgotten first, and begins anew.
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

  of(model: string): State {
    const known = this.#states.get(model)
    if (known !== undefined) return known
    if (this.#states.size >= this.#modelsMax) this.#dropOldest()
    const state = this.#create()
    this.#states.set(model, state)
    return state
  }

  #dropOldest(): void {
    for (const model of this.#states.keys()) {
      this.#states.delete(model)
      return
    }
  }
}
