/**
 * `skein trace <id>`: what happened to a request, stage by stage.
 */
import { z } from 'zod'
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { safeText, showMs, table } from './table.ts'

const traceRecord = z.looseObject({
  model: z.string(),
  outcome: z.string(),
  errorCode: z.string().nullish(),
  stages: z.array(
    z.object({ stage: z.string(), detail: z.string().nullish(), timestampMs: z.number() }),
  ),
})

export const trace = defineCommand({
  name: 'trace',
  summary: 'Show what happened to a request, stage by stage.',
  words: [
    {
      name: 'id',
      meaning: 'Decision id: the header x-skein-decision of every answer and refusal.',
    },
  ],
  flags: clientFlags,
  notes: [
    'Ask the peer that took the request; each keeps its latest traces. `skein why` says why the peer was chosen.',
  ],

  async run({ flags, words: [id = ''] }, io) {
    const client = createClient(io, flags)
    const found = await client.get(`/mesh/v1/traces/${encodeURIComponent(id)}`, traceRecord)
    if (flags.json) writeJson(io, found)
    else showTrace(found, io)
    return 0
  },
})

function showTrace({ stages, outcome, errorCode, model }: z.output<typeof traceRecord>, io: Io) {
  const startMs = stages[0]?.timestampMs ?? 0
  const rows = stages.map(({ stage, detail, timestampMs }) => [
    showMs(timestampMs - startMs),
    stage,
    detail ?? '',
  ])
  for (const line of table(['AFTER', 'STAGE', 'DETAIL'], rows)) writeLine(io, safeText(line))
  writeLine(io, safeText(`${model}: ${outcome}${errorCode == null ? '' : `, ${errorCode}`}`))
}
