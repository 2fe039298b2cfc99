/**
 * What is done to models on request: loading, unloading, warming, putting to sleep and waking, here
 * or at another peer of the mesh.
 *
 *     act ──> who? ──> us: our engines ──────────────────────> state
 *                └──> another: the lane ──> its engines ──> state
 *
 * Peers trust each other with it: whoever is on the roster may ask, and the ingress that was asked
 * has checked who may ask it.
 */
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { Unready } from '../core/peer-state.ts'
import type { LaneAnswer, LaneCall } from '../protocols/lane.ts'
import type { Engines } from './engines.ts'
import type { Lanes } from './lanes.ts'
import { MODEL_ACTIONS, type ModelAction } from './runtime.ts'

export const ACT_METHOD = 'model-action'

export interface ModelActionRequest {
  readonly model: string
  readonly action: ModelAction
  /** `undefined`: ourselves if we serve it, else whoever does, if that is one. */
  readonly peer?: PeerId | undefined
}

export interface ModelActionResult {
  readonly peer: PeerId
  /** What is left of it now. `undefined`: it answers at once. */
  readonly unready: Unready | undefined
}

export interface ModelControlDeps {
  readonly self: PeerId
  readonly engines: Pick<Engines, 'act' | 'loras' | 'models'>
  readonly lanes: () => Pick<Lanes, 'request'>
  /** Everyone who serves the model. */
  readonly peersOf: (model: string) => readonly PeerId[]
}

/** Of a call, and of its answer. */
const BODY_MAX_BYTES = 8_192

const callBody = z.object({ model: z.string().min(1).max(256), action: z.enum(MODEL_ACTIONS) })

const answerBody = z.object({
  unready: z
    .object({
      state: z.enum(['cold', 'loading', 'sleeping', 'failed']),
      progressRatio: z.number().optional(),
      readyInMs: z.number().optional(),
    })
    .optional(),
})

export class ModelControl {
  readonly #deps: ModelControlDeps

  constructor(deps: ModelControlDeps) {
    this.#deps = deps
  }

  /**
   * @throws MeshError ERR_MODEL_NOT_FOUND, ERR_NOT_SUPPORTED, ERR_MODEL_IN_USE, ERR_ENGINE,
   * ERR_PEER_LOST, ERR_INVALID_REQUEST if a peer must be named.
   */
  async act(request: ModelActionRequest, signal: AbortSignal): Promise<ModelActionResult> {
    const { self, engines, lanes } = this.#deps
    const { model, action } = request
    const peer = request.peer ?? this.#peerFor(model)
    if (peer === self) return { peer, unready: await engines.act(model, action, signal) }
    const body = Buffer.from(JSON.stringify({ model, action }))
    const call = { method: ACT_METHOD, headers: {}, body }
    const answer = await lanes().request(peer, call, signal)
    const text = (await readAll(answer)) ?? ''
    return { peer, unready: parsed(answerBody, text, 'ERR_BAD_FRAME').unready }
  }

  /** Of our own engine that serves the model. @throws MeshError as `Engines.loras`. */
  loras(model: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#deps.engines.loras(model, signal)
  }

  /** What another peer asks of us. @throws MeshError as `act`. */
  async serve({ body }: LaneCall, signal: AbortSignal): Promise<LaneAnswer> {
    const text = body.length > BODY_MAX_BYTES ? '' : new TextDecoder().decode(body)
    const { model, action } = parsed(callBody, text, 'ERR_INVALID_REQUEST')
    const unready = await this.#deps.engines.act(model, action, signal)
    const headers = { 'content-type': 'application/json' }
    return { status: 200, headers, chunks: one(Buffer.from(JSON.stringify({ unready }))) }
  }

  #peerFor(model: string): PeerId {
    const { self, engines, peersOf } = this.#deps
    if (engines.models().some(({ id }) => id === model)) return self
    const peers = peersOf(model)
    const [only] = peers
    // An adapter that is to be loaded is served by nobody yet.
    if (only === undefined) return self
    if (peers.length === 1) return only
    throw new MeshError(`expected a peer to act on ${model}, found ${peers.length} that serve it`, {
      code: 'ERR_INVALID_REQUEST',
      details: { param: 'peer' },
      hint: `Name one of them as "peer": ${peers.slice(0, 20).join(', ')}.`,
    })
  }
}

function parsed<Output>(
  schema: z.ZodType<Output>,
  text: string,
  code: 'ERR_BAD_FRAME' | 'ERR_INVALID_REQUEST',
): Output {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new MeshError('expected a model and what to do with it, or what became of it, as JSON', {
      code,
      cause,
    })
  }
}

/** `undefined` if it is longer than any answer to a model action. */
async function readAll({ chunks }: LaneAnswer): Promise<string | undefined> {
  const held: Uint8Array[] = []
  let lengthBytes = 0
  for await (const chunk of chunks) {
    lengthBytes += chunk.length
    if (lengthBytes > BODY_MAX_BYTES) return undefined
    held.push(chunk)
  }
  return Buffer.concat(held).toString()
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk
}
