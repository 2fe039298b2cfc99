/**
 * What is said of the engines of a peer together.
 */
import { assert, describe, test } from 'vitest'
import { Engines } from '../../src/node/engines.ts'
import { NO_GPUS } from '../../src/node/gpu-source.ts'
import { FakeRuntime } from './fake-runtime.ts'
import { silent } from './recorded-network.ts'

const PRICE = { inputPerMillion: 1, outputPerMillion: 1 }

class FakeCloud extends FakeRuntime {
  override models() {
    return super.models().map(facts => ({ ...facts, price: PRICE }))
  }
}

/** All of them change their models, twice. */
function told(runtimes: readonly FakeRuntime[]): readonly (readonly [string, object])[] {
  const lines: [string, object][] = []
  const warn = (message: string, facts: object = {}) => lines.push([message, facts])
  const logger = { ...silent, warn }
  new Engines(runtimes, { gpus: NO_GPUS, logger, onModelsChanged: () => {} })
  for (const runtime of [...runtimes, ...runtimes]) {
    runtime.serve(...runtime.models().map(({ id }) => id))
  }
  return lines
}

describe('whoever runs a peer is told, once', () => {
  test('of models beyond what a peer may offer', () => {
    const many = Array.from({ length: 258 }, (_, index) => `m${index}`)
    assert.deepEqual(told([new FakeRuntime(many.slice(2))]), [])
    const [line, ...more] = told([new FakeRuntime(many.slice(0, 200), 'a'), new FakeRuntime(many)])
    assert.match(line?.[0] ?? '', /^models are left out/)
    assert.deepEqual(line?.[1], { leftOut: 2, modelsMax: 256 })
    assert.isEmpty(more)
  })

  test('of a cloud whose model an engine has that is named before it', () => {
    const [own, cloud] = [new FakeRuntime(['a'], 'own'), new FakeCloud(['a', 'b'], 'cloud')]
    const [line, ...more] = told([own, cloud])
    assert.match(line?.[0] ?? '', /^a cloud is never asked/)
    assert.deepEqual(line?.[1], { model: 'a', cloud: 'cloud', engine: 'own' })
    assert.isEmpty(more)
    assert.isEmpty(told([cloud, own]))
  })
})
