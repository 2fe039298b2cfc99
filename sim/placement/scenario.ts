/**
 * Where requests land when engines of different speed stand behind several peers: every peer takes
 * requests, at random times and so many that the engines are busy for a given share of the time.
 *
 * It is known for each request when it would have ended at each engine (`oracle.ts`), so what the
 * peers chose can be held against the best there was.
 */
import { exponential, pick } from '../chance.ts'
import type { EngineSpeed } from '../sim-engine.ts'
import type { SimHost } from '../sim-host.ts'
import { World } from '../world.ts'
import { type Landed, Oracle } from './oracle.ts'

const MODEL = 'm'

/** Until all know all. */
const FORM_MS = 5_000

/** Answers that are still made when the last request has come. */
const FINISH_MAX_MS = 120_000

/** Of an answer: from here to twice as far. */
const ANSWER_TOKENS_MIN = 32

const PROMPT_BYTES = 800

export interface PlacementInit {
  readonly seed: number
  /** Of the first hosts; the rest have none. */
  readonly engines: readonly EngineSpeed[]
  readonly peerCount: number
  /** Share of what all engines can do together. */
  readonly loadRatio: number
  readonly requestCount: number
}

/** @returns Where each request landed, in the order in which they came. */
export async function runPlacement(init: PlacementInit): Promise<readonly Landed[]> {
  const { seed, engines, peerCount, loadRatio, requestCount } = init
  const idle = { slotCount: 1, prefillTokensPerSecond: 1, decodeTokensPerSecond: 1 }
  const world = new World({ seed, engineSpeed: index => engines[index] ?? idle })
  for (let index = 0; index < peerCount; index += 1) {
    const models = index < engines.length ? [MODEL] : []
    await world.start(await world.addHost(world.hosts.slice(0, 1), models))
  }
  await world.pass(FORM_MS)

  const speeds = new Map(engines.map((speed, index) => [world.hosts[index]?.peerId ?? '', speed]))
  const oracle = new Oracle(speeds)
  const meanTokens = ANSWER_TOKENS_MIN * 1.5
  const perSecond = engines.reduce(
    (sum, speed) => sum + oracle.requestsPerSecond(speed, PROMPT_BYTES / 4, meanTokens),
    0,
  )
  const pending = new Set<Promise<void>>()
  for (let left = requestCount; left > 0; left -= 1) {
    await world.pass(exponential(world.random, 1_000 / (loadRatio * perSecond)))
    const tokenCount = ANSWER_TOKENS_MIN + world.random.nextIndex(ANSWER_TOKENS_MIN)
    const asked = ask(pick(world.random, world.hosts), tokenCount, { world, oracle })
    pending.add(asked)
    asked.finally(() => pending.delete(asked)).catch(error => world.fail(error))
  }
  await world.passUntil(() => pending.size === 0, FINISH_MAX_MS)
  return oracle.judge()
}

async function ask(
  host: SimHost,
  tokenCount: number,
  { world, oracle }: { readonly world: World; readonly oracle: Oracle },
): Promise<void> {
  const { peer } = host
  if (peer === undefined) throw new Error('the host runs no peer')
  const text = JSON.stringify({ model: MODEL, max_tokens: tokenCount })
  const body = new TextEncoder().encode(text.padEnd(PROMPT_BYTES))
  const startMs = world.nowMs
  const answer = await peer.dispatch(
    {
      ...{ endpoint: 'chat/completions', model: MODEL, isStream: true, body, headers: {} },
      ...{ inputTokens: PROMPT_BYTES / 4, outputTokensMax: tokenCount },
    },
    new AbortController().signal,
  )
  for await (const _ of answer.chunks);
  const endMs = world.nowMs
  oracle.landed({
    ...{ engine: answer.peer, promptTokens: PROMPT_BYTES / 4, tokenCount, startMs, endMs },
  })
}
