/**
 * Programs and files of a test's own, gone when it ends.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** A program whose shell text can be replaced. */
export async function testProgram(text: string) {
  const path = join(await testFolder(), 'program')
  const become = async (next: string) => {
    await writeFile(path, `#!/bin/sh\n${next}\n`)
    await chmod(path, 0o755)
  }
  await become(text)
  return { path, become }
}

/** Shell text that prints lines. */
export const prints = (...lines: readonly string[]) =>
  lines.map(line => `echo '${line}'`).join('\n')

/** A kill takes a moment: until the program is gone, no second one is started. */
export async function afterHang<Found>(read: () => Promise<Found>): Promise<Found> {
  for (;;) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('still hangs'))) throw error
    }
    await new Promise(resolve => setImmediate(resolve))
  }
}
