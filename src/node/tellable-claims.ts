/**
 * What this peer says of itself, as the others will take it.
 *
 * They refuse a claim with anything in it that is out of bounds, and do not say so: one model that
 * is told wrongly would keep the peer out of the mesh. So each claim is read here before it is
 * signed, as they will read it; a model at fault is left out, and the log says that it is.
 */
import type { ModelFacts, ModelLoad, PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { PeerClaim } from '../membership/peer-claim.ts'
import { decodeFacts, decodeLoad, encodeFacts, encodeLoad } from '../protocols/peer-state-codec.ts'
import type { Logger } from './log.ts'

/** Faults that are remembered, so that each is logged once. */
const FAULTS_KEPT = 256

/** Of the name of a model at fault, which may be what is too long. */
const SHOWN_CHARACTERS = 64

export class TellableClaims {
  readonly #logger: Pick<Logger, 'error'>
  /** Facts change seldom, and many claims say the same. */
  readonly #facts = new WeakMap<PeerFacts, PeerFacts>()
  readonly #logged = new Set<string>()

  constructor(logger: Pick<Logger, 'error'>) {
    this.#logger = logger
  }

  /** The claim, or one without the models that are at fault. */
  of(claim: PeerClaim): PeerClaim {
    const facts = claim.facts && this.#factsOf(claim.facts)
    const load = this.#loadOf(claim.load)
    return facts === claim.facts && load === claim.load ? claim : { ...claim, facts, load }
  }

  #factsOf(facts: PeerFacts): PeerFacts {
    const known = this.#facts.get(facts)
    if (known !== undefined) return known
    const tellable = this.#tellable<ModelFacts, PeerFacts>(facts, {
      what: 'facts',
      read: each => decodeFacts(encodeFacts(each)),
      nameOf: ({ id }) => id,
    })
    this.#facts.set(facts, tellable)
    return tellable
  }

  #loadOf(load: PeerLoad): PeerLoad {
    return this.#tellable<ModelLoad, PeerLoad>(load, {
      what: 'load',
      read: each => decodeLoad(encodeLoad(each)),
      nameOf: ({ model }) => model,
    })
  }

  #tellable<Model, Whole extends { readonly models: readonly Model[] }>(
    whole: Whole,
    { what, read, nameOf }: Reading<Model, Whole>,
  ): Whole {
    if (problemOf(whole, read) === undefined) return whole
    const models = whole.models.filter(model => {
      const problem = problemOf({ ...whole, models: [model] }, read)
      if (problem === undefined) return true
      this.#log(`the ${what} of a model cannot be told: it is left out`, problem, nameOf(model))
      return false
    })
    const rest = { ...whole, models }
    const problem = problemOf(rest, read)
    if (problem === undefined) return rest
    this.#log(`the other peers will not take the ${what} of this one`, problem)
    return rest
  }

  #log(message: string, error: Error, name = ''): void {
    const model = name.slice(0, SHOWN_CHARACTERS)
    const fault = `${message} ${model} ${error.message}`
    if (this.#logged.has(fault) || this.#logged.size >= FAULTS_KEPT) return
    this.#logged.add(fault)
    this.#logger.error(message, { model, error })
  }
}

interface Reading<Model, Whole> {
  readonly what: string
  readonly read: (whole: Whole) => unknown
  readonly nameOf: (model: Model) => string
}

function problemOf<Whole>(whole: Whole, read: (whole: Whole) => unknown): Error | undefined {
  try {
    read(whole)
    return undefined
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}
