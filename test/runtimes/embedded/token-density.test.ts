/**
 * What the tokenizer of the toy model says of itself, and how far the first estimate of a prompt is
 * from what the engine then counts: from the client's bytes to `usage`, with it and without.
 */
import { afterAll, assert, beforeAll, describe, test } from 'vitest'
import type { TokenDensity } from '../../../src/core/token-density.ts'
import { readInferenceRequest } from '../../../src/ingress/inference-request.ts'
import type { Runtime } from '../../../src/node/runtime.ts'
import { schedulerOptions } from '../../../src/scheduler/options.ts'
import { TokenEstimate } from '../../../src/scheduler/token-estimate.ts'
import { answerTo, requestOf, soon } from './ask.ts'
import { demoRuntime } from './demo-runtime.ts'

/** None of them is in the sample. `errorMax`: of the estimate that knows the tokenizer, as a share. */
const TEXTS = [
  {
    kind: 'English prose',
    errorMax: 0.3,
    text: 'The old lighthouse stood at the end of a narrow path. Every evening the keeper climbed its ninety steps, lit the lamp, and wrote in his book how many ships had passed. In winter there were days without a single one, and then he read the pages of former years. His daughter brought him bread and news from the village twice a week, if the road was not under water.',
  },
  {
    kind: 'code',
    errorMax: 0.3,
    text: 'export class Counter {\n  #value = 0\n\n  add(amount: number): void {\n    if (!Number.isFinite(amount)) throw new Error("expected a number")\n    this.#value += amount\n  }\n\n  get value(): number {\n    return this.#value\n  }\n}\n\nfor (let index = 0; index < 10; index++) counter.add(index * 2)\n',
  },
  {
    kind: 'Chinese',
    errorMax: 0.05,
    text: '人工智能正在改变许多行业的工作方式。医生利用它更快地阅读影像，教师利用它为学生准备练习，而工程师则利用它编写和检查程序。不过，人们也担心它会带来新的问题。',
  },
  {
    kind: 'Russian',
    errorMax: 0.1,
    text: 'Старый маяк стоял в конце узкой тропы. Каждый вечер смотритель поднимался по ступеням, зажигал лампу и записывал, сколько кораблей прошло мимо.',
  },
]

let runtime: Runtime

beforeAll(async () => {
  runtime = demoRuntime()
  await runtime.start(soon())
})

afterAll(() => runtime.close())

/** First estimate over what the engine counted, less one. */
async function errorOf(text: string, density: TokenDensity | undefined): Promise<number> {
  const request = requestOf(runtime, 'completions', { prompt: text, max_tokens: 1 })
  const estimate = new TokenEstimate(schedulerOptions.parse({}), () => density)
  const estimated = readInferenceRequest('completions', Buffer.from(request.body))
  const { promptTokens } = await answerTo(runtime, request)
  return estimate.expect(request.model, estimated) / promptTokens - 1
}

describe('the first estimate of a prompt', () => {
  for (const { kind, text, errorMax } of TEXTS) {
    test(`of ${kind} is near what the engine counts if its tokenizer has told`, async () => {
      const density = runtime.models()[0]?.tokenDensity
      assert.isDefined(density)
      const known = await errorOf(text, density)
      const unknown = await errorOf(text, undefined)
      assert.isAtMost(Math.abs(known), errorMax, `${known} with it, ${unknown} without`)
      assert.isBelow(unknown, -0.4, 'a token for four bytes is too few for this tokenizer')
    })
  }
})

test('a model that knows no other script makes a token of each byte of it', () => {
  const density = runtime.models()[0]?.tokenDensity
  assert.equal(density?.wideTokensPerByte, 1)
  assert.closeTo(density?.asciiTokensPerByte ?? 0, 0.52, 0.02)
})
