/**
 * Structured log lines: a constant message and facts, one JSON object per line on stderr.
 *
 * Messages never contain values, so lines can be counted; facts carry the names the code uses.
 * No prompt, completion or secret at any level.
 */
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
}

/** Errors do not survive JSON by themselves. */
function plain(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  return { name, message, code: 'code' in value ? value.code : undefined, stack, cause }
}

/** @param level Lines below it are dropped. */
export function createLogger(level: LogLevel, { write, wallMs }: LogDeps): Logger {
  const threshold = LOG_LEVELS.indexOf(level)
  const at = (line: LogLevel) => {
    if (LOG_LEVELS.indexOf(line) < threshold) return () => {}
    return (message: string, facts: Facts = {}) => {
      const time = new Date(wallMs()).toISOString()
      write(`${JSON.stringify({ time, level: line, message, ...facts }, plain)}\n`)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
