/**
 * The answers of /mesh/v1/policy and /mesh/v1/raft that the commands read. Loose where versions may
 * differ: kinds and fields of a spec that we do not know are shown as they are.
 */
import { z } from 'zod'

const spec = z.record(z.string(), z.unknown())

const resource = z.object({
  kind: z.string(),
  name: z.string(),
  revision: z.number(),
  owner: z.string(),
  labels: z.record(z.string(), z.string()),
  schemaVersion: z.number(),
  spec,
})

export type ResourceLine = z.output<typeof resource>

export const policySummary = z.object({
  revision: z.number(),
  hash: z.string(),
  staleForMs: z.number(),
  kinds: z.record(z.string(), z.number()),
})

export const resourceAnswer = resource

export const resourceList = z.object({ revision: z.number(), items: z.array(resource) })

export const policyChange = z.object({
  kind: z.string(),
  name: z.string(),
  revision: z.number(),
  verb: z.enum(['create', 'update', 'delete']),
  resource: resource.optional(),
  previous: resource.optional(),
})

export type ChangeLine = z.output<typeof policyChange>

/** Of every request that changes something. */
export const changesAnswer = z.object({ revision: z.number(), changes: z.array(policyChange) })

export type ChangesAnswer = z.output<typeof changesAnswer>

const auditItem = z.object({ kind: z.string(), name: z.string(), verb: z.string() })

const auditRecord = z.object({
  index: z.number(),
  // What a date can be made of.
  atMs: z.number().min(0).max(8.64e15),
  author: z.string(),
  requestId: z.string(),
  action: z.string(),
  outcome: z.string(),
  items: z.array(auditItem),
  moreCount: z.number(),
})

export type AuditLine = z.output<typeof auditRecord>

export const auditList = z.object({ records: z.array(auditRecord) })

/** The key itself is shown this once; nobody can read it again. */
export const createdKey = z.object({ key: z.string().min(1) })

const configured = z.object({
  peer: z.string().nullish(),
  node: z.number(),
  name: z.string().nullish(),
  status: z.string().nullish(),
})

const progress = z.object({
  node: z.number(),
  peer: z.string().nullish(),
  name: z.string().nullish(),
  state: z.string().nullish(),
  matchIndex: z.number().nullish(),
})

export const raftView = z.object({
  role: z.string(),
  node: z.number(),
  term: z.number(),
  leader: z.string().nullish(),
  lastLeader: z.string().nullish(),
  voters: z.array(configured),
  learners: z.array(configured).default([]),
  isJoint: z.boolean().default(false),
  commitIndex: z.number(),
  appliedIndex: z.number(),
  firstIndex: z.number(),
  lastIndex: z.number(),
  hash: z.string().nullish(),
  staleSince: z.string().nullish(),
  staleForMs: z.number(),
  halted: z.string().nullish(),
  progress: z.array(progress).optional(),
})

export type RaftLine = z.output<typeof raftView>

/** Of what is begun or done without a result that we show. */
export const anyAnswer = z.unknown()
