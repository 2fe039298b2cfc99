/**
 * Generates the static protobufjs modules from the schemas in `src/protocols`.
 *
 * `npm run protocols` writes `src/protocols/gen/`; with `--check` it only says whether what is
 * there is what it would write (a test does). The generated files are committed, so that Node
 * runs the source as it is.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOURCE = 'src/protocols'
const TARGET = `${SOURCE}/gen`

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(`node_modules/.bin/${command}`, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`)
}

/** The generated module and its types. */
export function generateProtocols(): { readonly js: string; readonly types: string } {
  const folder = mkdtempSync(join(tmpdir(), 'skein-protocols-'))
  try {
    const schemas = readdirSync(SOURCE)
      .filter(name => name.endsWith('.proto'))
      .toSorted()
      .map(name => `${SOURCE}/${name}`)
    const js = join(folder, 'messages.js')
    const types = join(folder, 'messages.d.ts')
    const features = [
      '--no-create',
      '--no-verify',
      '--no-convert',
      '--no-delimited',
      '--no-service',
    ]
    run('pbjs', ['-t', 'static-module', '-w', 'es6', ...features, '-o', js, ...schemas])
    run('pbts', ['-o', types, js])
    return { js: readFileSync(js, 'utf8'), types: readFileSync(types, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const { js, types } = generateProtocols()
  writeFileSync(`${TARGET}/messages.js`, js)
  writeFileSync(`${TARGET}/messages.d.ts`, types)
}
