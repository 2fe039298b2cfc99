/**
 * An adapter, the engine behind it and the clock both live by, as the tests of this folder use
 * them. Closed at the end of the test that made it.
 */
import { assert, onTestFinished, vi } from 'vitest'
import { MeshError } from '../../../src/core/errors.ts'
import { createLogger } from '../../../src/node/log.ts'
import type { Runtime, RuntimeRequest } from '../../../src/node/runtime.ts'
import { openaiOptions } from '../../../src/runtimes/openai/options.ts'
import { createOpenaiRuntime } from '../../../src/runtimes/openai/runtime.ts'
import { ManualClock } from '../manual-clock.ts'
import { CHAT_MODEL, FakeEngine } from './fake-engine.ts'

/** So far out that only a hang reaches it. */
export const DEADLINE_MS = 10_000

export interface UnderTest {
  readonly engine: FakeEngine
  readonly runtime: Runtime
  readonly clock: ManualClock
  /** What the adapter logged, as parsed lines. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
}

export const soon = () => AbortSignal.timeout(DEADLINE_MS)

/** Waits for what another process or socket will do; no result depends on how long it takes. */
export const eventually = (check: () => void) =>
  vi.waitFor(check, { timeout: DEADLINE_MS, interval: 2 })

export function runtimeFor(options: object): Omit<UnderTest, 'engine'> {
  const clock = new ManualClock()
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => lines.push(JSON.parse(line))
  const log = createLogger('debug', { write, wallMs: () => clock.wallMs() })
  const runtime = createOpenaiRuntime(openaiOptions.parse({ kind: 'openai', ...options }), {
    clock,
    log,
  })
  onTestFinished(() => runtime.close())
  return { runtime, clock, lines }
}

export async function startedRuntime(options: object = {}): Promise<UnderTest> {
  const engine = await FakeEngine.start()
  onTestFinished(() => engine.close())
  const under = runtimeFor({ baseUrl: engine.url, ...options })
  await under.runtime.start(soon())
  return { engine, ...under }
}

export function chatRequest(
  fields: object = {},
  extra: Partial<RuntimeRequest> = {},
): RuntimeRequest {
  const messages = [{ role: 'user', content: 'Say something.' }]
  const body = { model: CHAT_MODEL, messages, max_tokens: 4, ...fields }
  const isStream = 'stream' in fields && fields.stream === true
  return {
    endpoint: 'chat/completions',
    model: CHAT_MODEL,
    isStream,
    body: new TextEncoder().encode(JSON.stringify(body)),
    headers: {},
    ...extra,
  }
}

export const streamRequest = (fields: object = {}) => chatRequest({ stream: true, ...fields })

/** The `MeshError` the promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<MeshError> {
  const error = await promise.then(
    () => assert.fail('expected a failure, found a result'),
    (reason: unknown) => reason,
  )
  assert.instanceOf(error, MeshError)
  return error
}

export async function isIdle(runtime: Runtime): Promise<void> {
  await eventually(() => {
    for (const { queuedCount, runningCount } of runtime.load().models) {
      assert.equal(queuedCount + runningCount, 0)
    }
  })
}
