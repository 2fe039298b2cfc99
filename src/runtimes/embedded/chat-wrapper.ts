/**
 * Which chat format a model file asks for, and how its model is told of tools.
 *
 * The library finds the format by the file's chat template. It knows what the families of models
 * learned of tools; for plain ChatML it makes up a syntax of its own. Models in that format that
 * were taught tools at all were taught Hermes' way (`<tool_call>{"name": …, "arguments": …}`), which
 * Qwen took over, so a ChatML model without a word on tools in its template gets that.
 *
 * Source: NousResearch, "Hermes Function Calling", prompt format.
 */
import type { ChatWrapper, LlamaModel } from 'node-llama-cpp'
import type { LlamaLibrary } from './llama-library.ts'

export function chatWrapperFor(library: LlamaLibrary, model: LlamaModel): ChatWrapper {
  const wrapper = library.resolveChatWrapper(model)
  if (!(wrapper instanceof library.ChatMLChatWrapper)) return wrapper

  const hermes = new library.QwenChatWrapper({ variation: '3' })
  return Object.assign(wrapper, {
    settings: { ...wrapper.settings, functions: hermes.settings.functions },
    generateAvailableFunctionsSystemText: hermes.generateAvailableFunctionsSystemText.bind(hermes),
  })
}
