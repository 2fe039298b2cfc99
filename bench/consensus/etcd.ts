/**
 * etcd as a contestant: three members on loopback with their data on our disk and all options at
 * their defaults. Debian has it as the package `etcd-server`.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { type Child, startChild } from '../child-process.ts'
import { freePort } from '../free-port.ts'
import type { Cluster, Contestant } from './contestant.ts'

const MEMBER_COUNT = 3
const READY_MAX_MS = 20_000
const ASK_MAX_MS = 5_000

interface Member {
  readonly name: string
  readonly peerUrl: string
  readonly clientPort: number
}

/** 64-bit numbers come as text. */
const statusAnswer = z.object({ header: z.object({ member_id: z.string() }), leader: z.string() })

export const etcd: Contestant = {
  name: 'etcd',
  absence: () => (spawnSync('etcd', ['--version']).status === 0 ? undefined : 'not installed'),
  start: startEtcd,
}

async function startEtcd(folder: string): Promise<Cluster> {
  const members: Member[] = []
  for (let index = 0; index < MEMBER_COUNT; index += 1) {
    const peerUrl = `http://127.0.0.1:${await freePort()}`
    members.push({ name: `etcd-${index}`, peerUrl, clientPort: await freePort() })
  }
  // Each waits for the others, so none is ready before all are started.
  const starts = await Promise.allSettled(members.map(each => startMember(each, members, folder)))
  const children = starts.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const stop = async () => {
    await Promise.all(children.map(child => child.stop()))
  }
  try {
    for (const each of starts) if (each.status === 'rejected') throw each.reason
    const port = await leaderPort(members)
    return { pids: children.map(({ pid }) => pid), protocol: 'etcd', port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function startMember(
  { name, peerUrl, clientPort }: Member,
  members: readonly Member[],
  folder: string,
): Promise<Child> {
  const clientUrl = `http://127.0.0.1:${clientPort}`
  const options = {
    name,
    'data-dir': join(folder, name),
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'initial-cluster': members.map(each => `${each.name}=${each.peerUrl}`).join(),
    logger: 'zap',
    'log-outputs': 'stdout',
  }
  return startChild({
    name,
    program: 'etcd',
    args: Object.entries(options).map(([option, value]) => `--${option}=${value}`),
    readyMaxMs: READY_MAX_MS,
    readReady: line => (line.includes('serving client traffic insecurely') ? {} : undefined),
  })
}

async function leaderPort(members: readonly Member[]): Promise<number> {
  for (const { clientPort } of members) {
    const response = await fetch(`http://127.0.0.1:${clientPort}/v3/maintenance/status`, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(ASK_MAX_MS),
    })
    const { header, leader } = statusAnswer.parse(await response.json())
    if (header.member_id === leader) return clientPort
  }
  throw new Error(`expected one of ${members.length} members of etcd to lead, found none`)
}
