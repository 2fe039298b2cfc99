/**
 * `skein quota`: how much a tenant, a key or a model may use in a time.
 */
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import { type Client, clientFlags, createClient } from './client.ts'
import { defineCommand, usageError } from './command.ts'
import { durationMs, durationText } from './duration.ts'
import { writeJson, writeLine } from './io.ts'
import { kindPath, orAbsent, resourcePath, wholeNumber } from './policy-path.ts'
import { changesAnswer, resourceAnswer, resourceList } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'
import { table } from './table.ts'

const AMOUNT_MAX = 100_000_000_000
const CONCURRENCY_MAX = 1_000_000
const MINUTE_MS = 60_000
const WINDOW_MAX_MS = 31 * 86_400_000

const quotaSpec = z.object({
  limits: z.array(
    z.object({
      windowMs: z.number(),
      requestsMax: z.number().nullable(),
      tokensMax: z.number().nullable(),
    }),
  ),
  concurrencyMax: z.number().nullable(),
})

type QuotaSpec = z.output<typeof quotaSpec>

const NO_QUOTA: QuotaSpec = { limits: [], concurrencyMax: null }

const HEADERS = ['SUBJECT', 'PER', 'REQUESTS', 'TOKENS', 'CONCURRENT']

const subjectWord = {
  name: 'subject',
  meaning: 'Whom it limits: `tenant:NAME`, `key:NAME` or `model:NAME`.',
}

/** @throws MeshError ERR_USAGE. */
function requireSubject(subject: string): void {
  if (/^(?:tenant|key|model):./.test(subject)) return
  throw usageError(
    `expected tenant:NAME, key:NAME or model:NAME, found ${subject}`,
    `Did you mean tenant:${subject.replace(/^.*:/, '')}?`,
  )
}

export const quotaSet = defineCommand({
  name: 'quota set',
  summary: 'Limit what a tenant, a key or a model may use.',
  words: [subjectWord],
  flags: {
    requests: { type: 'string', value: 'N', meaning: 'Requests in that time.' },
    tokens: { type: 'string', value: 'N', meaning: 'Tokens read and made in that time.' },
    per: { type: 'string', value: 'TIME', meaning: 'The time: 1m, 1h, 1d … Default: 1m.' },
    concurrency: { type: 'string', value: 'N', meaning: 'Requests in flight at once.' },
    ...clientFlags,
  },
  notes: [
    'A limit for another time is added to those that are there, so that one a minute and one a day can both hold; one for the same time takes its place.',
  ],

  async run({ flags, words: [subject = ''] }, io) {
    requireSubject(subject)
    const requestsMax = wholeNumber(flags.requests, { flag: '--requests', max: AMOUNT_MAX })
    const tokensMax = wholeNumber(flags.tokens, { flag: '--tokens', max: AMOUNT_MAX })
    const windowMs =
      flags.per === undefined ? MINUTE_MS : durationMs(flags.per, '--per', WINDOW_MAX_MS)
    const max = CONCURRENCY_MAX
    const concurrencyMax = wholeNumber(flags.concurrency, { flag: '--concurrency', max })
    const hasLimit = requestsMax !== undefined || tokensMax !== undefined
    if (!hasLimit && concurrencyMax === undefined) {
      throw usageError('expected --requests, --tokens or --concurrency, found none')
    }
    const client = createClient(io, flags)
    const limit = { windowMs, requestsMax: requestsMax ?? null, tokensMax: tokensMax ?? null }
    const change = { limit: hasLimit ? limit : undefined, concurrencyMax }
    const answer = await changeQuota(client, subject, change)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})

interface QuotaChange {
  /** `undefined`: limits stay. */
  readonly limit: QuotaSpec['limits'][number] | undefined
  /** `undefined`: as it was. */
  readonly concurrencyMax: number | undefined
}

/** On what is there now; if somebody changes that meanwhile, this is refused. */
async function changeQuota(client: Client, subject: string, change: QuotaChange) {
  const path = resourcePath('quotas', subject)
  const found = await orAbsent(client.get(`${path}?linearizable=true`, resourceAnswer))
  const before = found === undefined ? NO_QUOTA : readSpec(found.spec)
  const { limit, concurrencyMax = before.concurrencyMax } = change
  const others = before.limits.filter(({ windowMs }) => windowMs !== limit?.windowMs)
  const limits = [...others, ...(limit === undefined ? [] : [limit])]
  const spec: QuotaSpec = {
    limits: limits.toSorted((a, b) => a.windowMs - b.windowMs),
    concurrencyMax,
  }
  const headers =
    found === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${found.revision}"` }
  const body = { spec, ...(found === undefined ? {} : { labels: found.labels }) }
  return await client.send({ method: 'PUT', path, body, headers }, changesAnswer)
}

/** @throws MeshError ERR_VERSION: written by a later release, with what we would lose. */
function readSpec(spec: unknown): QuotaSpec {
  const parsed = quotaSpec.safeParse(spec)
  if (parsed.success) return parsed.data
  throw new MeshError('expected a quota of a form that this version knows, found another', {
    code: 'ERR_VERSION',
    hint: 'Use a `skein` of the version that the peers run.',
  })
}

export const quotaList = defineCommand({
  name: 'quota list',
  summary: 'List the quotas.',
  flags: clientFlags,

  async run({ flags }, io) {
    const { items } = await createClient(io, flags).get(kindPath('quotas'), resourceList)
    if (flags.json) {
      writeJson(io, { quotas: items })
      return 0
    }
    const rows = items.flatMap(({ name, spec }) => quotaRows(name, readSpec(spec)))
    for (const line of table(HEADERS, rows)) writeLine(io, line)
    return 0
  },
})

function quotaRows(name: string, { limits, concurrencyMax }: QuotaSpec): readonly string[][] {
  const amount = (value: number | null) => (value === null ? '-' : String(value))
  const concurrent = concurrencyMax === null ? [] : [[name, '-', '-', '-', amount(concurrencyMax)]]
  const inTime = limits.map(({ windowMs, requestsMax, tokensMax }) => [
    name,
    durationText(windowMs),
    amount(requestsMax),
    amount(tokensMax),
    '-',
  ])
  return [...inTime, ...concurrent]
}

export const quotaDelete = defineCommand({
  name: 'quota delete',
  summary: 'Take all limits off a tenant, a key or a model.',
  words: [subjectWord],
  flags: clientFlags,

  async run({ flags, words: [subject = ''] }, io) {
    requireSubject(subject)
    const request = { method: 'DELETE', path: resourcePath('quotas', subject) } as const
    const answer = await createClient(io, flags).send(request, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})
