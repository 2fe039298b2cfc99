/**
 * Reads files of data-driven tests: a script of directives, each with what it must print.
 *
 *     # A comment between cases.
 *     command word key=value key=(first, second) \
 *       last=1
 *     input, any number of lines
 *     ----
 *     what it prints, up to the first blank line
 *
 * Output with blank lines stands between two lines of `----` and two more. A list may hold
 * parentheses as long as they match. `subtest NAME` and `subtest end` only group cases.
 *
 * Source: the format of cockroachdb/datadriven, as etcd-io/raft uses it.
 */

export interface Argument {
  readonly key: string
  /** None for a word, one for `key=value`, any number for `key=(…)`. */
  readonly values: readonly string[]
}

export interface Directive {
  readonly command: string
  readonly args: readonly Argument[]
  /** Without white space around it. */
  readonly input: string
}

export interface Case extends Directive {
  /** Line of the directive in its file, from 1. */
  readonly line: number
  /** The directive as it is written, in one line. */
  readonly text: string
  /** Every line ends in a line feed. */
  readonly expected: string
}

/** Runs one directive and returns what it prints. Throws if the directive makes no sense. */
export type Handler = (directive: Directive) => string

const SEPARATOR = '----'

/** @throws Error that names the line which is not of the format. */
export function parseCases(text: string): readonly Case[] {
  const lines = new Lines(text)
  const cases: Case[] = []
  const subtests: string[] = []
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const lineNumber = lines.number
    const directive = lines.join(line)
    if (directive === '' || directive.startsWith('#')) continue
    try {
      const { command, args } = parseDirective(directive)
      if (command === 'subtest') enterOrLeave(subtests, args)
      else cases.push({ command, args, line: lineNumber, text: directive, ...readBody(lines) })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`line ${lineNumber}: ${reason}`, { cause: error })
    }
  }
  if (subtests.length > 0) throw new Error(`expected an end of subtest ${subtests.at(-1)}`)
  return cases
}

/** @throws Error that names the column where the line stops making sense. */
export function parseDirective(line: string): Pick<Directive, 'command' | 'args'> {
  const scanner = new Scanner(line)
  const command = scanner.until(/\s/)
  const args: Argument[] = []
  for (scanner.skipSpace(); !scanner.isAtEnd; scanner.skipSpace()) {
    const key = scanner.until(/[\s=]/)
    if (key === '') scanner.fail('the name of an argument')
    args.push({ key, values: scanner.take('=') ? readValues(scanner) : [] })
  }
  return { command, args }
}

function readValues(scanner: Scanner): string[] {
  if (!scanner.take('(')) return [scanner.until(/\s/)]
  const values: string[] = []
  scanner.skipSpace()
  if (scanner.take(')')) return values
  do {
    scanner.skipSpace()
    values.push(scanner.listItem())
  } while (scanner.take(','))
  if (!scanner.take(')')) scanner.fail('a closing parenthesis')
  return values
}

function enterOrLeave(subtests: string[], args: readonly Argument[]): void {
  const [name] = args
  if (name === undefined) throw new Error('expected the name of a subtest')
  if (name.key !== 'end') {
    subtests.push(name.key)
    return
  }
  const open = subtests.pop()
  const named = args[1]?.key
  if (open === undefined || (named !== undefined && named !== open)) {
    throw new Error(`expected the end of subtest ${open ?? '(none)'}, found ${named ?? 'an end'}`)
  }
}

function readBody(lines: Lines): Pick<Case, 'input' | 'expected'> {
  const input: string[] = []
  for (let line = lines.next(); line !== SEPARATOR; line = lines.next()) {
    if (line === undefined) throw new Error(`expected a line ${SEPARATOR}, found the end`)
    input.push(line)
  }
  const output = lines.peek() === SEPARATOR ? readToDoubleSeparator(lines) : readToBlank(lines)
  return {
    input: input.join('\n').trim(),
    expected: output.map(line => `${line}\n`).join(''),
  }
}

function readToBlank(lines: Lines): string[] {
  const output: string[] = []
  for (let line = lines.next(); line !== undefined && line.trim() !== ''; line = lines.next()) {
    output.push(line)
  }
  return output
}

function readToDoubleSeparator(lines: Lines): string[] {
  lines.next()
  const output: string[] = []
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line === SEPARATOR && lines.peek() === SEPARATOR) {
      lines.next()
      return output
    }
    output.push(line)
  }
  throw new Error(`expected two lines ${SEPARATOR} behind the output, found the end`)
}

class Lines {
  readonly #lines: readonly string[]
  /** Of the line last read, from 1. */
  number = 0

  constructor(text: string) {
    const lines = text.split(/\r?\n/)
    this.#lines = lines.at(-1) === '' ? lines.slice(0, -1) : lines
  }

  peek(): string | undefined {
    return this.#lines[this.number]
  }

  next(): string | undefined {
    const line = this.peek()
    if (line !== undefined) this.number++
    return line
  }

  /** The line, and those it goes on in after a backslash, without white space around it. */
  join(first: string): string {
    let whole = first.trim()
    while (!whole.startsWith('#') && whole.endsWith('\\') && this.peek() !== undefined) {
      whole = `${whole.slice(0, -1)} ${this.next()?.trim()}`
    }
    return whole.trim()
  }
}

class Scanner {
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length
  }

  take(char: string): boolean {
    const isThere = this.#text[this.#position] === char
    if (isThere) this.#position++
    return isThere
  }

  skipSpace(): void {
    this.until(/\S/)
  }

  until(stop: RegExp): string {
    const rest = this.#text.slice(this.#position)
    const found = rest.search(stop)
    const length = found < 0 ? rest.length : found
    this.#position += length
    return rest.slice(0, length)
  }

  /** Up to a comma or parenthesis that does not belong to it. */
  listItem(): string {
    const start = this.#position
    let depth = 0
    for (; !this.isAtEnd; this.#position++) {
      const char = this.#text[this.#position]
      if (depth === 0 && (char === ',' || char === ')')) break
      if (char === '(') depth++
      else if (char === ')') depth--
    }
    return this.#text.slice(start, this.#position)
  }

  fail(expected: string): never {
    throw new Error(`expected ${expected} at column ${this.#position + 1}, found: ${this.#text}`)
  }
}
