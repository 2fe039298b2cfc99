/**
 * The bare contestant: what three Node processes on this disk can do at most, as the bound that ours
 * is held against.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from '../child-process.ts'
import type { Contestant } from './contestant.ts'

const SCRIPT = fileURLToPath(new URL('./bare-member.ts', import.meta.url))
const READY_MAX_MS = 10_000

export const bare: Contestant = {
  name: 'bare',
  absence: () => undefined,
  async start(folder) {
    const children: Child[] = []
    const stop = async () => {
      await Promise.all(children.map(child => child.stop()))
    }
    const startMember = async (...args: readonly string[]) => {
      const name = `member-${children.length}`
      const file = join(folder, `${name}.log`)
      const [role = '', ...rest] = args
      const options = { name, args: [SCRIPT, role, file, ...rest], readyMaxMs: READY_MAX_MS }
      const child = await startChild(options)
      children.push(child)
      return String(child.ready['port'])
    }
    try {
      const followers = [await startMember('follower'), await startMember('follower')]
      const port = Number(await startMember('leader', ...followers))
      return { pids: children.map(({ pid }) => pid), protocol: 'bare', port, stop }
    } catch (error) {
      await stop()
      throw error
    }
  },
}
