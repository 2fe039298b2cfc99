/**
 * The profiles of all kinds of engines. In the order in which they are asked for: the first whose
 * question is answered as it expects is the kind, so whoever answers like others comes before them.
 */
import { cloud } from './cloud.ts'
import type { EngineProfile } from './engine-profile.ts'
import { llamaCpp } from './llama-cpp.ts'
import { lmStudio } from './lm-studio.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { ovms } from './ovms.ts'
import { sglang } from './sglang.ts'
import { tfServing } from './tf-serving.ts'
import { tgi } from './tgi.ts'
import { torchserve } from './torchserve.ts'
import { triton } from './triton.ts'
import { vllm } from './vllm.ts'

export const PROFILES: readonly EngineProfile[] = [
  ...[ollama, lmStudio, llamaCpp, sglang, tgi],
  ...[triton, torchserve, ovms, tfServing, vllm],
  // Whatever has an OpenAI API, and what is only ever named.
  ...[openai, cloud],
]
