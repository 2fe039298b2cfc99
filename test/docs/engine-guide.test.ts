/**
 * What the guide to engines tells people to write into their configuration is a configuration.
 */
import { readFileSync } from 'node:fs'
import { assert, describe, test } from 'vitest'
import { enginesOptions } from '../../src/node/options.ts'

const page = readFileSync('docs/guide/engines.md', 'utf8')

const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim())

describe('the guide to engines', () => {
  test('shows configurations', () => {
    assert.isAbove(blocks.length, 2)
  })

  for (const block of blocks) {
    test(`shows one that is taken: ${block}`, () => {
      enginesOptions.parse(JSON.parse(block).engines)
    })
  }
})
