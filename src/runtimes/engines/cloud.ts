/**
 * A provider of an OpenAI API that runs elsewhere, at a price: the way out when no machine of the
 * mesh can take a request. Never found, only named, with the models that may be used.
 */
import type { EngineProfile } from './engine-profile.ts'
import { openai } from './openai.ts'

export const cloud: EngineProfile = {
  ...openai,
  kind: 'cloud',
  label: 'cloud',
  detect: { path: openai.detect.path, matches: () => false },
}
