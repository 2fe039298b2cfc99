/**
 * A network namespace for one process and its children: a loopback interface that nobody else
 * uses, so that its counters are theirs alone, and ports that cannot clash.
 *
 * Source: the manual page unshare(1). Whoever is not root gets a user namespace with it, where the
 * kernel allows that.
 */
import { spawnSync } from 'node:child_process'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
}

/** The same command, within a namespace. `undefined`: this machine does not let us. */
export function inPrivateNetwork({ program, args }: Command): Command | undefined {
  const flags = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net']
  const shell = [...flags, 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
  const isAllowed = spawnSync('unshare', [...shell, 'true']).status === 0
  return isAllowed ? { program: 'unshare', args: [...shell, program, ...args] } : undefined
}
