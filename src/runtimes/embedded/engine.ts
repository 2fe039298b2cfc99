/**
 * A model in memory: the weights, one context whose sequences are the places of a batch, and the
 * facts the mesh is told.
 *
 * llama.cpp batches by itself: tokens that several sequences want in one turn of the event loop
 * are decoded together, and a long prompt is cut into pieces between which others go on.
 */
import type {
  ChatWrapper,
  Llama,
  LlamaContext,
  LlamaContextSequence,
  LlamaEmbeddingContext,
  LlamaModel,
} from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import type { ModelFacts } from '../../core/peer-state.ts'
import type { TokenDensity } from '../../core/token-density.ts'
import { measuredDensity } from '../token-sample.ts'
import { chatWrapperFor } from './chat-wrapper.ts'
import type { LlamaLibrary, LoadedLibrary } from './llama-library.ts'
import { type ModelFile, modelFileError } from './model-file.ts'
import type { EmbeddedOptions } from './options.ts'
import type { Slot } from './slot-pool.ts'

/** Context of a model trained on more, unless the options say otherwise: KV memory is not free. */
const CONTEXT_DEFAULT_MAX_TOKENS = 8_192

/** A context smaller than this is no use; a GPU with less room for it is an error. */
const CONTEXT_MIN_TOKENS = 512

const DEMO_CAUTION =
  'a 2.6 M-parameter toy made so that everything runs offline; its facts are wrong'

/** One place of the batch. Its KV cache keeps the last request's tokens until others need it. */
export class SequenceSlot implements Slot {
  readonly sequence: LlamaContextSequence
  promptTokens = 0

  constructor(sequence: LlamaContextSequence) {
    this.sequence = sequence
  }

  commonTokens(prompt: readonly number[]): number {
    return this.sequence.compareContextTokens([...prompt] as TokenList).firstDifferentIndex
  }
}

type TokenList = Parameters<LlamaContextSequence['compareContextTokens']>[0]

export interface Engine {
  readonly library: LlamaLibrary
  readonly llama: Llama
  readonly model: LlamaModel
  readonly context: LlamaContext
  readonly wrapper: ChatWrapper
  readonly slots: readonly SequenceSlot[]
  readonly facts: ModelFacts
  /** Longest prompt and answer together. */
  readonly contextTokens: number
  readonly vocabularySize: number
  /** Characters that one token stands for at most. */
  readonly tokenMaxChars: number
  /** Changes with the weights and with llama.cpp, so with what equal seeds give. */
  readonly fingerprint: string
  /** The context that embeds; made on first use. */
  embeddingContext(): Promise<LlamaEmbeddingContext>
}

/**
 * @throws MeshError ERR_MODEL_FILE if llama.cpp cannot read the file, ERR_CONFIG if memory does
 * not suffice.
 */
export async function loadEngine(
  { library, llama, threads }: LoadedLibrary,
  file: ModelFile,
  options: EmbeddedOptions,
  signal: AbortSignal,
): Promise<Engine> {
  const model = await loadModel(llama, library, file, signal)
  const wanted =
    options.contextTokens ?? Math.min(model.trainContextSize, CONTEXT_DEFAULT_MAX_TOKENS)
  const context = await createContext(library, model, {
    sequences: options.parallelMax,
    contextSize: { min: Math.min(CONTEXT_MIN_TOKENS, wanted), max: wanted },
    threads,
    createSignal: signal,
  })

  const contextTokens = Math.min(context.contextSize, wanted)
  // Two thousand bytes, in this process: less than a millisecond.
  const tokenDensity = await measuredDensity(text => model.tokenize(text).length)
  let embedding: Promise<LlamaEmbeddingContext> | undefined
  return {
    library,
    llama,
    model,
    context,
    wrapper: chatWrapperFor(library, model),
    slots: Array.from(
      { length: options.parallelMax },
      () => new SequenceSlot(context.getSequence()),
    ),
    contextTokens,
    ...vocabularyOf(model),
    facts: factsOf(library, model, file, { ...options, contextTokens, tokenDensity }),
    fingerprint: `fp_${file.digest.split(':')[1]?.slice(0, 8)}_${llama.llamaCppRelease.release}`,
    embeddingContext: () => {
      embedding ??= model.createEmbeddingContext({ contextSize: contextTokens, threads })
      return embedding
    },
  }
}

async function loadModel(
  llama: Llama,
  library: LlamaLibrary,
  file: ModelFile,
  signal: AbortSignal,
): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: file.path, loadSignal: signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof library.InsufficientMemoryError) throw outOfMemory(error)
    const reason = error instanceof Error ? error.message : String(error)
    throw modelFileError(file.path, `a GGUF that llama.cpp cannot load (${reason})`, error)
  }
}

async function createContext(
  library: LlamaLibrary,
  model: LlamaModel,
  options: NonNullable<Parameters<LlamaModel['createContext']>[0]>,
): Promise<LlamaContext> {
  try {
    return await model.createContext(options)
  } catch (error) {
    options.createSignal?.throwIfAborted()
    if (error instanceof library.InsufficientMemoryError) throw outOfMemory(error)
    throw error
  }
}

function outOfMemory(cause: Error): MeshError {
  return new MeshError(`expected memory for the model and its KV cache: ${cause.message}`, {
    code: 'ERR_CONFIG',
    hint: 'Lower contextTokens or parallelMax, take a smaller model, or set gpu to "cpu".',
    cause,
  })
}

function vocabularyOf(model: LlamaModel): Pick<Engine, 'vocabularySize' | 'tokenMaxChars'> {
  const { tokens } = model.fileInfo.metadata.tokenizer.ggml
  const tokenMaxChars = tokens.reduce((longest, { length }) => Math.max(longest, length), 1)
  return { vocabularySize: tokens.length, tokenMaxChars }
}

function factsOf(
  library: LlamaLibrary,
  model: LlamaModel,
  file: ModelFile,
  options: EmbeddedOptions & {
    readonly contextTokens: number
    readonly tokenDensity: TokenDensity | undefined
  },
): ModelFacts {
  const { general } = model.fileInfo.metadata
  return {
    id: options.alias ?? file.defaultId,
    engine: 'embedded',
    ownedBy: file.isDemo ? 'skein' : (general.author ?? 'local'),
    capabilities: ['chat', 'completion', 'embedding', 'tools', 'json-schema', 'logprobs'],
    contextTokens: options.contextTokens,
    parallelMax: options.parallelMax,
    digest: file.digest,
    quantization: quantizationName(library, general.file_type),
    caution: file.isDemo ? DEMO_CAUTION : undefined,
    tokenDensity: options.tokenDensity,
  }
}

/** `MOSTLY_Q8_0` → `Q8_0`. */
function quantizationName(library: LlamaLibrary, fileType: number | undefined): string | undefined {
  if (fileType === undefined) return undefined
  return library.GgufFileType[fileType]?.replace(/^(MOSTLY|ALL)_/, '')
}
