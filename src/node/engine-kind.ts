/**
 * The kinds of engines that a configuration can name. What is known of each stands in
 * `src/runtimes/engines`.
 */
export const ENGINE_KINDS = [
  ...(['vllm', 'sglang', 'tgi', 'triton', 'torchserve', 'tf-serving', 'ovms'] as const),
  ...(['llama-cpp', 'ollama', 'lm-studio', 'openai', 'cloud'] as const),
] as const

export type EngineKind = (typeof ENGINE_KINDS)[number]
