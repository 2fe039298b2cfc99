/**
 * What measured requests say of the engine that served them: for each, how many others it shared the
 * engine with while it was read and while it was answered.
 *
 *     at ---read---> first token ---answer---> end          one request, by the clock of its ingress
 *           others that are read or answered at the same time share each step with it
 */

/** One request that was streamed, as its ingress measured it. */
export interface MeasuredRequest {
  /** Who served it. */
  readonly peer: string
  readonly atMs: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly ttftMs: number
  readonly endToEndMs: number
}

/** One equation: `ms = base × baseCount + sequence × sequenceCount + token × tokenCount + once × onceCount`. */
export interface Observation {
  readonly ms: number
  /** Steps of the engine. */
  readonly baseCount: number
  /** Sequences in them, over all steps. */
  readonly sequenceCount: number
  /** Prompt tokens that were read in them. */
  readonly tokenCount: number
  /** What a request takes besides: network, HTTP. */
  readonly onceCount: number
}

interface Span {
  readonly request: MeasuredRequest
  readonly beginMs: number
  readonly firstMs: number
  readonly endMs: number
}

/** Of a step that runs when a request comes, half is left. */
const STEP_LEFT_RATIO = 0.5

/** Answers so short say more of the clock than of the engine. */
const DECODE_TOKENS_MIN = 4

/**
 * Two equations for each request of one engine: of its first token, unless it had to wait for a place,
 * and of the rest of its answer.
 *
 * @param parallelMax Requests that the engine works on at once.
 */
export function observationsOf(
  requests: readonly MeasuredRequest[],
  parallelMax: number,
): readonly Observation[] {
  const spans = requests.map(spanOf).sort((a, b) => a.beginMs - b.beginMs)
  let first = 0
  return spans.flatMap((span, index) => {
    // Whoever ended before this one began is of no matter to those that come after it either.
    while (first < index && (spans[first]?.endMs ?? 0) <= span.beginMs) first += 1
    const near: Span[] = []
    for (let at = first; at < spans.length; at += 1) {
      const other = spans[at] as Span
      if (other.beginMs >= span.endMs) break
      if (at !== index && other.endMs > span.beginMs) near.push(other)
    }
    return [...firstToken(span, near, parallelMax), ...answer(span, near)]
  })
}

function spanOf(request: MeasuredRequest): Span {
  const { atMs, ttftMs, endToEndMs } = request
  return { request, beginMs: atMs, firstMs: atMs + ttftMs, endMs: atMs + endToEndMs }
}

function firstToken(
  { request, beginMs, firstMs }: Span,
  near: readonly Span[],
  parallelMax: number,
): readonly Observation[] {
  const there = near.filter(other => other.beginMs <= beginMs && other.endMs > beginMs)
  if (there.length >= parallelMax) return []
  const answered = there.filter(other => other.firstMs <= beginMs).length
  const readTokens = near
    .filter(other => other.firstMs > beginMs && other.firstMs <= firstMs)
    .reduce((sum, other) => sum + other.request.inputTokens, request.inputTokens)
  const isBusy = there.length > 0
  return [
    {
      ms: request.ttftMs,
      baseCount: 1 + (isBusy ? STEP_LEFT_RATIO : 0),
      sequenceCount: 1 + answered * (isBusy ? 1 + STEP_LEFT_RATIO : 1),
      tokenCount: readTokens,
      onceCount: 1,
    },
  ]
}

function answer({ request, firstMs, endMs }: Span, near: readonly Span[]): readonly Observation[] {
  const stepCount = request.outputTokens - 1
  const ms = endMs - firstMs
  if (stepCount < DECODE_TOKENS_MIN || ms <= 0) return []
  let otherMs = 0
  let readTokens = 0
  for (const other of near) {
    otherMs += Math.max(0, Math.min(endMs, other.endMs) - Math.max(firstMs, other.firstMs))
    if (other.firstMs > firstMs && other.firstMs <= endMs) readTokens += other.request.inputTokens
  }
  const sequenceCount = stepCount * (1 + otherMs / ms)
  return [{ ms, baseCount: stepCount, sequenceCount, tokenCount: readTokens, onceCount: 0 }]
}
