/**
 * One answer, from prompt tokens to pieces of text.
 *
 *     keep the common start of the KV cache, erase the rest
 *       --> read the prompt in batches --> decode, token by token --> whole characters
 *       --> nothing of a stop sequence --> emit
 *
 * `emit` is awaited, so a reader that is slow pauses this sequence, and only this one. Between two
 * batches the signal is looked at, so a cancelled request costs one batch more at most.
 */
import type { LlamaGrammar, Token } from 'node-llama-cpp'
import type { Clock } from '../../node/clock.ts'
import type { Engine, SequenceSlot } from './engine.ts'
import { PENALTY_WINDOW_TOKENS, type Sampling } from './sampling.ts'
import { CharacterJoiner, StopFilter } from './text-stream.ts'
import type { Job, WorkMeter } from './work-meter.ts'

/** One token as `logprobs` reports it. */
export interface TokenFact {
  readonly text: string
  /** Natural logarithm of its probability, after penalties and sampling options. */
  readonly logprob: number
  readonly top: readonly { readonly text: string; readonly logprob: number }[]
  /** Where the answer's text goes on with it. A special token has a name, but adds no text. */
  readonly textOffset: number
}

/** One part of a tool call; name and id come with its first part. */
export interface ToolCallPiece {
  readonly index: number
  readonly id?: string
  readonly name?: string
  readonly arguments: string
}

export interface Piece {
  readonly text: string
  /** The text's tokens if `topLogprobs` is set. */
  readonly tokens?: readonly TokenFact[]
  readonly toolCall?: ToolCallPiece
}

export type FinishReason = 'stop' | 'length' | 'tool_calls'

export interface Finish {
  readonly reason: FinishReason
  readonly promptTokens: number
  /** Of the prompt: already in the KV cache. */
  readonly cachedTokens: number
  readonly completionTokens: number
}

export type Emit = (piece: Piece) => Promise<void>

export interface GenerationPlan {
  readonly prompt: readonly Token[]
  /** At least 1; prompt and answer together fit the context. */
  readonly outputTokensMax: number
  readonly stopTokens: ReadonlySet<Token>
  readonly stopTexts: readonly string[]
  readonly sampling: (recentTokens: () => Token[]) => Sampling
  readonly grammar?: LlamaGrammar | undefined
  /** `undefined`: no log probabilities. 0: only of the chosen tokens. */
  readonly topLogprobs?: number | undefined
}

export interface GenerationDeps {
  readonly engine: Engine
  readonly clock: Clock
  readonly meter: WorkMeter
}

/** Where a generation runs and how it is stopped. */
export interface GenerationPlace {
  readonly slot: SequenceSlot
  readonly job: Job
  readonly signal: AbortSignal
}

/** A grammar ends with these newlines, for models that would otherwise go on. */
const GRAMMAR_END = '\n\n\n\n'

/** @throws the signal's reason if it fires. */
export async function generate(
  plan: GenerationPlan,
  emit: Emit,
  place: GenerationPlace,
  deps: GenerationDeps,
): Promise<Finish> {
  const { cachedTokens, rest } = await readPrompt(plan.prompt, place, deps)
  const reason = await decode(plan, rest, emit, { ...place, ...deps })
  return {
    reason,
    promptTokens: plan.prompt.length,
    cachedTokens,
    completionTokens: place.job.outputTokens,
  }
}

/**
 * Makes the sequence hold all of the prompt but its last token, which gives the first of the answer.
 *
 * That last one is read alone, even if all others are read now: llama.cpp rounds differently for
 * one token than for many, so otherwise a prompt from the cache would get another answer than the
 * same prompt read afresh. It costs the time of one token.
 */
export async function readPrompt(
  prompt: readonly Token[],
  { slot, job, signal }: GenerationPlace,
  { engine, clock, meter }: GenerationDeps,
): Promise<{ readonly cachedTokens: number; readonly rest: Token[] }> {
  const { sequence } = slot
  slot.promptTokens = prompt.length
  const common = sequence.compareContextTokens([...prompt]).firstDifferentIndex
  const end = prompt.length - 1
  const keep = Math.min(common, end)
  const lostTokens = Math.max(0, sequence.getRestoreToPrefixIndexEvaluationSize(keep))
  if (keep < sequence.nextTokenIndex) {
    await sequence.eraseContextTokenRanges([{ start: keep, end: sequence.nextTokenIndex }])
  }

  const batchTokens = engine.context.batchSize
  for (let done = keep; ; ) {
    job.prefillTokensLeft = prompt.length - done
    job.kvTokens = done
    signal.throwIfAborted()
    if (done === end) break
    const batch = prompt.slice(done, Math.min(end, done + batchTokens))
    const startedMs = clock.nowMs()
    await sequence.evaluateWithoutGeneratingNewTokens(batch)
    meter.prefillMeasured(batch.length, clock.nowMs() - startedMs)
    done += batch.length
  }
  return { cachedTokens: Math.max(0, keep - lostTokens), rest: prompt.slice(end) }
}

/** Decodes until the model ends, a stop sequence, or the limit; returns which it was. */
async function decode(
  plan: GenerationPlan,
  rest: Token[],
  emit: Emit,
  deps: GenerationDeps & GenerationPlace,
): Promise<FinishReason> {
  const { engine, job, signal } = deps
  const made: Token[] = []
  const text = new AnswerText(plan, engine)
  for await (const { token, ...odds } of timedTokens(plan, { rest, made }, deps)) {
    signal.throwIfAborted()
    if (plan.stopTokens.has(token)) break
    made.push(token)
    job.outputTokens += 1
    job.kvTokens += 1

    const piece = text.push(token, odds)
    if (piece !== undefined) await emit(piece)
    if (text.isStopped) return 'stop'
    if (job.outputTokens >= plan.outputTokensMax) {
      await text.flush(emit)
      return 'length'
    }
  }
  await text.flush(emit)
  return 'stop'
}

interface TokenOdds {
  readonly confidence?: number
  readonly probabilities?: Map<Token, number>
}

type TokenWithOdds = TokenOdds & { readonly token: Token }

/** The engine's tokens, with the time each took measured. */
async function* timedTokens(
  plan: GenerationPlan,
  { rest, made }: { readonly rest: Token[]; readonly made: Token[] },
  { engine, slot, job, clock, meter }: GenerationDeps & GenerationPlace,
): AsyncGenerator<TokenWithOdds> {
  const { LlamaGrammarEvaluationState } = engine.library
  const { grammar, topLogprobs } = plan
  const tokens: AsyncGenerator<TokenWithOdds> = slot.sequence.evaluateWithMetadata(
    rest,
    { confidence: topLogprobs !== undefined, probabilities: (topLogprobs ?? 0) > 0 },
    {
      ...plan.sampling(() => made.slice(-PENALTY_WINDOW_TOKENS)),
      ...(grammar === undefined
        ? {}
        : {
            grammarEvaluationState: new LlamaGrammarEvaluationState({
              model: engine.model,
              grammar,
            }),
          }),
    },
  )
  try {
    for (;;) {
      const startedMs = clock.nowMs()
      const next = await tokens.next()
      meter.tokenMeasured(clock.nowMs() - startedMs)
      job.prefillTokensLeft = 0
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await tokens.return(undefined)
  }
}

/** Gathers tokens until their text may be shown. */
class AnswerText {
  readonly #engine: Engine
  readonly #topLogprobs: number | undefined
  readonly #joiner: CharacterJoiner<Token>
  readonly #filter: StopFilter
  /** Of the text that is held back. */
  #tokens: TokenFact[] = []
  /** Of all whole characters, shown or held back. */
  #joinedLength = 0
  #shownLength = 0

  constructor(plan: GenerationPlan, engine: Engine) {
    this.#engine = engine
    this.#topLogprobs = plan.topLogprobs
    this.#joiner = new CharacterJoiner((tokens, before) =>
      engine.model.detokenize(tokens, false, before),
    )
    this.#filter = new StopFilter(
      plan.grammar === undefined ? plan.stopTexts : [...plan.stopTexts, GRAMMAR_END],
    )
  }

  get isStopped(): boolean {
    return this.#filter.isStopped
  }

  push(token: Token, odds: TokenOdds): Piece | undefined {
    if (this.#topLogprobs !== undefined) this.#tokens.push(this.#fact(token, odds))
    return this.#piece(this.#filter.push(this.#joined(this.#joiner.push(token))))
  }

  /** Emits what was held back, as nothing follows. */
  async flush(emit: Emit): Promise<void> {
    const rest = this.#joined(this.#joiner.end())
    const piece = this.#piece(this.#filter.push(rest) + this.#filter.end(), true)
    if (piece !== undefined) await emit(piece)
  }

  #joined(text: string): string {
    this.#joinedLength += text.length
    return text
  }

  /** Special tokens have no text: they come with what follows, or last and alone. */
  #piece(text: string, isLast = false): Piece | undefined {
    if (text === '' && !(isLast && this.#tokens.length > 0)) return undefined
    if (this.#topLogprobs === undefined) return { text }
    this.#shownLength += text.length
    // A stop sequence is not shown, so its tokens are not either.
    const tokens = this.isStopped
      ? this.#tokens.filter(({ textOffset }) => textOffset < this.#shownLength)
      : this.#tokens
    this.#tokens = []
    return { text, tokens }
  }

  #fact(token: Token, { confidence = 1, probabilities }: TokenOdds): TokenFact {
    const text = (one: Token) => this.#engine.model.detokenize([one], true)
    const top = [...(probabilities ?? [])]
      .slice(0, this.#topLogprobs)
      .map(([one, probability]) => ({ text: text(one), logprob: logOf(probability) }))
    const textOffset = this.#joinedLength
    return { text: text(token), logprob: logOf(confidence), top, textOffset }
  }
}

/** OpenAI writes the impossible as -9999, since JSON has no infinity. */
function logOf(probability: number): number {
  return probability === 0 ? -9_999 : Math.log(probability)
}
