/**
 * The version of this package, from the package.json above this file, wherever it was built to.
 */
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { z } from 'zod'
import { assert } from '../core/assert.ts'

const manifest = z.object({ version: z.string() })

function readVersion(): string {
  const path = findPackageJSON(import.meta.url)
  assert(path !== undefined, 'this file lies inside its package')
  return manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).version
}

export const VERSION = readVersion()
