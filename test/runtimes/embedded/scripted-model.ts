/**
 * A model file that says what a test tells it to: after each token one other, certainly.
 *
 * Its layers add nothing, its embeddings are one-hot, and its output matrix is the table of what
 * follows what. So the answer to a prompt depends on the prompt's last token alone, on any machine.
 */
import { encodeGguf, type Tensor } from '../../../scripts/model/gguf.ts'
import {
  byteLetters,
  type LlamaShape,
  llamaMetadata,
  SPECIAL_TOKENS,
} from '../../../scripts/model/llama-model.ts'

/** Wide enough for a dimension per token. */
const SHAPE: LlamaShape = { dim: 288, layers: 1, heads: 2, kvHeads: 1, ff: 32 }

/** The logit of what follows; that of everything else is 0. */
const CERTAIN = 10

/** Every prompt ends with the line break after `assistant`, so with this byte. */
const PROMPT_END = 10

/**
 * @param texts Said one after the other, each as one token; then the answer ends. The name of a
 * special token is that token, and none is said twice.
 */
export function scriptedModel(texts: readonly string[]): Buffer {
  const letters = byteLetters()
  const special: readonly string[] = SPECIAL_TOKENS
  const words = texts.filter(text => !special.includes(text))
  const spelled = words.map(text => [...Buffer.from(text)].map(byte => letters[byte]).join(''))
  const tokens = [...letters, ...spelled, ...SPECIAL_TOKENS]
  const end = tokens.indexOf('<|im_end|>')
  const script = texts.map(text =>
    special.includes(text) ? tokens.indexOf(text) : letters.length + words.indexOf(text),
  )
  const follows = (token: number) => {
    const said = script.indexOf(token)
    return (token === PROMPT_END || said >= 0 ? script[said + 1] : undefined) ?? end
  }

  const { dim, heads, kvHeads, ff } = SHAPE
  const kvDim = (dim / heads) * kvHeads
  const embedding = zeros('token_embd', dim, tokens.length)
  const output = zeros('output', dim, tokens.length)
  for (const token of tokens.keys()) {
    embedding.data[token * dim + token] = 1
    output.data[follows(token) * dim + token] = CERTAIN
  }
  const tensors = [
    embedding,
    ones('blk.0.attn_norm'),
    zeros('blk.0.attn_q', dim, dim),
    zeros('blk.0.attn_k', dim, kvDim),
    zeros('blk.0.attn_v', dim, kvDim),
    zeros('blk.0.attn_output', dim, dim),
    ones('blk.0.ffn_norm'),
    zeros('blk.0.ffn_gate', dim, ff),
    zeros('blk.0.ffn_up', dim, ff),
    zeros('blk.0.ffn_down', ff, dim),
    ones('output_norm'),
    output,
  ]
  const vocabulary = { tokens, merges: [], specialCount: SPECIAL_TOKENS.length }
  const metadata = llamaMetadata({
    name: 'scripted',
    shape: SHAPE,
    vocabulary,
    contextTokens: 4_096,
    type: 'f32',
  })
  return encodeGguf(metadata, tensors)
}

function zeros(name: string, columns: number, rows: number): Tensor {
  const data = new Float32Array(columns * rows)
  return { name: `${name}.weight`, dimensions: [columns, rows], type: 'f32', data }
}

function ones(name: string): Tensor {
  const data = new Float32Array(SHAPE.dim).fill(1)
  return { name: `${name}.weight`, dimensions: [SHAPE.dim], type: 'f32', data }
}
