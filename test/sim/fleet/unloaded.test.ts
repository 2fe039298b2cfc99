/**
 * What slowdown is measured by: the times that an engine takes which has nothing else to do.
 */
import fc from 'fast-check'
import { assert, test } from 'vitest'
import { unloadedLanguageMs } from '../../../sim/fleet/unloaded.ts'
import { languageSpeed } from '../../../sim/scenario/hardware.ts'
import { languageScene } from '../engines/scene.ts'

test('a request by itself takes an engine as long as is said beforehand', () => {
  const someMs = (max: number) => fc.double({ min: 0.001, max, noNaN: true })
  const speeds = fc.record({
    ...{ stepBaseMs: someMs(50), stepPerSequenceMs: someMs(5), prefillTokenMs: someMs(1) },
    ...{
      stepPerContextTokenMs: someMs(0.01),
      prefillChunkTokens: fc.integer({ min: 1, max: 700 }),
    },
  })
  const count = () => fc.integer({ min: 1, max: 2_000 })
  fc.assert(
    fc.property(speeds, count(), count(), (input, inputTokens, outputTokens) => {
      const { timeline, engine, send } = languageScene(input)
      send('a', 0, { inputTokens, outputTokens })
      timeline.run(1e9)
      const expectedMs = unloadedLanguageMs(languageSpeed.parse(input), {
        ...{ inputTokens, outputTokens, units: 0 },
      })
      assert.approximately(engine.totals.busyMs, expectedMs, 1e-9 * expectedMs)
    }),
  )
})
