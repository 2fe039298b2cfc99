/**
 * What it means that no key of an admin is left. Such a key closes the way in without one, so the last
 * that goes opens it again, and whoever removes it should know.
 */
import type { Client } from './client.ts'
import type { Io } from './io.ts'
import { kindPath } from './policy-path.ts'
import { type ResourceLine, resourceList } from './policy-wire.ts'

export type KeyStatus = 'active' | 'disabled' | 'expired'

export function keyStatus({ spec }: ResourceLine, wallMs: number): KeyStatus {
  if (spec['isDisabled'] === true) return 'disabled'
  const { expiresAtMs } = spec
  return typeof expiresAtMs === 'number' && expiresAtMs <= wallMs ? 'expired' : 'active'
}

/** Asked before it goes: afterwards our own key may be the one that is gone. */
export async function isLastAdminKey(
  client: Client,
  name: string,
  wallMs: number,
): Promise<boolean> {
  const { items } = await client.get(kindPath('keys'), resourceList)
  const admins = items.filter(key => isAdmin(key) && keyStatus(key, wallMs) === 'active')
  return admins.length === 1 && admins[0]?.name === name
}

function isAdmin({ spec: { roles } }: ResourceLine): boolean {
  return Array.isArray(roles) && roles.includes('admin')
}

export function warnOfNoAdminKey(io: Pick<Io, 'complain'>): void {
  io.complain(
    'warning: no key of an admin is left. On every peer that listens on loopback only and has no key file, programs on its machine may do everything again, without a key.',
  )
  io.complain('hint: `skein keys create NAME --role admin` closes that again.')
}
