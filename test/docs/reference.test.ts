/**
 * The generated reference pages are what their sources say.
 */
import { readFileSync } from 'node:fs'
import { assert, test } from 'vitest'
import { cliDoc } from '../../scripts/cli-doc.ts'
import { configDoc } from '../../scripts/config-doc.ts'
import { policyDoc, policyFields } from '../../scripts/policy-doc.ts'
import { SMALLEST, scenarioDoc, scenarioFields } from '../../scripts/scenario-doc.ts'
import { parseScenario } from '../../sim/scenario/parse.ts'
import { configSections } from '../../src/config-sections.ts'
import { describeOptions } from '../../src/node/config/config-schema.ts'

const read = (page: string) => readFileSync(`docs/reference/${page}.md`, 'utf8')

test('config.md is what the schemas say; else run `npx node scripts/config-doc.ts`', () => {
  assert.equal(read('config'), configDoc())
})

test('cli.md is what the commands say; else run `npx node scripts/cli-doc.ts`', () => {
  assert.equal(read('cli'), cliDoc())
})

test('policy.md is what the schemas say; else run `npx node scripts/policy-doc.ts`', () => {
  assert.equal(read('policy'), policyDoc())
})

test('scenario.md is what the schema says; else run `npx node scripts/scenario-doc.ts`', () => {
  assert.equal(read('scenario'), scenarioDoc())
})

test('every field of a scenario says what it is, and the example is a scenario', () => {
  const fields = scenarioFields()
  assert.isAbove(fields.length, 120)
  assert.deepEqual(
    fields.filter(({ meaning }) => meaning === '').map(({ path }) => path),
    [],
  )
  assert.equal(parseScenario(SMALLEST, 'scenario.md').workload.classes.length, 1)
})

test('every field of the policy says what it is', () => {
  const fields = policyFields()
  assert.isAbove(fields.length, 60)
  assert.deepEqual(
    fields.filter(({ meaning }) => meaning === '').map(({ path }) => path),
    [],
  )
})

test('every option says what it does and has a variable of its own', () => {
  const options = describeOptions(configSections)
  assert.deepEqual(
    options.filter(({ meaning }) => meaning === '').map(({ key }) => key),
    [],
  )
  assert.equal(new Set(options.map(({ variable }) => variable)).size, options.length)
})

test('the defaults of all sections make a configuration', () => {
  for (const [section, schema] of Object.entries(configSections)) {
    assert.isTrue(schema.safeParse({}).success, section)
  }
})
