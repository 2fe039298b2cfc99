/**
 * Where a request stands in the queue of whoever serves it: whose it is, how urgent, how much work.
 *
 * The ingress decides it, since it knows who asked; it travels as a lane header, which only peers of
 * the mesh can write. What cannot be read is as if it was not there.
 */
import { BYTES_PER_TOKEN } from '../core/token-density.ts'
import { DEFAULT_PRIORITY, isPriority, type Priority } from '../scheduler/admission/priority.ts'

export interface Standing {
  readonly priority: Priority
  /** Whose share of the engine it counts to. Empty: nobody's in particular. */
  readonly tenant: string
  /** How large that share is, relative to others. */
  readonly weight: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Until its answer must have begun, from now. `undefined`: whenever. */
  readonly beginWithinMs?: number | undefined
  /** It is to be refused if the prompts before it take longer to read. `undefined`: whatever it takes. */
  readonly readWaitMaxMs?: number | undefined
}

/** What is expected of an answer that nobody knows anything of. */
const OUTPUT_TOKENS_DEFAULT = 128

const TOKENS_MAX = 1_000_000_000

const WEIGHT_MIN = 0.01
const WEIGHT_MAX = 100

const TEXT = /^(\w+) (\d{1,10}) (\d{1,10}) (\d{1,10}|-) (\d{1,3}(?:\.\d{1,20})?) (.{0,1024})$/u

export function standingToText(standing: Standing): string {
  const { priority, tenant, weight, inputTokens, outputTokens, beginWithinMs } = standing
  const within = beginWithinMs === undefined ? '-' : whole(beginWithinMs)
  const name = encodeURIComponent(tenant)
  return `${priority} ${whole(inputTokens)} ${whole(outputTokens)} ${within} ${weight} ${name}`
}

/** `undefined`: it is not one. */
export function standingFromText(text: string): Standing | undefined {
  const [, priority, input, output, within, share, name = ''] = TEXT.exec(text) ?? []
  const tenant = decoded(name)
  if (!isPriority(priority) || tenant === undefined) return undefined
  const counts = { inputTokens: Number(input), outputTokens: Number(output) }
  const beginWithinMs = within === '-' ? undefined : Number(within)
  const weight = Math.min(WEIGHT_MAX, Math.max(WEIGHT_MIN, Number(share)))
  return { priority, tenant, weight, ...counts, beginWithinMs }
}

/** Of a request that came without. */
export function defaultStanding(body: Uint8Array): Standing {
  const inputTokens = Math.ceil(body.length / BYTES_PER_TOKEN)
  return {
    priority: DEFAULT_PRIORITY,
    tenant: '',
    weight: 1,
    inputTokens,
    outputTokens: OUTPUT_TOKENS_DEFAULT,
  }
}

function whole(value: number): number {
  return Math.min(TOKENS_MAX, Math.max(0, Math.round(value)))
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
