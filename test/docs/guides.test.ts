/**
 * The commands in the guides are commands: each is taken by the command line as it stands.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { assert, describe, test } from 'vitest'
import { readManifest } from '../../src/cli/manifest.ts'
import { MeshError } from '../../src/core/errors.ts'
import { fakeMesh } from '../cli/fake-mesh.ts'
import { runSkein } from '../cli/run-skein.ts'
import { shownCommands } from './shell-commands.ts'

const FOLDER = 'docs/guide'

const pages = readdirSync(FOLDER).map(name => ({
  name,
  text: readFileSync(`${FOLDER}/${name}`, 'utf8'),
}))

/** Runs what it shows, in a test of its own: `simulator-guide.test.ts`. */
const SIMULATOR = 'simulator.md'
const isSimulated = (args: readonly string[]) => args[0] === 'sim'

/** Nothing is started: whatever comes after reading the command line is not tested here. */
async function start(): Promise<never> {
  throw new MeshError('this test starts no peer', { code: 'ERR_STOPPING' })
}

/** Commands that go on until somebody stops them. */
const ENDLESS = /policy watch|events --follow/

for (const { name, text } of pages) {
  describe(name, () => {
    const all = shownCommands(text)
    const commands = all.filter(({ args }) => !isSimulated(args))

    test('shows commands', () => {
      assert.isAbove(all.length, 3)
    })

    for (const { line, args } of commands.filter(each => !ENDLESS.test(each.line))) {
      test(line, async () => {
        const { stdout } = await runSkein([...args, '--json'], { ...fakeMesh(), start })
        // A command that is not known, a flag too many, a value of the wrong form.
        assert.notInclude(stdout, '"code":"ERR_USAGE"')
      })
    }

    if (name === SIMULATOR) return
    for (const [, yaml = ''] of text.matchAll(/```yaml\n([\s\S]*?)```/g)) {
      test(`has resources that apply takes: ${yaml.split('\n')[0]}`, () => {
        assert.isNotEmpty(readManifest(yaml, name))
      })
    }
  })
}
