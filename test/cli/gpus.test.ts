/**
 * `skein gpus` against a small fake of a peer's HTTP side.
 */
import { assert, describe, test } from 'vitest'
import { type GpuLoad, NO_LOAD } from '../../src/core/peer-state.ts'
import type { NodeStatus } from '../../src/node/gateway.ts'
import { jsonLines, runSkein } from './run-skein.ts'

const gpu: GpuLoad = {
  name: 'NVIDIA H200',
  uuid: 'GPU-0',
  vramTotalBytes: 150 * 1_073_741_824,
  vramUsedBytes: 75 * 1_073_741_824,
  utilizationRatio: 0.374,
  temperatureCelsius: 61,
  powerWatts: 350,
  isThrottled: false,
  isFaulty: false,
}

function node(name: string, gpus: readonly GpuLoad[], status: NodeStatus = 'alive') {
  const facts = { version: '0.1.0', name, zone: '', labels: {}, addresses: [], models: [] }
  const seen = { ageMs: 0, isConnected: true, path: 'direct', incarnation: 1, isSelf: false }
  return { peer: `peer-${name}`, status, facts, load: { ...NO_LOAD, gpus }, ...seen }
}

const NODES = [
  node('b', [
    { ...gpu, uuid: undefined, isThrottled: true, temperatureCelsius: undefined },
    { ...gpu, isFaulty: true, faults: ['hotter than 90 °C', 'lost'] },
  ]),
  node('a', [gpu]),
  node('gone', [gpu], 'dead'),
]

const respond = () => Response.json({ nodes: NODES })

describe('skein gpus', () => {
  test('shows each GPU of each peer that is there, and why it must not be used', async () => {
    const { stdout } = await runSkein(['gpus'], { respond })
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      'NODE  GPU          STATE                                 MEMORY             BUSY  HEAT   POWER  UUID',
      'a     NVIDIA H200  ok                                    75.0 of 150.0 GiB  37 %  61 °C  350 W  GPU-0',
      'b     NVIDIA H200  throttled                             75.0 of 150.0 GiB  37 %  -      350 W  -',
      'b     NVIDIA H200  quarantined: hotter than 90 °C; lost  75.0 of 150.0 GiB  37 %  61 °C  350 W  GPU-0',
    ])
  })

  test('says so if there are none', async () => {
    const none = () => Response.json({ nodes: [node('c', [])] })
    const { stdout, stderr, exitCode } = await runSkein(['gpus'], { respond: none })
    assert.include(stderr, 'no peer tells of a GPU')
    assert.deepEqual([stdout, exitCode], ['', 0])
  })

  test('prints them as JSON too', async () => {
    const [answer] = jsonLines(await runSkein(['gpus', '--json'], { respond }))
    assert.deepEqual(answer, {
      nodes: [
        { peer: 'peer-a', gpus: [JSON.parse(JSON.stringify(gpu))] },
        { peer: 'peer-b', gpus: JSON.parse(JSON.stringify(NODES[0]?.load.gpus)) },
      ],
    })
  })
})
