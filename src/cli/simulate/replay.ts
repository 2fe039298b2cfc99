/**
 * `skein sim replay FILE`: the scheduler of production over what a peer wrote down, or one decision
 * worked out again.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { DecisionFinding } from '../../../sim/replay/decision-check.ts'
import type { ReplayResult } from '../../../sim/replay/event-replay.ts'
import { MeshError } from '../../core/errors.ts'
import { VERSION } from '../../node/version.ts'
import { defineCommand, usageError } from '../command.ts'
import { explain } from '../explain.ts'
import { type Io, writeJson, writeLine } from '../io.ts'
import { type Decision, decisionRecord } from '../wire.ts'

/** The longest line of a log: news of a peer with as many models as it may have. */
const LINE_MAX_CHARACTERS = 64 * 1024 ** 2

/** A record with as many candidates as can be kept. */
const DECISION_MAX_CHARACTERS = 16 * 1024 ** 2

const ENDS = {
  closed: undefined,
  full: 'The log had reached its bound; the peer went on.',
  'too-slow': 'The disk had not kept up with the log; the peer went on.',
  failed: 'The log could not be written any further; the peer went on.',
  'cut-off': 'The log was cut off, as when the peer was killed; it was replayed as far as it goes.',
} as const

export const simReplay = defineCommand({
  name: 'sim replay',
  summary: 'Run the scheduler again over what a peer wrote down, and compare.',
  words: [
    {
      name: 'file',
      meaning: 'Event log of `--record-events`, or a decision of `skein why ID --json`.',
    },
  ],
  flags: {
    at: {
      type: 'string',
      value: 'ID',
      meaning: 'Show that decision as it came out, in the words of `skein why`.',
    },
    json: { type: 'boolean', meaning: 'JSON for programs instead of text for people.' },
  },
  notes: ['Exit code 1: something came out otherwise; it says what and where.'],

  async run({ flags, words: [path = ''] }, io) {
    const lines = linesOf(path)
    const first = await lines.next()
    const text = first.value ?? ''
    if (!/^\s*\{\s*"skeinEvents"/.test(text)) {
      const rest = await allOf(lines, text.length)
      const decision = decisionOf(`${text}\n${rest}`)
      if (flags.at !== undefined)
        throw usageError('expected an event log with --at, found a decision')
      const { checkDecision } = await import('../../../sim/replay/decision-check.ts')
      return showFindings(decision.id, checkDecision(decision), { io, isJson: flags.json })
    }
    const { EventReplay } = await import('../../../sim/replay/event-replay.ts')
    const replay = new EventReplay(flags.at)
    replay.take(text)
    for await (const line of lines) {
      replay.take(line)
      if (replay.isOver) break
    }
    return showReplay(replay.finish(), { io, isJson: flags.json, wantedId: flags.at })
  },
})

/** @throws MeshError ERR_CONFIG if it cannot be read. */
async function* linesOf(path: string): AsyncGenerator<string, undefined> {
  const stream = createReadStream(path, 'utf8')
  try {
    for await (const line of createInterface({
      input: stream,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      if (line.length > LINE_MAX_CHARACTERS) {
        throw unreadable(path, `a line of ${line.length} characters`)
      }
      yield line
    }
  } catch (error) {
    if (error instanceof MeshError) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw unreadable(path, code === 'ENOENT' ? 'none' : String(code ?? error), error)
  } finally {
    stream.destroy()
  }
  return undefined
}

function unreadable(path: string, found: string, cause?: unknown): MeshError {
  return new MeshError(`expected an event log or a decision at ${path}, found ${found}`, {
    code: 'ERR_CONFIG',
    hint: 'A peer writes a log with --record-events FILE; `skein why ID --json` prints a decision.',
    cause,
  })
}

async function allOf(lines: AsyncIterable<string>, before: number): Promise<string> {
  const rest: string[] = []
  let length = before
  for await (const line of lines) {
    length += line.length
    if (length > DECISION_MAX_CHARACTERS) break
    rest.push(line)
  }
  return rest.join('\n')
}

function decisionOf(text: string): Decision {
  try {
    return decisionRecord.parse(JSON.parse(text))
  } catch (cause) {
    throw new MeshError('expected an event log or a decision as JSON, found something else', {
      code: 'ERR_CONFIG',
      hint: 'A peer writes a log with --record-events FILE; `skein why ID --json` prints a decision.',
      cause,
    })
  }
}

interface Shown {
  readonly io: Io
  readonly isJson: boolean
  readonly wantedId: string | undefined
}

function showReplay(result: ReplayResult, { io, isJson, wantedId }: Shown): number {
  const { header, eventCount, decisionCount, difference, end, decision } = result
  const exitCode = difference === undefined ? 0 : 1
  if (isJson) {
    const counts = { eventCount, decisionCount, isIdentical: difference === undefined }
    writeJson(io, { ...counts, end, version: header.version, difference, decision })
    return exitCode
  }
  if (header.version !== VERSION) {
    io.complain(`The log was written by version ${header.version}; this is ${VERSION}.`)
  }
  if (decision !== undefined) {
    // As the peer would have sent it.
    const sent = decisionRecord.parse(JSON.parse(JSON.stringify(decision)))
    for (const line of [...explain(sent), '']) writeLine(io, line)
  }
  if (difference === undefined) {
    writeLine(io, `${eventCount} events, ${decisionCount} decisions, identical`)
    const note = ENDS[end]
    if (note !== undefined) io.complain(note)
    if (wantedId !== undefined && decision === undefined) {
      throw new MeshError(`expected the decision ${wantedId} in the log, found none`, {
        code: 'ERR_NOT_FOUND',
        hint: 'A peer logs the decisions that it makes itself.',
      })
    }
    return exitCode
  }
  const { line, n, what, expected, found } = difference
  writeLine(io, `${eventCount} events, ${decisionCount} decisions, then a difference`)
  writeLine(io, `line ${line}, event ${n} (${what}):`)
  writeLine(io, `  expected ${expected}`)
  writeLine(io, `  found    ${found}`)
  return exitCode
}

function showFindings(
  id: string,
  findings: readonly DecisionFinding[],
  { io, isJson }: Pick<Shown, 'io' | 'isJson'>,
): number {
  const wrong = findings.filter(({ holds }) => holds === false)
  const unknown = findings.filter(({ holds }) => holds === undefined)
  const exitCode = wrong.length > 0 ? 1 : 0
  if (isJson) {
    writeJson(io, { id, isConfirmed: wrong.length === 0, findings })
    return exitCode
  }
  for (const line of wrong.map(lineOf)) writeLine(io, `wrong: ${line}`)
  for (const line of unknown.map(lineOf)) writeLine(io, `not checked: ${line}`)
  const confirmed = findings.length - wrong.length - unknown.length
  const rest = [
    ...(wrong.length > 0 ? [`${wrong.length} wrong`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} not checked`] : []),
  ]
  writeLine(io, [`${confirmed} of ${findings.length} figures confirmed`, ...rest].join(', '))
  return exitCode
}

const lineOf = ({ what, found }: DecisionFinding) => `${what}: ${found}`
