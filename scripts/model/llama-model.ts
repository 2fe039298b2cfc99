/**
 * What a small model of the llama architecture says about itself in its GGUF file.
 *
 * The tokenizer is byte-level BPE as in GPT-2: every byte has a printable letter, so any text has
 * tokens. The chat format is ChatML.
 */
import { type ElementType, FILE_TYPES, type MetadataValue } from './gguf.ts'

export interface LlamaShape {
  /** Width of the residual stream; a multiple of 32 for `q8_0`. */
  readonly dim: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  /** Width within the feed-forward part. */
  readonly ff: number
}

export interface Vocabulary {
  /** The special ones last. */
  readonly tokens: readonly string[]
  /** Pairs joined by a blank, earliest first. */
  readonly merges: readonly string[]
  readonly specialCount: number
}

export interface LlamaDescription {
  readonly name: string
  readonly shape: LlamaShape
  readonly vocabulary: Vocabulary
  readonly contextTokens: number
  /** Of the matrices. */
  readonly type: ElementType
}

/** In this order at the end of every vocabulary. */
export const SPECIAL_TOKENS = ['<|pad|>', '<|bos|>', '<|im_start|>', '<|im_end|>'] as const

const CHATML_TEMPLATE = [
  '{% for m in messages %}',
  "{{'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n'}}",
  '{% endfor %}',
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
].join('')

const TOKEN_TYPES = { normal: 1, control: 3, unused: 5 } as const

export function llamaMetadata({
  name,
  shape: { dim, layers, heads, kvHeads, ff },
  vocabulary: { tokens, merges, specialCount },
  contextTokens,
  type,
}: LlamaDescription): Record<string, MetadataValue> {
  const idOf = (token: (typeof SPECIAL_TOKENS)[number]) => u32(tokens.indexOf(token))
  const firstSpecial = tokens.length - specialCount
  return {
    'general.architecture': string('llama'),
    'general.name': string(name),
    'general.file_type': u32(FILE_TYPES[type]),
    'llama.context_length': u32(contextTokens),
    'llama.embedding_length': u32(dim),
    'llama.block_count': u32(layers),
    'llama.feed_forward_length': u32(ff),
    'llama.attention.head_count': u32(heads),
    'llama.attention.head_count_kv': u32(kvHeads),
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'llama.rope.dimension_count': u32(dim / heads),
    'llama.rope.freq_base': { type: 'f32', value: 10_000 },
    'llama.vocab_size': u32(tokens.length),
    'tokenizer.ggml.model': string('gpt2'),
    'tokenizer.ggml.pre': string('gpt-2'),
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
    'tokenizer.ggml.token_type': {
      type: 'i32s',
      value: tokens.map((token, index) => tokenType(token, index >= firstSpecial)),
    },
    'tokenizer.ggml.merges': { type: 'strings', value: merges },
    'tokenizer.ggml.bos_token_id': idOf('<|bos|>'),
    'tokenizer.ggml.eos_token_id': idOf('<|im_end|>'),
    'tokenizer.ggml.padding_token_id': idOf('<|pad|>'),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.ggml.add_eos_token': { type: 'bool', value: false },
    'tokenizer.chat_template': string(CHATML_TEMPLATE),
  }
}

/** Byte → its letter: itself if printable, else the next one from U+0100 on. */
export function byteLetters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPrintable(byte) ? byte : next++),
  )
}

function tokenType(token: string, isSpecial: boolean): number {
  if (isSpecial) return TOKEN_TYPES.control
  return token.startsWith('<unused') ? TOKEN_TYPES.unused : TOKEN_TYPES.normal
}

function u32(value: number): MetadataValue {
  return { type: 'u32', value }
}

function string(value: string): MetadataValue {
  return { type: 'string', value }
}
