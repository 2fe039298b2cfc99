/**
 * `skein models` says which models can answer now, and when the others will.
 */
import { assert, describe, test } from 'vitest'
import type { ModelView, UnreadyAt } from '../../src/node/gateway.ts'
import { modelFacts } from '../node/fake-runtime.ts'
import { runSkein } from './run-skein.ts'

async function stateShown(unready: readonly UnreadyAt[] | undefined): Promise<string | undefined> {
  const peers = ['peer-a', 'peer-b']
  const model: ModelView = { id: 'tiny', facts: modelFacts('tiny'), peers, unready }
  const respond = () => Response.json({ models: [model] })
  const { stdout } = await runSkein(['models'], { respond: async () => respond() })
  return stdout.split('\n')[1]?.split(/ {2,}/)[2]
}

describe('a model', () => {
  const cases: readonly (readonly [string, UnreadyAt[] | undefined])[] = [
    ['ready', undefined],
    ['ready on 1', [{ peer: 'peer-a', state: 'cold' }]],
    [
      'cold',
      [
        { peer: 'peer-a', state: 'cold' },
        { peer: 'peer-b', state: 'failed' },
      ],
    ],
    [
      'loading, 40 %, 12 s',
      [
        { peer: 'peer-a', state: 'cold' },
        { peer: 'peer-b', state: 'loading', progressRatio: 0.4, readyInMs: 11_500 },
      ],
    ],
  ]
  for (const [shown, unready] of cases) {
    test(`is shown as ${shown}`, async () => assert.equal(await stateShown(unready), shown))
  }
})
