/**
 * What other peers ask of this one over their lanes: to hear a claim, to act on a model, to tell what
 * was served, or to serve a request.
 */
import type { LaneAnswer, LaneCall } from '../protocols/lane.ts'
import type { Engines } from './engines.ts'
import { CLAIM_METHOD, fromLaneCall, noContent } from './lane-call.ts'
import { ACT_METHOD, type ModelControl } from './model-control.ts'
import { SERVED_METHOD, type ServedDesk } from './recording/served-desk.ts'

export interface LaneServiceDeps {
  readonly engines: Pick<Engines, 'serve'>
  readonly control: Pick<ModelControl, 'serve'>
  readonly served: Pick<ServedDesk, 'serve'>
  readonly claimHeard: (bytes: Uint8Array) => Promise<unknown>
  readonly onLoadChanged: () => void
}

/** @throws MeshError ERR_INVALID_REQUEST for a method this version does not know, and what they throw. */
export async function serveLane(
  call: LaneCall,
  signal: AbortSignal,
  deps: LaneServiceDeps,
): Promise<LaneAnswer> {
  const { engines, control, served, claimHeard, onLoadChanged } = deps
  if (call.method === CLAIM_METHOD) {
    await claimHeard(call.body)
    return noContent()
  }
  if (call.method === SERVED_METHOD) return served.serve(call)
  onLoadChanged()
  if (call.method === ACT_METHOD) return await control.serve(call, signal)
  // An answer that is cancelled has no last frame, which would report the load.
  signal.addEventListener('abort', onLoadChanged)
  return await engines.serve(fromLaneCall(call), signal)
}
