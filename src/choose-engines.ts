/**
 * Which engines a peer uses: those that the configuration names, else those found listening on
 * this machine, else the embedded one.
 */
import type { SkeinConfig } from './config-sections.ts'
import type { Clock } from './node/clock.ts'
import type { Logger } from './node/log.ts'
import type { NamedEngine } from './node/options.ts'
import type { Runtime } from './node/runtime.ts'
import { discoverEngines } from './runtimes/discover.ts'
import { createEmbeddedRuntime } from './runtimes/embedded/embedded-runtime.ts'
import { createOpenaiRuntime } from './runtimes/openai/runtime.ts'

export interface EngineChoiceDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly newId: () => string
  readonly onProgress: (line: string) => void
}

export async function chooseEngines(
  config: SkeinConfig,
  deps: EngineChoiceDeps,
): Promise<readonly Runtime[]> {
  const { list } = config.engines
  if (list.includes('none')) return []
  const named = list.length > 0 ? list : await findEngines(config, deps)
  const chosen = named.length > 0 ? named : ['embedded']
  return firstOfEach(chosen.map(placeOf)).map(place => createRuntime(place, config, deps))
}

type Place = 'embedded' | NamedEngine

function placeOf(engine: string | NamedEngine): Place {
  if (typeof engine === 'object') return engine
  return engine === 'embedded' ? engine : { url: engine }
}

/** An engine that is named twice is one. */
function firstOfEach(places: readonly Place[]): readonly Place[] {
  const keyOf = (place: Place) => (place === 'embedded' ? place : place.url)
  return places.filter(
    (place, index) => places.findIndex(other => keyOf(other) === keyOf(place)) === index,
  )
}

async function findEngines(
  { engines }: SkeinConfig,
  { onProgress }: EngineChoiceDeps,
): Promise<readonly NamedEngine[]> {
  if (!engines.discover) return []
  const found = await discoverEngines({ fetch })
  for (const { name, url, models } of found) {
    onProgress(`found ${name} at ${url}: ${models.join(', ') || 'no model yet'}`)
  }
  return found.map(({ url }) => ({ url }))
}

function createRuntime(
  place: Place,
  config: SkeinConfig,
  { clock, logger, newId }: EngineChoiceDeps,
): Runtime {
  if (place === 'embedded') return createEmbeddedRuntime(config.embedded, { clock, logger, newId })
  const { url: baseUrl, apiKeyPath = config.openai.apiKeyPath, ...what } = place
  // A provider's key must not reach another engine, nor theirs the provider.
  const keyPath = place.kind === 'cloud' ? place.apiKeyPath : apiKeyPath
  const options = { ...config.openai, ...what, baseUrl, apiKeyPath: keyPath }
  return createOpenaiRuntime(options, { clock, log: logger })
}
