/**
 * What nodes are called, as peers of the mesh.
 */
const PREFIX = 'node-'

export function nodeName(index: number): string {
  return `${PREFIX}${index}`
}

/** -1: it is no node. */
export function nodeIndex(name: string): number {
  return name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : -1
}
