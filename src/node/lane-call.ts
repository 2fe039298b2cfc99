/**
 * How an engine request is written as a lane call, and read back on the serving peer.
 *
 * The method is the endpoint; model and stream travel as headers beside what the client sent,
 * so the serving peer need not look into the body.
 */
import { MeshError } from '../core/errors.ts'
import type { LaneCall } from '../protocols/lane.ts'
import type { Endpoint, RuntimeRequest } from './runtime.ts'

const ENDPOINTS: ReadonlySet<string> = new Set<Endpoint>([
  'chat/completions',
  'completions',
  'embeddings',
])

/**
 * A peer's newest SignedClaim, told to one other peer directly. Gossip is faster for many, but
 * does not say whether it arrived, and a peer that goes cannot repeat itself.
 */
export const CLAIM_METHOD = 'claim'

const MODEL_HEADER = 'skein-model'
const STREAM_HEADER = 'skein-stream'

export function toLaneCall({ endpoint, model, isStream, body, headers }: RuntimeRequest): LaneCall {
  const own = { [MODEL_HEADER]: model, [STREAM_HEADER]: isStream ? '1' : '0' }
  return { method: endpoint, headers: { ...headers, ...own }, body }
}

/** @throws MeshError ERR_INVALID_REQUEST for a method this version does not know. */
export function fromLaneCall({ method, headers, body }: LaneCall): RuntimeRequest {
  if (!ENDPOINTS.has(method)) {
    throw new MeshError(`expected one of ${[...ENDPOINTS].join(', ')}, found "${method}"`, {
      code: 'ERR_INVALID_REQUEST',
    })
  }
  const { [MODEL_HEADER]: model = '', [STREAM_HEADER]: stream, ...rest } = headers
  return { endpoint: method as Endpoint, model, isStream: stream === '1', body, headers: rest }
}
