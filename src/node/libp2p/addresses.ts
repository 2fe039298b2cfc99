/**
 * Which of our listening addresses another machine can use.
 *
 * A ticket must not list an address that cannot work for the joiner, and the others would dial
 * it in vain. Loopback and link-local addresses are kept only if there is nothing else: then
 * the mesh lives on one machine.
 */
import { multiaddr } from '@multiformats/multiaddr'

const isLoopback = (address: string) => /^\/(ip4\/127\.|ip6\/::1\/)/.test(address)

const isLinkLocal = (address: string) => /^\/(ip4\/169\.254\.|ip6\/fe80:)/i.test(address)

/** The address without a trailing `/p2p/<id>`. */
function withoutPeer(address: string): string {
  const components = multiaddr(address).getComponents()
  return components
    .filter(({ name }) => name !== 'p2p')
    .map(({ name, value }) => `/${name}${value === undefined ? '' : `/${value}`}`)
    .join('')
}

/** Without peer ids, without repeats, in the order given. */
export function reachableAddresses(addresses: readonly string[]): string[] {
  const all = [...new Set(addresses.map(withoutPeer))]
  const remote = all.filter(address => !isLoopback(address) && !isLinkLocal(address))
  return remote.length > 0 ? remote : all
}
