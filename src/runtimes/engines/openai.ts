/**
 * Any engine of which nothing is known but that it has an OpenAI API: what it lists, the adapter
 * asks itself; what it does, shows from our own requests.
 */
import { jsonOrUndefined } from '../openai/json.ts'
import { isModelList } from '../openai/model-list.ts'
import type { EngineProfile } from './engine-profile.ts'

export const openai: EngineProfile = {
  kind: 'openai',
  label: 'OpenAI-compatible engine',
  port: undefined,
  writtenFor: 'OpenAI API, 2025',
  detect: {
    path: '/v1/models',
    matches: ({ status, text }) => status === 200 && isModelList(jsonOrUndefined(text)),
  },
  openaiPath: '/v1',
  // What it lists under its OpenAI API is read of every engine that has one.
  listModels: async () => [],
  checkHealth: async () => {},
}
