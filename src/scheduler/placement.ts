/**
 * Whether a request runs in the mesh or with a provider that asks a price: what each placement
 * policy makes of how the mesh would take it.
 *
 *                          accept            defer     reject
 *     local-first          local             cloud     cloud
 *     local-only           local             reject    reject
 *     cloud-only           cloud             cloud     cloud
 *     latency-optimized    local with GPU    cloud     cloud
 *     cost-optimized       local             local     cloud
 *
 * Source: the routing policies and admission thresholds of MoFA (mofa-org/mofa,
 * crates/mofa-foundation/src/inference/{routing,types}.rs, revision 4a6b438a).
 */
import {
  type Contender,
  freeSlotCount,
  headroomRatioOf,
  kvNeedRatio,
  type RequestSize,
} from './score.ts'
import type { Side } from './view.ts'

export const PLACEMENT_POLICIES = [
  'local-first',
  'local-only',
  'cloud-only',
  'latency-optimized',
  'cost-optimized',
] as const

export type PlacementPolicy = (typeof PLACEMENT_POLICIES)[number]

/** Starts at once; waits, for a place or for memory; cannot be taken. */
export type LocalAdmission = 'accept' | 'defer' | 'reject'

export type PlacementVerdict = Side | 'reject'

/** Of the memory that limits a peer, with the request in it. */
const ACCEPT_MAX_RATIO = 0.75
const DEFER_MAX_RATIO = 0.9

const VERDICTS: Record<PlacementPolicy, Record<LocalAdmission, PlacementVerdict>> = {
  'local-first': { accept: 'local', defer: 'cloud', reject: 'cloud' },
  'local-only': { accept: 'local', defer: 'reject', reject: 'reject' },
  'cloud-only': { accept: 'cloud', defer: 'cloud', reject: 'cloud' },
  'latency-optimized': { accept: 'local', defer: 'cloud', reject: 'cloud' },
  'cost-optimized': { accept: 'local', defer: 'local', reject: 'cloud' },
}

const SIDES: Record<PlacementPolicy, readonly Side[]> = {
  'local-first': ['local', 'cloud'],
  'local-only': ['local'],
  'cloud-only': ['cloud'],
  'latency-optimized': ['local', 'cloud'],
  'cost-optimized': ['local', 'cloud'],
}

export interface LocalOffer {
  readonly admission: LocalAdmission
  readonly hasGpu: boolean
}

export function placementVerdict(
  policy: PlacementPolicy,
  { admission, hasGpu }: LocalOffer,
): PlacementVerdict {
  if (policy === 'latency-optimized' && !hasGpu) return 'cloud'
  return VERDICTS[policy][admission]
}

/** Which sides all of the policies leave open. */
export function allowedSides(policies: readonly PlacementPolicy[]): readonly Side[] {
  return SIDES['local-first'].filter(side => policies.every(policy => SIDES[policy].includes(side)))
}

/** What we do not know is of a later version, and may be there to keep prompts in the mesh. */
export function knownPlacement(name: string): PlacementPolicy {
  return PLACEMENT_POLICIES.find(known => known === name) ?? 'local-only'
}

/** How full memory would be with the request in it. */
export function memoryAdmission(projectedRatio: number): LocalAdmission {
  if (projectedRatio <= ACCEPT_MAX_RATIO) return 'accept'
  return projectedRatio <= DEFER_MAX_RATIO ? 'defer' : 'reject'
}

/** Whether the request waits neither for a place nor for memory, nor for the model to be loaded. */
export function beginsAtOnce(contender: Contender, size: RequestSize): boolean {
  const isLoaded = contender.model.load.unready === undefined
  return isLoaded && localOffer(contender, size).admission === 'accept'
}

/** How the best local peer would take the request. @param contender `undefined`: nobody can. */
export function localOffer(contender: Contender | undefined, size: RequestSize): LocalOffer {
  if (contender === undefined) return { admission: 'reject', hasGpu: true }
  const hasGpu = contender.entry.load.gpus.length > 0
  const { model } = contender
  // Engines fill the memory of a GPU as they start: only the KV cache says how much work fits.
  const usedRatio = model.load.kvUsedRatio === undefined ? 0 : 1 - headroomRatioOf(contender)
  const memory = memoryAdmission(usedRatio + kvNeedRatio(size, model))
  if (memory !== 'accept') return { admission: memory, hasGpu }
  return { admission: freeSlotCount(contender) > 0 ? 'accept' : 'defer', hasGpu }
}
