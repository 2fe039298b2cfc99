/**
 * Rules about this repository that no linter knows.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { assert, test } from 'vitest'
import { generateProtocols } from '../scripts/protocols.ts'

const read = (path: string) => readFileSync(path, 'utf8')

function filesIn(folders: readonly string[], ending: string): string[] {
  return folders
    .filter(folder => existsSync(folder))
    .flatMap(folder => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => path.endsWith(ending) && !path.includes('/gen/'))
}

const sourceFiles = filesIn(['src', 'sim', 'scripts', 'bench', 'test'], '.ts')
const pages = [...filesIn(['docs'], '.md'), 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']

test('every file opens by saying what it is for', () => {
  const silent = sourceFiles.filter(path => !/^(#!.*\n)?\/\*\*/.test(read(path)))
  assert.deepEqual(silent, [])
})

test('no file has a name that could hold anything', () => {
  const vague = sourceFiles.filter(path =>
    /\/(utils?|helpers?|common|manager|types)\.ts$/.test(path),
  )
  assert.deepEqual(vague, [])
})

test('the generated protocol modules are what the schemas say', () => {
  const { js, types } = generateProtocols()
  assert.equal(read('src/protocols/gen/messages.js'), js)
  assert.equal(read('src/protocols/gen/messages.d.ts'), types)
})

test('the lockfile names no registry', () => {
  const lock: { packages: Record<string, { resolved?: string }> } = JSON.parse(
    read('package-lock.json'),
  )
  const named = Object.entries(lock.packages).filter(([, entry]) => entry.resolved?.includes('://'))
  assert.deepEqual(named, [])
})

test('every link from a page to a file leads somewhere', () => {
  const broken = pages.flatMap(page =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, target]) => join(dirname(page), target ?? ''))
      .filter(target => !existsSync(target))
      .map(target => `${page} -> ${target}`),
  )
  assert.deepEqual(broken, [])
})

test('the README stays under 120 lines', () => {
  assert.isBelow(read('README.md').split('\n').length, 120)
})
