/**
 * API keys: what is needed to recognise one, and what its bearer may do. The key itself is nowhere.
 *
 * The name is the public part of the key, by which an ingress finds the entry without trying all.
 * Bounds on the hash's parameters keep an entry from costing every ingress more than a login may.
 */
import { z } from 'zod'
import { count } from '../../../core/option-fields.ts'
import { description, hex, listOf, modelName, plainName, wallMs } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind, type Reference } from './kind.ts'

/** Memory one check may take. */
const HASH_MEMORY_MAX_BYTES = 128 * 1024 ** 2

const salt = () => hex(8, 64).describe('Random bytes that no other key has.')
const digest = () => hex(16, 64).describe('What the function gives for the key.')

const scrypt = z
  .strictObject({
    algorithm: z.literal('scrypt').describe('`scrypt`: RFC 7914.'),
    costLog2: z
      .int()
      .min(10)
      .max(20)
      .default(14)
      .describe('With scrypt, the cost parameter N as a power of 2.'),
    blockSize: z.int().min(1).max(32).default(8).describe('With scrypt, the parameter r.'),
    parallelism: z
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe('Parameter p of scrypt, or lanes of Argon2id.'),
    salt: salt(),
    digest: digest(),
  })
  .refine(({ costLog2, blockSize }) => 128 * blockSize * 2 ** costLog2 <= HASH_MEMORY_MAX_BYTES, {
    error: `parameters that take at most ${HASH_MEMORY_MAX_BYTES} bytes: 128 · blockSize · 2^costLog2`,
    path: ['costLog2'],
  })

const argon2id = z.strictObject({
  algorithm: z.literal('argon2id').describe('`argon2id`: RFC 9106.'),
  memoryKib: count(8, HASH_MEMORY_MAX_BYTES / 1024, 'KiB')
    .default(19_456)
    .describe('With Argon2id, the memory it fills.'),
  passes: z.int().min(1).max(16).default(2).describe('With Argon2id, the passes over the memory.'),
  parallelism: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('Parameter p of scrypt, or lanes of Argon2id.'),
  salt: salt(),
  digest: digest(),
})

const ROLES = ['admin', 'operator', 'inference'] as const

const spec = z.strictObject({
  hash: z
    .discriminatedUnion('algorithm', [scrypt, argon2id])
    .describe('How the key is recognised. Never shown.'),

  roles: listOf(z.enum(ROLES), ROLES.length, 1)
    .default(['inference'])
    .describe(
      '`inference` may ask models, `operator` may also steer the mesh, `admin` may also admit peers and make keys.',
    ),

  tenant: plainName()
    .nullable()
    .default(null)
    .describe('Tenant whose quotas and priority count. It must exist. `null`: none.'),

  models: listOf(modelName(), 256)
    .nullable()
    .default(null)
    .describe('Models and aliases it may ask for, by the name clients use. `null`: all.'),

  expiresAtMs: wallMs()
    .nullable()
    .default(null)
    .describe('From when on it is refused, by the clock of the ingress. `null`: never.'),

  isDisabled: z.boolean().default(false).describe('It is refused, but kept.'),

  description: description().default('').describe('What it is for.'),
})

export type KeySpec = z.output<typeof spec>

function references(_name: string, { tenant }: KeySpec): readonly Reference[] {
  return tenant === null ? [] : [{ kind: 'tenants', name: tenant, rule: 'required' }]
}

export const keys: Kind = {
  meaning: 'API keys: how each is recognised, what it may do, and for which tenant.',
  name: plainName(),
  nameMeaning: 'the public part of the key',
  countMax: 50_000,
  versions: firstVersion({ [ANY_NAME]: spec }, references),
  secretFields: ['hash'],
}
