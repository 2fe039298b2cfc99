/**
 * Quotas: how much a tenant, a key or a model may use in a time.
 *
 * The subject is the name (`tenant:acme`), so there is at most one quota for each and a request
 * finds its own without a search.
 */
import { z } from 'zod'
import { count, durationMs } from '../../../core/option-fields.ts'
import { NAME_CHARACTERS_MAX } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind, type Reference } from './kind.ts'

export type QuotaSubjectType = 'tenant' | 'key' | 'model'

const SUBJECT =
  /^(?:(tenant|key):([A-Za-z0-9][A-Za-z0-9._-]*)|model:[A-Za-z0-9][A-Za-z0-9._:/@+-]*)$/

const NAME_EXPECTED = '`tenant:NAME`, `key:NAME` or `model:NAME`'

/** Eleven digits of tokens are more than a mesh makes in a year. */
const AMOUNT_MAX = 100_000_000_000

const limit = z
  .strictObject({
    windowMs: durationMs(1_000, 31 * 86_400_000)
      .default(60_000)
      .describe('Time over which is counted.'),
    requestsMax: count(0, AMOUNT_MAX, 'requests')
      .nullable()
      .default(null)
      .describe('Requests in that time. `null`: not limited.'),
    tokensMax: count(0, AMOUNT_MAX, 'tokens')
      .nullable()
      .default(null)
      .describe('Tokens read and made in that time. `null`: not limited.'),
  })
  .refine(({ requestsMax, tokensMax }) => requestsMax !== null || tokensMax !== null, {
    error: 'a limit on requests or tokens',
  })

const spec = z
  .strictObject({
    limits: z
      .array(limit)
      .max(8)
      .default([])
      .describe('Limits that all hold, for example one per minute and one per day.'),

    concurrencyMax: count(0, 1_000_000, 'requests')
      .nullable()
      .default(null)
      .describe('Requests in flight at once. `null`: not limited.'),
  })
  .refine(({ limits, concurrencyMax }) => limits.length > 0 || concurrencyMax !== null, {
    error: 'a limit or `concurrencyMax`',
  })
  .refine(({ limits }) => new Set(limits.map(each => each.windowMs)).size === limits.length, {
    error: 'no window twice',
    path: ['limits'],
  })

export type QuotaSpec = z.output<typeof spec>

export function quotaName(type: QuotaSubjectType, subject: string): string {
  return `${type}:${subject}`
}

/** A key's quota goes with it; a tenant is told first. Models come and go by themselves. */
function references(name: string): readonly Reference[] {
  const [, type, subject = ''] = SUBJECT.exec(name) ?? []
  if (type === 'tenant') return [{ kind: 'tenants', name: subject, rule: 'required' }]
  if (type === 'key') return [{ kind: 'keys', name: subject, rule: 'owned' }]
  return []
}

export const quotas: Kind = {
  meaning: 'How much a tenant, a key or a model may use in a time.',
  name: z
    .string({ error: NAME_EXPECTED })
    .max(NAME_CHARACTERS_MAX, { error: NAME_EXPECTED, abort: true })
    .regex(SUBJECT, NAME_EXPECTED)
    .meta({ expected: NAME_EXPECTED }),
  nameMeaning: 'whom it limits; a tenant or key must exist, and a key takes its quota with it',
  countMax: 50_000,
  versions: firstVersion({ [ANY_NAME]: spec }, references),
}
