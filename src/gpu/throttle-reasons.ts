/**
 * Why a GPU's clock is lower than it could be, as NVIDIA's bits say it.
 *
 * Idleness (0x1), clocks that somebody set (0x2), sync boost (0x10) and display clocks (0x100) are
 * no trouble and left out.
 *
 * Source: NVML API reference, "Clocks Event Reasons" (nvml.h, nvmlClocksEventReason*).
 */

/** In the order of their bits. */
const REASONS: readonly (readonly [bit: number, reason: string])[] = [
  [0x4, 'power cap'],
  [0x8, 'hardware slowdown'],
  [0x20, 'heat, seen by the driver'],
  [0x40, 'heat, seen by the hardware'],
  [0x80, 'power brake'],
]

/** @param bits Above 2^32 none has a meaning. */
export function throttleReasons(bits: number): readonly string[] {
  const low = bits % 2 ** 32
  return REASONS.filter(([bit]) => (low & bit) !== 0).map(([, reason]) => reason)
}
