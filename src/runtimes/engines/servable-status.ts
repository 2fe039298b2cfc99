/**
 * How far the versions of a model are, in the words of TensorFlow Serving, which OpenVINO Model
 * Server speaks as well.
 *
 * Source: tensorflow/serving 2.19, tensorflow_serving/apis/get_model_status.proto.
 */
import { z } from 'zod'
import type { Unready } from '../../core/peer-state.ts'

export const servableStatus = z.object({
  model_version_status: z
    .array(
      z.object({
        state: z.enum(['UNKNOWN', 'START', 'LOADING', 'AVAILABLE', 'UNLOADING', 'END']),
        status: z.object({ error_code: z.string().catch('OK') }).optional(),
      }),
    )
    .max(1_000),
})

/** One version that is available serves; else the one that is furthest on its way tells. */
export function unreadyServable({
  model_version_status: versions,
}: z.output<typeof servableStatus>): Unready | undefined {
  const states = new Set(versions.map(({ state }) => state))
  if (states.has('AVAILABLE')) return undefined
  if (states.has('START') || states.has('LOADING')) return { state: 'loading' }
  const isFailed = versions.some(({ status }) => (status?.error_code ?? 'OK') !== 'OK')
  return { state: isFailed ? 'failed' : 'cold' }
}
