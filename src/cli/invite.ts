/**
 * `skein invite`: asks a running peer for a ticket with which other machines can join.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { timeMs } from './duration.ts'
import { writeJson, writeLine } from './io.ts'
import { wholeNumber } from './policy-path.ts'
import { commandName } from './shell-word.ts'
import { issuedTicket } from './wire.ts'

/** As many as the policy lets a ticket have. */
const USES_MAX = 10_000

/** As long as a peer makes one for, said here in the words of whoever typed it. */
const VALID_MAX_MS = 30 * 86_400_000

export const invite = defineCommand({
  name: 'invite',
  summary: 'Make a ticket for the next machine, or for several.',
  flags: {
    uses: {
      type: 'string',
      value: 'COUNT',
      meaning: 'How many machines may join with it. Default: 32.',
    },
    expires: {
      type: 'string',
      value: 'TIME',
      meaning: 'Until when it may be used: 30m, 12h, 7d, or a date. Default: 24h.',
    },
    observer: {
      type: 'boolean',
      meaning: 'Who joins with it follows what the mesh agrees on and never votes.',
    },
    ...clientFlags,
  },
  notes: [
    'The mesh must agree on a ticket, so most of the voters must be there.',
    'To take one back: `skein policy get tickets`, then `skein policy delete tickets ID`.',
  ],

  async run({ flags }, io) {
    const uses = wholeNumber(flags.uses, { flag: '--uses', min: 1, max: USES_MAX })
    const nowMs = io.wallMs()
    const { expires } = flags
    const within = { nowMs, maxMs: VALID_MAX_MS }
    const expiresAtMs = expires === undefined ? undefined : timeMs(expires, '--expires', within)
    const request = {
      ...(uses === undefined ? {} : { uses }),
      ...(expiresAtMs === undefined ? {} : { validForMs: expiresAtMs - nowMs }),
      ...(flags.observer ? { role: 'observer' } : {}),
    }
    const client = createClient(io, flags)
    const { ticket } = await client.post('/mesh/v1/tickets', request, issuedTicket)
    if (flags.json) writeJson(io, { ticket })
    else writeLine(io, `${commandName(io.variables)} join ${ticket}`)
    return 0
  },
})
