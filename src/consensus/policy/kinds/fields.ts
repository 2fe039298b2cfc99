/**
 * The fields that several kinds share, each with its bound, its unit and the words that name a
 * right value. `meta.expected` goes into error messages and into docs/reference/policy.md.
 */
import { z } from 'zod'

/** Longest name of a resource. */
export const NAME_CHARACTERS_MAX = 253

/** Longest name of what others name in turn: tenants, keys, peers. */
const PLAIN_CHARACTERS_MAX = 128

const LABELS_MAX = 32

/** A text of one form: the form is checked first, and its name is the whole message. */
function textOf(form: RegExp, charactersMax: number, expected: string) {
  return z
    .string({ error: expected })
    .max(charactersMax, { error: expected, abort: true })
    .regex(form, expected)
    .meta({ expected })
}

/**
 * As clients ask for it, for example `meta-llama/Llama-3.1-8B` or `qwen2.5:7b`. It stands in paths of
 * URLs, where a part that is `..` would lead to another resource.
 */
export const modelName = () =>
  textOf(
    /^(?!.*\/\.{1,2}(?:\/|$))[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/,
    NAME_CHARACTERS_MAX,
    `a name of 1 to ${NAME_CHARACTERS_MAX} letters, digits, \`.\`, \`_\`, \`-\`, \`:\`, \`/\`, \`@\` or \`+\` that begins with a letter or digit and has no part \`.\` or \`..\` between slashes`,
  )

const plain = (noun: string) =>
  textOf(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    PLAIN_CHARACTERS_MAX,
    `${noun} of 1 to ${PLAIN_CHARACTERS_MAX} letters, digits, \`.\`, \`_\` or \`-\` that begins with a letter or digit`,
  )

export const plainName = () => plain('a name')

export const peerId = () => plain('a peer id')

export const ticketId = () =>
  textOf(/^[0-9a-f]{8,64}$/, 64, 'an id of 8 to 64 lower-case hex digits')

export const hex = (bytesMin: number, bytesMax: number) =>
  textOf(
    new RegExp(`^(?:[0-9a-f]{2}){${bytesMin},${bytesMax}}$`),
    2 * bytesMax,
    bytesMin === bytesMax
      ? `${bytesMin} bytes in lower-case hex`
      : `${bytesMin} to ${bytesMax} bytes in lower-case hex`,
  )

export const description = () =>
  textOf(/^\P{Cc}*$/u, 256, 'a text of 0 to 256 characters without control characters')

/** Who wrote or owns something: `key:ops`, `peer:12D3…`, `local`. */
export const actor = () =>
  textOf(
    /^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/,
    NAME_CHARACTERS_MAX,
    `who it is, as 1 to ${NAME_CHARACTERS_MAX} letters, digits, \`.\`, \`_\`, \`-\`, \`:\`, \`/\`, \`@\` or \`+\``,
  )

const LABELS = `{"name": "value"} with up to ${LABELS_MAX} names of 1 to 64 letters, digits, \`.\`, \`_\`, \`-\` or \`/\`, and values of up to 256 characters`

export const labels = () =>
  z
    .record(
      textOf(
        /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
        64,
        'a label name of 1 to 64 letters, digits, `.`, `_`, `-` or `/`',
      ),
      description(),
      { error: LABELS },
    )
    .refine(given => Object.keys(given).length <= LABELS_MAX, { error: LABELS })
    .meta({ expected: LABELS })

export const ratio = (max = 1) => z.number().min(0).max(max)

/** The last time that has a date (ECMA-262, section 21.4.1.1). */
const TIME_MAX_MS = 8.64e15

/** Wall clock. It is compared with the time a command carries, never with a clock of ours. */
export const wallMs = () => z.int().min(0).max(TIME_MAX_MS).meta({ unit: 'ms since 1970' })

/** A list in which nothing stands twice. */
export const listOf = <T extends z.ZodType>(item: T, max: number, min = 0) =>
  z
    .array(item)
    .min(min)
    .max(max)
    .refine(items => new Set(items).size === items.length, { error: 'no entry twice' })

/** How much of a mesh's work something is worth when not all can be done. */
export const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const

/** Where requests may run: on machines of the mesh, or with providers that ask a price. */
export const PLACEMENT_POLICIES = [
  'local-first',
  'local-only',
  'cloud-only',
  'latency-optimized',
  'cost-optimized',
] as const
