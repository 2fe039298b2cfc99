/**
 * What goes over the wire of /mesh/v1/policy and its neighbours, for reading bodies and for the
 * OpenAPI document.
 */
import { z } from 'zod'
import { actor, description, labels, plainName } from '../consensus/policy/kinds/fields.ts'
import { ROLES } from './caller.ts'
import { flag } from './read-input.ts'

const someObject = () => z.record(z.string(), z.unknown())

const revision = () =>
  z.int().min(0).describe('Index of the log entry by which the resource became what it is.')

export const resource = z
  .object({
    kind: z.string(),
    name: z.string(),
    revision: revision(),
    owner: z.string().describe('Whom to ask about it.'),
    labels: z.record(z.string(), z.string()),
    schemaVersion: z.int().min(1),
    spec: someObject().describe('As docs/reference/policy.md says of its kind; without secrets.'),
  })
  .meta({ id: 'Resource' })

const change = z
  .object({
    kind: z.string(),
    name: z.string(),
    revision: revision(),
    verb: z.enum(['create', 'update', 'delete']),
    resource: resource.optional().describe('As it is now.'),
    previous: resource.optional().describe('As it was.'),
  })
  .meta({ id: 'Change' })

export const written = z
  .object({
    revision: revision(),
    changes: z.array(change).describe('Empty: all was so already, or it is a repetition.'),
    isRepetition: z.boolean().describe('The same request had been carried out before.'),
  })
  .meta({ id: 'Written' })

const freshness = {
  staleSince: z.string().nullable().describe('Since when nothing new can be heard; or `null`.'),
  staleForMs: z.number().describe('For how long no leader with a majority has been known.'),
}

export const summary = z.object({
  revision: revision(),
  hash: z.string().describe('Equal on every peer at this revision.'),
  ...freshness,
  kinds: z.record(z.string(), z.int()).describe('Kind → how many there are.'),
})

export const listing = z.object({ revision: revision(), items: z.array(resource) })

export const auditTrail = z.object({
  records: z.array(
    z.object({
      index: z.int(),
      atMs: z.number(),
      author: z.string(),
      requestId: z.string(),
      action: z.string(),
      outcome: z.string().describe('`applied`, or why it was refused.'),
      items: z.array(z.object({ kind: z.string(), name: z.string(), verb: z.string() })),
      moreCount: z.int(),
    }),
  ),
})

export const readQueryForm = z.strictObject({
  linearizable: flag('First wait until everything is here that was agreed on before.'),
})

export const listQueryForm = readQueryForm.extend({
  label: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('`name=value`: only resources with this label. May be there several times.'),
})

export const changeQueryForm = readQueryForm.extend({
  dryRun: flag('Only tell what would change.'),
})

export const watchQueryForm = z.strictObject({
  from: z
    .string()
    .regex(/^\d{1,15}$/, 'a revision')
    .optional()
    .describe('First the changes after this revision. Default: only what comes.'),
})

export const AUDIT_DEFAULT = 100
export const AUDIT_MAX = 4_096

export const logQueryForm = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, `an integer from 1 to ${AUDIT_MAX}`)
    .optional()
    .describe(`Records at most, 1 to ${AUDIT_MAX}. Default: ${AUDIT_DEFAULT}.`),
})

const schemaVersion = z.int().min(1).optional().describe('Default: the newest.')

const head = {
  owner: actor().optional(),
  labels: labels().optional(),
  schemaVersion,
}

export const putBody = z.strictObject({ spec: someObject(), ...head })

export const patchBody = z.strictObject({
  owner: actor().optional(),
  labels: someObject().optional().describe('`null` takes a label away.'),
  spec: someObject().optional().describe('`null` takes a field back to its default.'),
})

export const applyBody = z.strictObject({
  resources: z
    .array(z.strictObject({ kind: z.string(), name: z.string(), spec: someObject(), ...head }))
    .min(1)
    .max(500)
    .describe('All of them become so, or none.'),
  prune: z
    .boolean()
    .default(false)
    .describe('Also delete the other resources of the kinds that are named.'),
  dryRun: z.boolean().default(false).describe('Only tell what would change.'),
})

export const keyBody = z.strictObject({
  name: plainName().describe('The public part of the key.'),
  role: z.enum(ROLES).default('inference'),
  tenant: plainName().nullable().default(null),
  models: z
    .array(z.string())
    .max(256)
    .nullable()
    .default(null)
    .describe('Models and aliases it may ask for. `null`: all.'),
  expiresAt: z.iso
    .datetime({ offset: true, error: 'a time as 2027-01-31T12:00:00Z' })
    .refine(text => Date.parse(text) >= 0, { error: 'a time after 1970' })
    .nullable()
    .default(null)
    .describe('From when on it is refused.'),
  description: description().default(''),
  labels: labels().default({}),
})

export const createdKey = written.extend({
  name: z.string(),
  key: z.string().describe('The key. It is shown this once.'),
})

const raftPeer = z.object({
  peer: z.string().nullable(),
  node: z.int(),
  name: z.string().optional(),
  status: z.string(),
})

export const raftAnswer = z.object({
  role: z.enum(['leader', 'follower', 'candidate', 'pre-candidate', 'observer']),
  node: z.int(),
  term: z.int(),
  leader: z.string().nullable(),
  lastLeader: z.string().nullable().describe('Who led when somebody last did.'),
  voters: z.array(raftPeer),
  learners: z.array(raftPeer),
  isJoint: z
    .boolean()
    .describe('The voters are being changed: the old and the new must each agree by a majority.'),
  commitIndex: z.int(),
  appliedIndex: z.int(),
  firstIndex: z.int(),
  lastIndex: z.int(),
  hash: z.string(),
  ...freshness,
  halted: z.string().nullable().describe('Why nothing more is applied.'),
  progress: z
    .array(
      z.object({
        node: z.int(),
        matchIndex: z.int(),
        state: z.string(),
        isRecentlyActive: z.boolean(),
      }),
    )
    .optional()
    .describe('How far the others are; a leader’s answer only.'),
})

export const transferBody = z.strictObject({
  peer: z
    .string()
    .optional()
    .describe('Who is to lead, by id or name. Default: another voter that is alive.'),
})

export const voterBody = z.strictObject({ peer: z.string().describe('The peer, by id or name.') })

export const reasonBody = z.strictObject({
  reason: description().optional().describe('Why, for whoever wonders.'),
})

export const noBody = z.strictObject({})

export const pinBody = z
  .strictObject({
    peers: z.array(z.string()).max(256).optional().describe('Ids or names: each is to hold it.'),
    labels: labels().optional().describe('Labels that a peer must have to hold it.'),
  })
  .refine(({ peers = [], labels: wanted = {} }) => peers.length + Object.keys(wanted).length > 0, {
    error: 'at least one of `peers` or `labels`',
    path: ['peers'],
  })

export const actionBody = z.strictObject({
  peer: z
    .string()
    .optional()
    .describe('Id or name of the peer that is to act. Else this one, or the only one with it.'),
})

export const lorasAnswer = z.object({
  model: z.string(),
  peer: z.string(),
  loras: z.array(z.string()).describe('Names of the adapters that are in memory.'),
})

export const actionAnswer = z.object({
  model: z.string(),
  peer: z.string().describe('Whose engine has done it, or has made the token.'),
  tookMs: z.number(),
  unready: z
    .object({
      state: z.enum(['cold', 'loading', 'sleeping', 'failed']),
      progressRatio: z.number().optional().describe('Of loading, 0 to 1.'),
      readyInMs: z.number().optional().describe('Until it can answer, if it is loaded now.'),
    })
    .optional()
    .describe('What is left of the model. Absent: it answers at once.'),
})
