/**
 * Profiles: an option that sets others, weaker than whatever is set itself.
 */
import { assert, describe, test } from 'vitest'
import { configPresets, configSections } from '../../../src/config-sections.ts'
import { membershipOptions, PROFILES, profileEdits } from '../../../src/membership/options.ts'
import { loadConfig } from '../../../src/node/config/config.ts'

const load = (variables: Record<string, string>) =>
  loadConfig(configSections, { variables, flags: new Map() }, configPresets)

const sourceOf = (loaded: ReturnType<typeof load>, key: string) =>
  loaded.entries.find(entry => entry.key === key)?.source

describe('a profile', () => {
  test('sets what it stands for', () => {
    const loaded = load({ SKEIN_MEMBERSHIP__PROFILE: 'wan' })
    assert.equal(loaded.config.membership.probeIntervalMs, profileEdits.wan.probeIntervalMs)
    assert.equal(sourceOf(loaded, 'membership.probeIntervalMs'), 'profile wan')
    assert.equal(sourceOf(loaded, 'membership.membersMax'), 'default')
  })

  test('gives way to what is set beside it', () => {
    const loaded = load({
      SKEIN_MEMBERSHIP__PROFILE: 'wan',
      SKEIN_MEMBERSHIP__PROBE_INTERVAL_MS: '3000',
    })
    assert.equal(loaded.config.membership.probeIntervalMs, 3_000)
  })

  test('that nobody names is that of the defaults', () => {
    assert.deepEqual(load({}).config.membership, membershipOptions.parse({}))
  })

  test('of a name that is none is told as any wrong value', () => {
    assert.throws(
      () => load({ SKEIN_MEMBERSHIP__PROFILE: 'moon' }),
      /membership\.profile: expected one of local, lan, wan, found "moon"/,
    )
  })

  for (const profile of PROFILES) {
    test(`${profile} is within all bounds and rules`, () => {
      assert.doesNotThrow(() => membershipOptions.parse({ profile, ...profileEdits[profile] }))
    })
  }
})
