/**
 * The peers that belong to the mesh, whether or not they are there.
 */
import type { Client } from './client.ts'
import { resourceList } from './policy-wire.ts'

export async function rosterNames(client: Client): Promise<readonly string[]> {
  const { items } = await client.get('/mesh/v1/policy/roster', resourceList)
  return items.map(({ name }) => name)
}
