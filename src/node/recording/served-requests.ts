/**
 * The requests that this peer took in and the mesh served, of late: counts, hashes and times, for
 * `skein sim record` and `skein sim calibrate`.
 *
 *     begin --> open --> end --> [ oldest … newest ]   a ring of `keptMax`
 *                                       ^
 *                               read(after a cursor)   says how many it missed, if any
 *
 * A cursor names the run of the peer, so that one of an earlier run is known to be none of this.
 *
 * Whoever reads gets no names and no text: the hash of a tenant, and those of a prompt, are made with
 * the salt that it brings, so that they are worth nothing beside another recording, nor for guessing
 * what a prompt was.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PeerId } from '../../core/ids.ts'
import { MARKS_MAX, type PromptPrefix } from '../../core/prompt-prefix.ts'
import { mixed } from '../../core/text-hash.ts'
import { PRIORITIES, type Priority } from '../../scheduler/admission/priority.ts'

/** A minute at 70 requests a second, in about 2 MiB. */
const KEPT_MAX = 4_096

const HASH_MAX = 2 ** 32 - 1

/** One request that was answered. */
export interface Served {
  /** When it came, by the wall clock of the peer that took it in. */
  readonly atWallMs: number
  /** The one that answered. */
  readonly model: string
  readonly endpoint: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly outputTokensMax: number | undefined
  readonly prefix: PromptPrefix | undefined
  readonly tenant: string | undefined
  readonly priority: Priority
  /** Who served it. */
  readonly peer: PeerId
  /** Until its first chunk. `undefined`: it was no stream. */
  readonly ttftMs: number | undefined
  readonly endToEndMs: number
}

const hash = () => z.int().min(0).max(HASH_MAX)

const servedRequest = z.object({
  atWallMs: z.number(),
  model: z.string().max(1_024),
  endpoint: z.string().max(64),
  inputTokens: z.number().min(0),
  outputTokens: z.number().min(0),
  outputTokensMax: z.number().min(0).optional(),
  prefix: z
    .object({
      characterCount: z.number().min(0),
      root: hash(),
      marks: z.array(hash()).max(MARKS_MAX),
    })
    .optional(),
  tenant: z.string().max(64).optional().describe('A hash, with the salt of whoever asks.'),
  priority: z.enum(PRIORITIES),
  peer: z.string().max(128),
  ttftMs: z.number().min(0).optional(),
  endToEndMs: z.number().min(0),
})

export const SERVED_LIMITS = { fallback: 500, max: 1_000 } as const

export const servedPage = z.object({
  peer: z.string().describe('Who took these requests in.'),
  nowWallMs: z.number().describe('Its wall clock.'),
  next: z.string().describe('To go on from here.'),
  missedCount: z
    .number()
    .nullable()
    .describe('Requests after the cursor that are not kept any more. `null`: nobody knows.'),
  unservedCount: z.number().describe('Failed or cancelled since the peer started.'),
  openCount: z.number(),
  oldestOpenAtWallMs: z.number().optional(),
  requests: z.array(servedRequest).max(SERVED_LIMITS.max).describe('The oldest first.'),
})

export type ServedPage = z.output<typeof servedPage>
export type ServedRequest = z.output<typeof servedRequest>

export interface ServedQuery {
  /** `next` of an earlier page. `undefined`: from the oldest that is kept. */
  readonly after?: string | undefined
  readonly limit: number
  /** `undefined`: then without hashes. */
  readonly salt?: string | undefined
}

export interface ServedRequestsInit {
  readonly self: PeerId
  /** Differs from that of every other run of every peer. */
  readonly run: string
  readonly wallMs: () => number
  readonly keptMax?: number
}

export class ServedRequests {
  readonly #init: Required<ServedRequestsInit>
  /** The request with count n, from 1, is at n modulo `keptMax`. */
  readonly #ring: Served[] = []
  #count = 0
  #unservedCount = 0
  #openedCount = 0
  /** Number → when it came. In the order they came. */
  readonly #open = new Map<number, number>()

  constructor(init: ServedRequestsInit) {
    this.#init = { keptMax: KEPT_MAX, ...init }
  }

  /** A request came in. @returns what to end it with. */
  begin(): number {
    this.#openedCount += 1
    this.#open.set(this.#openedCount, this.#init.wallMs())
    return this.#openedCount
  }

  /** It ended. @param served `undefined`: without a whole answer. */
  end(number: number, served: Omit<Served, 'atWallMs'> | undefined): void {
    const atWallMs = this.#open.get(number)
    if (atWallMs === undefined) return
    this.#open.delete(number)
    if (served === undefined) {
      this.#unservedCount += 1
      return
    }
    this.#count += 1
    this.#ring[this.#count % this.#init.keptMax] = { atWallMs, ...served }
  }

  read({ after, limit, salt }: ServedQuery): ServedPage {
    const { self: peer, run, keptMax, wallMs } = this.#init
    const oldest = Math.max(1, this.#count - keptMax + 1)
    const known = after === undefined ? oldest - 1 : this.#countOf(after)
    const first = Math.max(oldest, (known ?? 0) + 1)
    const last = Math.min(this.#count, first + Math.min(limit, SERVED_LIMITS.max) - 1)
    const salted = saltedBy(salt)
    const requests: ServedRequest[] = []
    for (let count = first; count <= last; count++) {
      requests.push(salted(this.#ring[count % keptMax] as Served))
    }
    const [oldestOpenAtWallMs] = this.#open.values()
    return {
      ...{ peer, nowWallMs: wallMs(), next: `${run}-${Math.max(last, first - 1)}` },
      missedCount: known === undefined ? null : first - known - 1,
      ...{ unservedCount: this.#unservedCount, openCount: this.#open.size },
      ...(oldestOpenAtWallMs === undefined ? {} : { oldestOpenAtWallMs }),
      requests,
    }
  }

  /** `undefined`: it is none of this run. */
  #countOf(cursor: string): number | undefined {
    const { run } = this.#init
    const count = Number(cursor.slice(run.length + 1))
    const isOurs = Number.isInteger(count) && cursor === `${run}-${count}`
    return isOurs && count >= 0 && count <= this.#count ? count : undefined
  }
}

/** What may be told of a request. */
function saltedBy(salt: string | undefined): (served: Served) => ServedRequest {
  const word = salt === undefined ? 0 : digest(salt).readUInt32LE()
  const salted = (mark: number) => mixed(mark ^ word)
  return ({ tenant, prefix, outputTokensMax, ttftMs, ...rest }) => ({
    ...rest,
    ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    ...(ttftMs === undefined ? {} : { ttftMs }),
    ...(salt === undefined || tenant === undefined
      ? {}
      : { tenant: `t-${digest(`${salt} ${tenant}`).toString('hex', 0, 4)}` }),
    ...(salt === undefined || prefix === undefined
      ? {}
      : {
          prefix: {
            characterCount: prefix.characterCount,
            root: salted(prefix.root),
            marks: prefix.marks.map(salted),
          },
        }),
  })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
