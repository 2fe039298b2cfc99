/**
 * What nodes are called, as peers of the mesh.
 */
const PREFIX = 'node-'

/** Each made once: texts that are one and the same are found in tables without comparing letters. */
const names: string[] = []

export function nodeName(index: number): string {
  let name = names[index]
  if (name === undefined) {
    name = `${PREFIX}${index}`
    names[index] = name
  }
  return name
}

/** -1: it is no node. */
export function nodeIndex(name: string): number {
  return name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : -1
}
