/**
 * A Triton that also makes tokens: the generate extension as its vLLM backend fills it, one word
 * a token, and KServe inference that makes vectors.
 *
 * Source: triton-inference-server/server r25.08, docs/protocol/extension_generate.md;
 * triton-inference-server/vllm_backend r25.08, src/utils/request.py.
 */
import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import { doubleOf, EngineDouble } from '../engine-double.ts'
import { answer, type HeardRequest, type Misbehaviour, streamHead } from '../openai/fake-engine.ts'

const generateBody = z.object({
  text_input: z.string(),
  sampling_parameters: z.string().optional(),
  max_tokens: z.int().optional(),
  exclude_input_in_output: z.boolean().default(false),
  return_finish_reason: z.boolean().default(false),
  return_num_input_tokens: z.boolean().default(false),
  return_num_output_tokens: z.boolean().default(false),
})

const sampling = z.object({ max_tokens: z.int() })

const inferBody = z.object({
  inputs: z
    .array(z.object({ name: z.string(), shape: z.array(z.int()), data: z.array(z.string()) }))
    .length(1),
})

export class TritonDouble {
  readonly double: EngineDouble
  /** Bodies of what was asked for, in order. */
  readonly asked: unknown[] = []
  /** Requests for text whose answer is neither whole nor given up. */
  runningCount = 0
  readonly #misbehaviours: Misbehaviour[] = []

  constructor(double: EngineDouble) {
    this.double = double
    const tell = double.engine.extra
    double.engine.extra = (heard, response) => {
      if (/\/(?:generate|generate_stream|infer)$/.test(heard.path)) {
        this.#serve(heard, response).catch((error: Error) => response.destroy(error))
        return true
      }
      return tell(heard, response)
    }
  }

  get url(): string {
    return this.double.url
  }

  /** The next request for text or vectors gets this instead of an answer. */
  misbehaveOnce(misbehaviour: Misbehaviour): void {
    this.#misbehaviours.push(misbehaviour)
  }

  async #serve(heard: HeardRequest, response: ServerResponse): Promise<void> {
    this.runningCount += 1
    response.once('close', () => {
      this.runningCount -= 1
    })
    const body: unknown = JSON.parse(heard.body.toString())
    this.asked.push(body)
    const misbehaviour = this.#misbehaviours.shift()
    if (misbehaviour !== undefined) return await misbehaviour(response, heard)
    if (heard.path.endsWith('/infer')) return infer(response, body)
    await generate(response, body, heard.path.endsWith('_stream'))
  }
}

/** One that ends with the test. */
export async function tritonDouble(): Promise<TritonDouble> {
  return new TritonDouble(await doubleOf('triton'))
}

/** One that whoever asks closes. */
export async function startTritonDouble(): Promise<TritonDouble> {
  return new TritonDouble(await EngineDouble.start('triton'))
}

async function generate(response: ServerResponse, body: unknown, isStream: boolean): Promise<void> {
  const asked = generateBody.parse(body)
  const { max_tokens: count = asked.max_tokens ?? 16 } =
    asked.sampling_parameters === undefined
      ? {}
      : sampling.parse(JSON.parse(asked.sampling_parameters))
  const words = Array.from({ length: count }, (_, index) => ` w${index}`)
  const piece = (
    text_output: string,
    told: { finish_reason: string; num_output_tokens: number },
  ) => ({
    model_name: 'vllm_model',
    model_version: '1',
    text_output,
    ...(asked.return_num_input_tokens ? { num_input_tokens: 7 } : {}),
    ...(asked.return_finish_reason ? { finish_reason: told.finish_reason } : {}),
    ...(asked.return_num_output_tokens ? { num_output_tokens: told.num_output_tokens } : {}),
  })
  if (!isStream) {
    const prompt = asked.exclude_input_in_output ? '' : asked.text_input
    const told = { finish_reason: 'length', num_output_tokens: count }
    return answer(response, 200, piece(prompt + words.join(''), told))
  }
  streamHead(response)
  for (const [index, word] of words.entries()) {
    const finish_reason = index === count - 1 ? 'length' : 'None'
    const told = piece(word, { finish_reason, num_output_tokens: 1 })
    response.write(`data: ${JSON.stringify(told)}\n\n`)
    await turn()
    if (response.closed) return
  }
  response.end()
}

function infer(response: ServerResponse, body: unknown): void {
  const [input] = inferBody.parse(body).inputs
  const count = input?.data.length ?? 0
  answer(response, 200, {
    model_name: 'text_embedder',
    model_version: '2',
    outputs: [
      {
        name: 'embedding',
        datatype: 'FP32',
        shape: [count, 3],
        data: Array.from({ length: count * 3 }, (_, index) => index + 0.5),
      },
    ],
  })
}
