/**
 * `skein policy watch`: each change of the policy as it is agreed on.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { readData } from './follow-events.ts'
import { followStream } from './follow-stream.ts'
import { type Io, writeJson } from './io.ts'
import { wholeNumber } from './policy-path.ts'
import { anyAnswer, policyChange } from './policy-wire.ts'
import type { SentEvent } from './server-sent-events.ts'
import { DONE, showChange } from './show-changes.ts'
import { stopRequest } from './stop-request.ts'

const PATH = '/mesh/v1/policy:watch'

export const policyWatch = defineCommand({
  name: 'policy watch',
  summary: 'Show each change of the policy as it is agreed on, until Ctrl-C.',
  flags: {
    from: {
      type: 'string',
      value: 'N',
      meaning: 'First the changes after this revision. Default: only what comes.',
    },
    ...clientFlags,
  },
  notes: [
    'A lost connection is made again, without a gap. If changes are asked for that the peer no longer has, it says so: look at `skein policy get` then.',
  ],

  async run({ flags }, io) {
    const from = wholeNumber(flags.from, { flag: '--from', max: Number.MAX_SAFE_INTEGER })
    const client = createClient(io, flags)
    const path = from === undefined ? PATH : `${PATH}?from=${from}`
    const stop = stopRequest(io)
    try {
      for await (const event of followStream({ client, path, io, signal: stop.signal })) {
        show(event, io, flags.json)
      }
      return 0
    } catch (error) {
      if (stop.signal.aborted) return 0
      throw error
    } finally {
      stop.release()
    }
  },
})

function show({ event, data }: SentEvent, io: Io, isJson: boolean): void {
  if (event === 'compacted') {
    const facts = readData(data, anyAnswer, 'a JSON value')
    if (isJson) writeJson(io, { event, facts })
    else io.complain('Changes are missing here; look at `skein policy get` for what holds now.')
    return
  }
  const change = readData(data, policyChange, 'a change of the policy')
  if (isJson) writeJson(io, change)
  else showChange(io, change, DONE)
}
