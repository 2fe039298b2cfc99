/**
 * The kinds of engines that a configuration can name. What is known of each stands in
 * `src/runtimes/engines`.
 */
export const ENGINE_KINDS = [
  ...(['vllm', 'sglang', 'tgi', 'triton', 'torchserve', 'tf-serving', 'ovms'] as const),
  ...(['llama-cpp', 'ollama', 'lm-studio', 'openai', 'cloud'] as const),
] as const

/** How models read a chat, where the engine itself does not know. See `src/runtimes/kserve`. */
export const CHAT_TEMPLATES = ['chatml', 'llama-3', 'gemma', 'mistral'] as const

export type ChatTemplate = (typeof CHAT_TEMPLATES)[number]

export type EngineKind = (typeof ENGINE_KINDS)[number]
