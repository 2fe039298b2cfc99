/**
 * `skein events`: what happened in the mesh as one peer saw it, and with `--follow` what happens.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { followEvents } from './follow-events.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { stopRequest } from './stop-request.ts'
import { safeText, shortPeer } from './table.ts'
import { type EventLine, eventList } from './wire.ts'

/** As long as the longest event of today. */
const EVENT_COLUMNS = 'events missed'.length

/** `2026-01-01T00:00:00.000Z  peer suspect   gpu1 (…CyGMvJKT)`, then other facts. */
function lineOf({ atWallMs, event, facts }: EventLine): string {
  const { peer, name, ...others } = facts
  const id = typeof peer === 'string' ? shortPeer(peer) : undefined
  const who = typeof name === 'string' && id !== undefined ? `${name} (${id})` : id
  const rest = Object.entries(others).map(
    ([fact, value]) => `${fact}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const what = event.replaceAll('-', ' ').padEnd(EVENT_COLUMNS)
  const parts = [new Date(atWallMs).toISOString(), what, who, rest.join(' ')]
  const line = parts.filter(part => part !== undefined && part !== '').join('  ')
  return safeText(line)
    .replaceAll(/[\n\t]/g, ' ')
    .trimEnd()
}

export const events = defineCommand({
  name: 'events',
  summary: 'Show what happened in the mesh, or follow what happens.',
  flags: {
    follow: {
      type: 'boolean',
      meaning: 'Go on until Ctrl-C. A lost connection is made again, without a gap.',
    },
    ...clientFlags,
  },
  notes: [
    'A peer keeps its latest 1000 events. `events missed` stands for those that it no longer has.',
  ],

  async run({ flags }, io) {
    const client = createClient(io, flags)
    const show = (event: EventLine) => showEvent(event, io, flags.json)
    if (!flags.follow) {
      const { events: found } = await client.get('/mesh/v1/events?follow=false', eventList)
      for (const event of found) show(event)
      if (found.length === 0) io.complain('Nothing has happened since that peer started.')
      return 0
    }
    const stop = stopRequest(io)
    try {
      for await (const event of followEvents({ client, io, signal: stop.signal })) show(event)
      return 0
    } catch (error) {
      if (stop.signal.aborted) return 0
      throw error
    } finally {
      stop.release()
    }
  },
})

function showEvent(event: EventLine, io: Io, isJson: boolean): void {
  if (isJson) writeJson(io, event)
  else writeLine(io, lineOf(event))
}
