/**
 * The log of Skein as a contestant: the same agreement, policy and disk as `skein`, but changes are
 * proposed within the process that leads, and messages go by plain TCP. What it costs less is HTTP,
 * keys, lanes and their encryption.
 */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, parsedLine, startChild } from '../child-process.ts'
import type { Contestant } from './contestant.ts'

const SCRIPT = fileURLToPath(new URL('./log-member.ts', import.meta.url))
const MEMBER_COUNT = 3
const READY_MAX_MS = 10_000
const VOTING_MAX_MS = 60_000

export const log: Contestant = {
  name: 'log',
  absence: () => undefined,
  async start(folder) {
    const children: Child[] = []
    const stop = async () => {
      await Promise.all(children.map(child => child.stop()))
    }
    const voting = new AbortController()
    try {
      while (children.length < MEMBER_COUNT) {
        const place = String(children.length)
        const own = join(folder, place)
        mkdirSync(own)
        children.push(
          await startChild({
            name: `member ${place}`,
            args: [SCRIPT, place, own],
            readyMaxMs: READY_MAX_MS,
            onLine: line => {
              if (parsedLine(line)?.['event'] === 'voting') voting.abort()
            },
          }),
        )
      }
      const memberPorts = children.map(({ ready }) => Number(ready['memberPort']))
      for (const child of children) child.process.send({ memberPorts })
      if (!voting.signal.aborted) {
        await once(voting.signal, 'abort', { signal: AbortSignal.timeout(VOTING_MAX_MS) })
      }
      const port = Number(children[0]?.ready['port'])
      return { pids: children.map(({ pid }) => pid), protocol: 'bare', port, stop }
    } catch (error) {
      await stop()
      throw error
    }
  },
}
