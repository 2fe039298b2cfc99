/**
 * Structured log lines: a constant message and facts, one line each on stderr.
 *
 * Messages never contain values, so lines can be counted; facts carry the names the code uses.
 * No prompt, completion or secret at any level. For programs, and for whoever debugs, a line is a
 * JSON object with everything; for people it is plain text that an error fills with its message
 * alone:
 *
 *     {"time":"…","level":"warn","message":"a lane closed","peer":"12D3…","error":{…,"stack":"…"}}
 *     warn: a lane closed: peer=12D3… error="ERR_PEER_LOST: the other side is gone"
 */
import { MeshError } from '../core/errors.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

export type Facts = Readonly<Record<string, unknown>>

export interface Logger {
  debug(message: string, facts?: Facts): void
  info(message: string, facts?: Facts): void
  warn(message: string, facts?: Facts): void
  error(message: string, facts?: Facts): void
}

export interface LogDeps {
  readonly write: (line: string) => void
  readonly wallMs: () => number
  /** `json` unless given. */
  readonly format?: 'json' | 'text'
}

/** Longest fact in a line for people. */
const FACT_MAX = 300

/** Errors do not survive JSON by themselves. */
function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { name, message, code: 'code' in value ? value.code : undefined, stack, cause }
}

/** `ERR_PEER_LOST: the other side is gone`, in one line. */
function errorText(error: Error): string {
  const name = error instanceof MeshError ? error.code : error.name
  const [firstLine = ''] = error.message.split('\n')
  return `${name}: ${firstLine}`
}

function factText(value: unknown): string {
  const text = value instanceof Error ? errorText(value) : value
  const shown = typeof text === 'string' ? text : (JSON.stringify(text, plain) ?? 'undefined')
  const short = shown.length > FACT_MAX ? `${shown.slice(0, FACT_MAX)}…` : shown
  return /^[\w./:@+-]+$/.test(short) || typeof text !== 'string' ? short : JSON.stringify(short)
}

/** Whoever reports a bug must be able to say where it is. */
function stackOf(level: LogLevel, { error }: Facts): string {
  const isBug = level === 'error' && error instanceof Error && !(error instanceof MeshError)
  return isBug && error.stack !== undefined ? `\n${error.stack}` : ''
}

function textLine(level: LogLevel, message: string, facts: Facts): string {
  const shown = Object.entries(facts).map(([name, value]) => `${name}=${factText(value)}`)
  const head = `${level}: ${message}`
  return (shown.length === 0 ? head : `${head}: ${shown.join(' ')}`) + stackOf(level, facts)
}

/** @param level Lines below it are dropped. */
export function createLogger(level: LogLevel, { write, wallMs, format = 'json' }: LogDeps): Logger {
  const threshold = LOG_LEVELS.indexOf(level)
  const at = (line: LogLevel) => {
    if (LOG_LEVELS.indexOf(line) < threshold) return () => {}
    return (message: string, facts: Facts = {}) => {
      if (format === 'text') return write(`${textLine(line, message, facts)}\n`)
      const time = new Date(wallMs()).toISOString()
      write(`${JSON.stringify({ time, level: line, message, ...facts }, plain)}\n`)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
