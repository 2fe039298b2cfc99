/**
 * An option that sets others: a profile, whose name stands for values that fit together.
 *
 * What it sets is stronger than the defaults and weaker than every source, so a single value set
 * beside it holds.
 */
import type { Layer, Setting } from './config-sources.ts'

export interface Preset {
  /** `section.option` of the option that names the profile. */
  readonly key: string
  /** The profile that holds if none is named. */
  readonly fallback: string
  /** Profile → option of the same section → value. */
  readonly edits: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** @param settings What the sources say. */
export function presetLayer(
  presets: readonly Preset[],
  settings: ReadonlyMap<string, Setting>,
): Layer {
  const found = new Map<string, Setting>()
  for (const { key, fallback, edits } of presets) {
    const profile = settings.get(key)?.value ?? fallback
    const [section] = key.split('.')
    // A name that is none is reported with all other wrong values.
    const own = typeof profile === 'string' && Object.hasOwn(edits, profile) ? edits[profile] : {}
    for (const [option, value] of Object.entries(own ?? {})) {
      found.set(`${section}.${option}`, { value, source: `profile ${String(profile)}` })
    }
  }
  return { settings: found, problems: [] }
}
