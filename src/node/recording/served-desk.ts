/**
 * What was served, of this peer or of another: whoever asks one peer can follow every ingress of the
 * mesh, whose HTTP sides it may not know or reach.
 *
 *     read ──> us: our own ──────────────────────────> page
 *         └──> another: the lane ──> its own ──> page
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { PeerId } from '../../core/ids.ts'
import type { LaneAnswer, LaneCall } from '../../protocols/lane.ts'
import type { Lanes } from '../lanes.ts'
import {
  type ServedPage,
  type ServedQuery,
  ServedRequests,
  type ServedRequestsInit,
  servedPage,
} from './served-requests.ts'

export const SERVED_METHOD = 'served-requests'

/** Of a page of a thousand requests, each with all there can be of it. */
const PAGE_MAX_BYTES = 2 * 1024 ** 2

const CALL_MAX_BYTES = 1_024

const callBody = z.object({
  after: z.string().max(256).optional(),
  limit: z.int().min(1),
  salt: z.string().max(128).optional(),
})

export interface ServedDeskDeps extends ServedRequestsInit {
  readonly lanes: () => Pick<Lanes, 'request'>
}

export class ServedDesk {
  /** Those that this peer took in. */
  readonly requests: ServedRequests
  readonly #deps: ServedDeskDeps

  constructor(deps: ServedDeskDeps) {
    this.#deps = deps
    this.requests = new ServedRequests(deps)
  }

  /** @throws MeshError ERR_PEER_LOST, ERR_UNREACHABLE, ERR_BAD_FRAME; ERR_INVALID_REQUEST of a peer that does not know how. */
  async read(peer: PeerId, query: ServedQuery, signal: AbortSignal): Promise<ServedPage> {
    const { self, lanes } = this.#deps
    if (peer === self) return this.requests.read(query)
    const body = Buffer.from(JSON.stringify(query))
    const call = { method: SERVED_METHOD, headers: {}, body }
    return parsed(servedPage, await readAll(await lanes().request(peer, call, signal)))
  }

  /** What another peer asks of us. @throws MeshError ERR_INVALID_REQUEST. */
  serve({ body }: LaneCall): LaneAnswer {
    const text = body.length > CALL_MAX_BYTES ? '' : new TextDecoder().decode(body)
    const page = this.requests.read(parsed(callBody, text))
    const headers = { 'content-type': 'application/json' }
    return { status: 200, headers, chunks: one(Buffer.from(JSON.stringify(page))) }
  }
}

function parsed<Output>(schema: z.ZodType<Output>, text: string): Output {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new MeshError('expected requests that were served, or which of them, as JSON', {
      code: 'ERR_BAD_FRAME',
      cause,
    })
  }
}

async function readAll({ chunks }: LaneAnswer): Promise<string> {
  const held: Uint8Array[] = []
  let lengthBytes = 0
  for await (const chunk of chunks) {
    lengthBytes += chunk.length
    if (lengthBytes > PAGE_MAX_BYTES) return ''
    held.push(chunk)
  }
  return Buffer.concat(held).toString()
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk
}
