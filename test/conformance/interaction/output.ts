/**
 * What a directive prints. At the level `none` nothing is kept but errors; the other levels only
 * choose among lines of a log, which our core does not have.
 */
import { CommandError } from './command-error.ts'

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE']

export class Output {
  #text = ''
  #level = 'DEBUG'

  get text(): string {
    return this.#text
  }

  get level(): string {
    return this.#level
  }

  get isQuiet(): boolean {
    return this.#level === 'NONE'
  }

  /** Sets the level, in upper or lower case. */
  setLevel(name: string): void {
    const level = LEVELS.find(each => each === name.toUpperCase())
    if (level === undefined) {
      throw new CommandError(`log levels must be either of [${LEVELS.join(' ')}]`)
    }
    this.#level = level
  }

  clear(): void {
    this.#text = ''
  }

  write(text: string): void {
    if (!this.isQuiet) this.#text += text
  }

  writeLine(text: string): void {
    this.write(`${text}\n`)
  }

  /** Indents all lines that are written meanwhile. */
  indented(action: () => void): void {
    const before = this.#text
    this.#text = ''
    let inner = ''
    try {
      action()
    } finally {
      inner = this.#text
      this.#text = before
    }
    if (inner === '') return
    const lines = inner.endsWith('\n') ? inner.slice(0, -1) : inner
    this.#text += `${lines.replaceAll(/^/gm, '  ')}\n`
  }
}
