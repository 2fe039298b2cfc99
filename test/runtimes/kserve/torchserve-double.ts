/**
 * TorchServe with a model of vLLM's handler: requests at one port, models at the next.
 *
 * Of its fixture all is as it is but what waits: nobody but us asks it, and four that never end
 * would be counted, as they should.
 */
import { type DoubleAnswer, EngineDouble } from '../engine-double.ts'

export const TORCHSERVE_MODEL = 'llama'

const DESCRIPTION = {
  modelName: TORCHSERVE_MODEL,
  modelVersion: '1.0',
  minWorkers: 1,
  maxWorkers: 1,
  batchSize: 1,
  workers: [{ id: '9000', status: 'READY', gpu: true }],
  jobQueueStatus: { remainingCapacity: 100, pendingRequests: 0 },
}

/** The name of the weights, by which the handler knows the model. */
export const HANDLED: DoubleAnswer = {
  json: { object: 'list', data: [{ id: 'meta-llama/Llama-3' }] },
}

export async function startTorchserveDouble(): Promise<EngineDouble> {
  const double = await EngineDouble.startWithNextPort('torchserve', path =>
    path.startsWith('/models'),
  )
  double.set(`GET /models/${TORCHSERVE_MODEL}`, { json: [DESCRIPTION] })
  double.set(`GET /predictions/${TORCHSERVE_MODEL}/1.0/v1/models`, HANDLED)
  return double
}
