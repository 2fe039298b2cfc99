/**
 * A double of one kind of engine: a real HTTP server on loopback that answers what the fixture of
 * that kind says, and makes tokens as any OpenAI-compatible engine does.
 *
 *     fixtures/<kind>/answers.json      "GET /metrics": { "file": "metrics.txt" }
 *                    /metrics.txt       "POST /api/show": [{ "when": { "model": "a" }, "json": … }, …]
 *
 * A fixture also says what it was written from. What it does not answer, `FakeEngine` does: the
 * list of models under any path that ends in `/models`, chat, completions and embeddings; the
 * rest is 404.
 */
import { readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { EngineKind } from '../../src/node/engine-kind.ts'
import type { Ask } from '../../src/runtimes/engines/engine-profile.ts'
import { FakeEngine, type HeardRequest } from './openai/fake-engine.ts'

/** The situation that is told of unless another is named. */
const USUAL = 'answers.json'

/** One of `json`, `file` and `text` is the body; without any of them it is empty. */
const answerSchema = z.strictObject({
  /** Fields that the JSON body of the request must have for this answer. */
  when: z.record(z.string(), z.unknown()).optional(),
  status: z.int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  json: z.unknown().optional(),
  /** Beside answers.json. */
  file: z.string().optional(),
  text: z.string().optional(),
})

export type DoubleAnswer = z.input<typeof answerSchema>

const fixtureSchema = z.strictObject({
  /** Engine, version, and where its documentation or source is. */
  source: z.string().min(1),
  engine: z.string().optional(),
  /** How it was started, if it was recorded. */
  how: z.string().optional(),
  /** One that it serves for chat. `undefined`: it serves none. */
  chatModel: z.string().optional(),
  embeddingModels: z.array(z.string()).default([]),
  /** `METHOD /path` with its query, or without → the answer, or the first of several that fits. */
  answers: z.record(z.string(), z.union([answerSchema, z.array(answerSchema)])),
})

export type DoubleFixture = z.output<typeof fixtureSchema>

export const fixtureFile = (kind: EngineKind, file: string) =>
  new URL(`fixtures/${kind}/${file}`, import.meta.url)

/** Text of a file of the kind's fixture. */
export function fixtureText(kind: EngineKind, file: string): string {
  return readFileSync(fixtureFile(kind, file), 'utf8')
}

export function fixtureOf(kind: EngineKind, file = USUAL): DoubleFixture {
  return fixtureSchema.parse(JSON.parse(fixtureText(kind, file)))
}

interface Body {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export class EngineDouble {
  readonly kind: EngineKind
  readonly fixture: DoubleFixture
  /** Makes the tokens; `misbehaveOnce` and the rest work as ever. */
  readonly engine: FakeEngine
  /** Everything that was asked for but tokens, in order: `GET /metrics`. */
  readonly questions: string[] = []
  /** JSON bodies of those that had one. */
  readonly bodies: unknown[] = []
  readonly #answers: Map<string, z.output<typeof answerSchema>[]>

  /** @param file The situation it is in, beside the usual one. */
  static async start(kind: EngineKind, file = USUAL): Promise<EngineDouble> {
    return new EngineDouble(kind, fixtureOf(kind, file), await FakeEngine.start())
  }

  /** One that answers what `isElsewhere` says at the port after its own, and only there. */
  static async startWithNextPort(
    kind: EngineKind,
    isElsewhere: (path: string) => boolean,
  ): Promise<EngineDouble> {
    const engine = await FakeEngine.startWithNextPort()
    const double = new EngineDouble(kind, fixtureOf(kind), engine)
    const { extra } = engine
    engine.extra = (heard, response) => {
      if (isElsewhere(heard.path) === (heard.portOffset === 1)) return extra(heard, response)
      response.writeHead(404).end()
      return true
    }
    return double
  }

  private constructor(kind: EngineKind, fixture: DoubleFixture, engine: FakeEngine) {
    this.kind = kind
    this.engine = engine
    this.fixture = fixture
    this.#answers = new Map(
      Object.entries(this.fixture.answers).map(([question, given]) => [question, [given].flat()]),
    )
    engine.embeddingModels = this.fixture.embeddingModels
    engine.extra = (heard, response) => {
      const found = this.#answer(heard)
      if (found === undefined) return false
      response.writeHead(found.status, found.headers)
      response.end(found.text)
      return true
    }
  }

  get url(): string {
    return this.engine.url
  }

  /** From now on `question` (`GET /metrics`) is answered so. `undefined`: 404, as if unknown. */
  set(question: string, answer: DoubleAnswer | undefined): void {
    const known = answer === undefined ? { status: 404 } : answer
    this.#answers.set(question, [answerSchema.parse(known)])
  }

  /** From now on `question` is not answered at all. @returns How often it was asked. */
  hang(question: string): { count: number } {
    const asked = { count: 0 }
    const { extra } = this.engine
    this.engine.extra = (heard, response) => {
      if (`${heard.method} ${heard.path}` !== question) return extra(heard, response)
      asked.count += 1
      return true
    }
    return asked
  }

  /** As a profile is given it, but without bounds. */
  get ask(): Ask {
    return async ({ method, path, json }, signal) => {
      const body = json === undefined ? {} : { body: JSON.stringify(json) }
      const answer = await fetch(`${this.url}${path}`, { method, signal, ...body })
      const headers = Object.fromEntries(answer.headers)
      return { status: answer.status, headers, text: await answer.text() }
    }
  }

  close(): Promise<void> {
    return this.engine.close()
  }

  #answer({ method, path, body }: HeardRequest): Body | undefined {
    const [bare = path] = path.split('?')
    const question = [`${method} ${path}`, `${method} ${bare}`].find(each =>
      this.#answers.has(each),
    )
    const json = jsonOf(body)
    if (question === undefined) return undefined
    this.questions.push(question)
    if (json !== undefined) this.bodies.push(json)
    const found = this.#answers.get(question)?.find(({ when }) => fits(when, json))
    return found === undefined ? { status: 404, headers: {}, text: '' } : this.#bodyOf(found)
  }

  #bodyOf(answer: z.output<typeof answerSchema>): Body {
    const { status, headers, json, file, text = '' } = answer
    if (file !== undefined) {
      const type = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
      return { status, headers: { ...type, ...headers }, text: fixtureText(this.kind, file) }
    }
    if (json === undefined) return { status, headers, text }
    const type = { 'content-type': 'application/json' }
    return { status, headers: { ...type, ...headers }, text: JSON.stringify(json) }
  }
}

/** A double that ends with the test. */
export async function doubleOf(kind: EngineKind, file = USUAL): Promise<EngineDouble> {
  const double = await EngineDouble.start(kind, file)
  onTestFinished(() => double.close())
  return double
}

function fits(when: Readonly<Record<string, unknown>> = {}, json: unknown): boolean {
  const fields = typeof json === 'object' && json !== null ? Object.entries(json) : []
  const given = new Map(fields)
  return Object.entries(when).every(([name, value]) => given.get(name) === value)
}

function jsonOf(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch (reason) {
    if (reason instanceof SyntaxError) return undefined
    throw reason
  }
}
