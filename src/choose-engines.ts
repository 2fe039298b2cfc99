/**
 * Which engines a peer uses: those that the configuration names, else those found listening on
 * this machine, else the embedded one.
 */
import type { SkeinConfig } from './config-sections.ts'
import type { Clock } from './node/clock.ts'
import type { Logger } from './node/log.ts'
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
  return [...new Set(chosen)].map(engine => createRuntime(engine, config, deps))
}

/** Base URLs. */
async function findEngines(
  { engines }: SkeinConfig,
  { onProgress }: EngineChoiceDeps,
): Promise<readonly string[]> {
  if (!engines.discover) return []
  const found = await discoverEngines({ fetch })
  for (const { name, url, models } of found) {
    onProgress(`found ${name} at ${url}: ${models.join(', ') || 'no model yet'}`)
  }
  return found.map(({ url }) => url)
}

function createRuntime(
  engine: string,
  config: SkeinConfig,
  { clock, logger, newId }: EngineChoiceDeps,
): Runtime {
  if (engine === 'embedded') return createEmbeddedRuntime(config.embedded, { clock, logger, newId })
  return createOpenaiRuntime({ ...config.openai, baseUrl: engine }, { clock, log: logger })
}
