/**
 * The same group, of serf agents (HashiCorp serf, which runs SWIM with Lifeguard over UDP): the
 * peer that our membership is held against. Debian has it as the package `serf`.
 */
import { spawnSync } from 'node:child_process'
import { type Child, startChild } from './child-process.ts'
import { freePort } from './free-port.ts'
import { StatusWatch } from './status-watch.ts'

const READY_MAX_MS = 20_000
const VIEW_MAX_MS = 30_000

export interface Agent {
  readonly name: string
  readonly child: Child
}

export function hasSerf(): boolean {
  return spawnSync('serf', ['version']).status === 0
}

export class SerfGroup {
  readonly #watch = new StatusWatch()
  readonly #agents: Agent[] = []
  #firstPort: number | undefined

  get agents(): readonly Agent[] {
    return this.#agents
  }

  /** One more agent. Resolves when the others see it. */
  async add(): Promise<void> {
    const name = `agent-${this.#agents.length}`
    const port = await freePort()
    const join = this.#firstPort === undefined ? [] : [`-join=127.0.0.1:${this.#firstPort}`]
    const child = await startChild({
      name,
      program: 'serf',
      args: [
        ...['agent', '-profile=lan', `-node=${name}`, `-bind=127.0.0.1:${port}`],
        ...[`-rpc-addr=127.0.0.1:${await freePort()}`, ...join],
      ],
      readyMaxMs: READY_MAX_MS,
      readReady: line => (line.includes('Serf agent running') ? {} : undefined),
      onLine: line => this.#read(name, line),
    })
    this.#firstPort ??= port
    const others = this.#agents.map(agent => agent.name)
    this.#agents.push({ name, child })
    await this.#watch.allBelieve(others, { subject: name, status: 'Join' }, VIEW_MAX_MS)
  }

  /** @returns ms until the last of the others says that it failed. */
  async crash(victim: Agent, deadlineMs: number): Promise<number> {
    this.#agents.splice(this.#agents.indexOf(victim), 1)
    const observers = this.#agents.map(({ name }) => name)
    const startMs = performance.now()
    await victim.child.kill()
    const doubted = { subject: victim.name, status: 'Failed' }
    return (await this.#watch.allBelieve(observers, doubted, deadlineMs)) - startMs
  }

  async stop(): Promise<void> {
    await Promise.all(this.#agents.splice(0).map(({ child }) => child.kill()))
  }

  /** `… [INFO] serf: EventMemberFailed: agent-3 127.0.0.1` */
  #read(observer: string, line: string): void {
    const [, status, subject] = /serf: EventMember(\w+): (\S+)/.exec(line) ?? []
    if (status !== undefined && subject !== undefined) this.#watch.note(observer, subject, status)
  }
}
