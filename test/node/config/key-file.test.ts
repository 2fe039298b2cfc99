/**
 * Files with API keys: each fault is named with its line, none shows a key.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, assert, describe, test } from 'vitest'
import { hasCode, type MeshError } from '../../../src/core/errors.ts'
import { readKeyFile } from '../../../src/node/config/key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-keys-'))
const path = join(folder, 'keys')
afterAll(() => rmSync(folder, { recursive: true }))

function errorOf(file: string): MeshError {
  try {
    readKeyFile(file)
  } catch (error) {
    assert.ok(hasCode(error, 'ERR_CONFIG'), String(error))
    return error
  }
  throw new Error('the file was taken')
}

describe('a line that is no key', () => {
  const cases = [
    { rule: 'a space', line: 'secret of-mine', found: 'a space' },
    { rule: 'a tab', line: 'secret\tof-mine', found: 'a tab or another control character' },
    { rule: 'an escape', line: 'secret\u001bof', found: 'a tab or another control character' },
    { rule: 'a letter beyond ASCII', line: 'secretß-of', found: 'a character that is not ASCII' },
    { rule: 'too few characters', line: 'secret7', found: '7 characters' },
    { rule: 'too many characters', line: 'secret'.repeat(100), found: '600 characters' },
  ]
  for (const { rule, line, found } of cases) {
    test(`has ${rule}: its number is told, with a hint, and its content is not`, () => {
      writeFileSync(path, `# laptop\r\nsk-12345678\r\n\r\n${line}\r\n`)
      const { message, hint } = errorOf(path)
      assert.include(message, `in line 4 of ${path}, found ${found}`)
      assert.match(hint ?? '', /^One key on each line/)
      assert.notInclude(message, 'secret')
    })
  }
})

test('a key of 8 and one of 512 characters are keys, whatever ends the line', () => {
  writeFileSync(path, `12345678\r\n${'k'.repeat(512)}`)
  assert.deepEqual(readKeyFile(path), ['12345678', 'k'.repeat(512)])
})

test('a file that is missing, a folder or endless is called that', () => {
  assert.match(errorOf(join(folder, 'absent')).message, /found no file$/)
  assert.match(errorOf(folder).message, /found a folder$/)
  if (process.platform !== 'win32') {
    assert.match(errorOf('/dev/zero').message, /found more than 10260000 bytes$/)
  }
})
