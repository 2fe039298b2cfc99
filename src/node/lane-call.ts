/**
 * How an engine request is written as a lane call, and read back on the serving peer.
 *
 * The method is the endpoint; model and stream travel as headers beside what the client sent,
 * so the serving peer need not look into the body.
 */
import { MeshError } from '../core/errors.ts'
import type { LaneAnswer, LaneCall } from '../protocols/lane.ts'
import { prefixFromText, prefixToText } from './prefix-header.ts'
import type { Endpoint, RuntimeRequest } from './runtime.ts'
import { standingFromText, standingToText } from './standing.ts'

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
const PREFIX_HEADER = 'skein-prefix'
const STANDING_HEADER = 'skein-standing'
/** Beside the standing, since peers of version 0.1 read that as a whole. */
const READ_WAIT_HEADER = 'skein-read-wait-max'

export function toLaneCall(request: RuntimeRequest): LaneCall {
  const { endpoint, model, isStream, body, headers, prefix, standing } = request
  const { [PREFIX_HEADER]: _, [STANDING_HEADER]: __, [READ_WAIT_HEADER]: ___, ...others } = headers
  const readWaitMaxMs = standing?.readWaitMaxMs
  const own = {
    [MODEL_HEADER]: model,
    [STREAM_HEADER]: isStream ? '1' : '0',
    ...(prefix === undefined ? {} : { [PREFIX_HEADER]: prefixToText(prefix) }),
    ...(standing === undefined ? {} : { [STANDING_HEADER]: standingToText(standing) }),
    ...(readWaitMaxMs === undefined ? {} : { [READ_WAIT_HEADER]: readWaitMaxMs.toFixed(0) }),
  }
  return { method: endpoint, headers: { ...others, ...own }, body }
}

/** @throws MeshError ERR_INVALID_REQUEST for a method this version does not know. */
export function fromLaneCall({ method, headers, body }: LaneCall): RuntimeRequest {
  if (!ENDPOINTS.has(method)) {
    throw new MeshError(`expected one of ${[...ENDPOINTS].join(', ')}, found "${method}"`, {
      code: 'ERR_INVALID_REQUEST',
    })
  }
  const {
    [MODEL_HEADER]: model = '',
    [STREAM_HEADER]: stream,
    [PREFIX_HEADER]: prefixText = '',
    [STANDING_HEADER]: standingText = '',
    [READ_WAIT_HEADER]: readWaitText = '',
    ...rest
  } = headers
  const request = { endpoint: method as Endpoint, model, isStream: stream === '1', body }
  const prefix = prefixFromText(prefixText)
  const standing = standingFromText(standingText)
  return {
    ...{ ...request, headers: rest },
    ...(prefix === undefined ? {} : { prefix }),
    ...(standing === undefined ? {} : { standing: { ...standing, ...readWaitOf(readWaitText) } }),
  }
}

/** What cannot be read is as if it was not there. */
function readWaitOf(text: string): { readonly readWaitMaxMs?: number } {
  return /^\d{1,9}$/.test(text) ? { readWaitMaxMs: Number(text) } : {}
}

/** An answer that says no more than that the call was heard. */
export function noContent(): LaneAnswer {
  return { status: 204, headers: {}, chunks: nothing() }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
