/**
 * Hosts that are none: network namespaces on one switch, each with an address of its own, of which
 * one can be cut off so that its packets vanish and nothing is closed.
 *
 *     host 0 --eth0---port0--.
 *     host 1 --eth0---port1--+-- switch, in a namespace of its own
 *     host 2 --eth0---port2--'
 *
 * Nothing is changed outside of these namespaces. Source: the manual pages ip-netns(8), veth(4),
 * iptables(8).
 */
import { execFileSync, spawnSync } from 'node:child_process'

/** Why there can be none on this machine. `undefined`: there can. */
export function namespacesRefusal(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const name = nameOf('probe')
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'no network namespaces here'
  try {
    if (spawnSync('ip', ['-n', name, 'link', 'add', 'br0', 'type', 'bridge']).status !== 0) {
      return 'no bridge here'
    }
    const tried = spawnSync('ip', ['netns', 'exec', name, 'iptables', '-S'])
    return tried.status === 0 ? undefined : 'iptables is missing, or this kernel does not take it'
  } finally {
    ip('netns', 'del', name)
  }
}

export class Namespaces {
  readonly #made: string[] = []
  readonly #hosts: string[] = []

  /** @throws if one cannot be made; then those that could are gone again. */
  constructor(hostCount: number) {
    try {
      const hub = this.#make('switch')
      ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge')
      ip('-n', hub, 'link', 'set', 'br0', 'up')
      for (let index = 0; index < hostCount; index += 1) this.#addHost(hub, index)
    } catch (error) {
      this.close()
      throw error
    }
  }

  address(index: number): string {
    return `10.77.0.${index + 1}`
  }

  /** The command that runs a program on a host. */
  command(index: number): readonly [program: string, ...args: string[]] {
    return ['ip', 'netns', 'exec', this.#host(index)]
  }

  /** From now on packets from and to this host vanish on the way. */
  cut(index: number): void {
    for (let other = 0; other < this.#hosts.length; other += 1) {
      if (other === index) this.#iptables(index, '-A', 'INPUT', '-i', 'eth0', '-j', 'DROP')
      else this.#iptables(other, '-A', 'INPUT', '-s', this.address(index), '-j', 'DROP')
    }
  }

  /** Undoes every cut. */
  heal(): void {
    for (const index of this.#hosts.keys()) this.#iptables(index, '-F', 'INPUT')
  }

  /** The interfaces go with their namespaces. */
  close(): void {
    for (const name of this.#made.splice(0)) ip('netns', 'del', name)
  }

  #addHost(hub: string, index: number): void {
    const host = this.#make(`host-${index}`)
    this.#hosts.push(host)
    const port = `port${index}`
    ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host)
    ip('-n', hub, 'link', 'set', port, 'master', 'br0', 'up')
    ip('-n', host, 'address', 'add', `${this.address(index)}/24`, 'dev', 'eth0')
    ip('-n', host, 'link', 'set', 'eth0', 'up')
    ip('-n', host, 'link', 'set', 'lo', 'up')
  }

  #make(role: string): string {
    const name = nameOf(role)
    ip('netns', 'add', name)
    this.#made.push(name)
    return name
  }

  #host(index: number): string {
    const host = this.#hosts[index]
    if (host === undefined) throw new Error(`expected a host below ${this.#hosts.length}`)
    return host
  }

  #iptables(index: number, ...args: readonly string[]): void {
    const [program, ...prefix] = this.command(index)
    execFileSync(program, [...prefix, 'iptables', ...args], { stdio: 'pipe' })
  }
}

/** Two test runs at once are not in each other's way. */
function nameOf(role: string): string {
  return `skein-${process.pid}-${role}`
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}
