/**
 * As little work as a model can be given: whoever loads models when asked has this one loaded then.
 */
import type { ModelFacts } from '../core/peer-state.ts'
import type { Endpoint, RuntimeRequest } from './runtime.ts'

export function tinyRequest(model: string, facts: ModelFacts): RuntimeRequest {
  const [endpoint, input] = tinyInput(facts)
  const limit = endpoint === 'embeddings' ? {} : { max_tokens: 1 }
  return {
    endpoint,
    model,
    isStream: false,
    body: new TextEncoder().encode(JSON.stringify({ model, ...limit, ...input })),
    headers: {},
  }
}

function tinyInput({ capabilities }: ModelFacts): readonly [Endpoint, object] {
  if (capabilities.includes('chat')) {
    return ['chat/completions', { messages: [{ role: 'user', content: '.' }] }]
  }
  if (capabilities.includes('completion')) return ['completions', { prompt: '.' }]
  return ['embeddings', { input: '.' }]
}
