/**
 * A refusal of the policy as the error that a client gets.
 */
import type { Refusal, RefusalCode } from '../../consensus/policy/outcome.ts'
import { type ErrorCode, MeshError } from '../../core/errors.ts'

const CODES = {
  malformed: 'ERR_INVALID_REQUEST',
  invalid: 'ERR_INVALID_REQUEST',
  conflict: 'ERR_CONFLICT',
  'not-found': 'ERR_NOT_FOUND',
  'in-use': 'ERR_CONFLICT',
  'too-many': 'ERR_CONFLICT',
  'request-id-reused': 'ERR_CONFLICT',
  'ticket-unknown': 'ERR_TICKET_REJECTED',
  'ticket-rejected': 'ERR_TICKET_REJECTED',
  'ticket-expired': 'ERR_TICKET_EXPIRED',
  'ticket-used-up': 'ERR_TICKET_USED_UP',
  'peer-denied': 'ERR_PEER_DENIED',
} as const satisfies Record<RefusalCode, ErrorCode>

/** What to do about refusals that do not say so themselves. */
const HINTS: Partial<Record<RefusalCode, string>> = {
  'not-found': '`GET /mesh/v1/policy/{kind}` lists what there is.',
  'too-many': 'Delete what is not needed any more.',
  'request-id-reused': 'Send another Idempotency-Key with another change.',
}

export function refusalError({ code, reason, hint, problems = [] }: Refusal): MeshError {
  const [first] = problems
  return new MeshError(reason, {
    code: CODES[code],
    details: {
      reason: code,
      ...(first === undefined ? {} : { param: first.path, problems }),
    },
    hint: hint ?? HINTS[code],
  })
}
