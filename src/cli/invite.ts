/**
 * `skein invite`: asks a running peer for a ticket with which another machine can join.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand, usageError } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { commandName } from './shell-word.ts'
import { issuedTicket } from './wire.ts'

const MINUTE_MS = 60_000

/** A year: longer than any invitation should live. */
const MINUTES_MAX = 525_600

export const invite = defineCommand({
  name: 'invite',
  summary: 'Make a ticket for the next machine.',
  flags: {
    'valid-minutes': {
      type: 'string',
      value: 'MINUTES',
      meaning: 'How long it may be used. Default: what the peer grants.',
    },
    ...clientFlags,
  },

  async run({ flags }, io) {
    const validForMs = minutes(flags['valid-minutes'])
    const request = validForMs === undefined ? {} : { validForMs }
    const client = createClient(io, flags)
    const { ticket } = await client.post('/mesh/v1/tickets', request, issuedTicket)
    if (flags.json) writeJson(io, { ticket })
    else writeLine(io, `${commandName(io.variables)} join ${ticket}`)
    return 0
  },
})

function minutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= MINUTES_MAX) return count * MINUTE_MS
  throw usageError(`expected --valid-minutes from 1 to ${MINUTES_MAX}, found ${text}`)
}
