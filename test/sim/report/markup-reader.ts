/**
 * Reads our pages as XML does: every element closed, every attribute quoted and given once, every
 * ampersand an entity. Styles and scripts are text to their ends, as in HTML.
 */

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Of it and all in it, with entities resolved. */
  text: string
  readonly path: string
}

const RAW: ReadonlySet<string> = new Set(['style', 'script'])

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
}

const BEGINNING = /<([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*="[^"<]*")*)\s*(\/?)>/y

const ENDING = /<\/([a-z][a-z0-9]*)>/y

/** @returns All elements in the order in which they begin. @throws Error at the first fault. */
export function readMarkup(text: string): readonly Element[] {
  const reader = new MarkupReader(text.replace(/^<!doctype html>\s*/, ''))
  return reader.read()
}

class MarkupReader {
  readonly #text: string
  readonly #open: Element[] = []
  readonly #all: Element[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): readonly Element[] {
    while (this.#at < this.#text.length) {
      if (this.#text.startsWith('</', this.#at)) this.#close()
      else if (this.#text.startsWith('<', this.#at)) this.#begin()
      else this.#words()
    }
    if (this.#open.length > 0) throw this.#fault(`${this.#open.at(-1)?.name} is never closed`)
    return this.#all
  }

  #begin(): void {
    const found = this.#match(BEGINNING)
    if (found === null) throw this.#fault('not the beginning of an element')
    const [whole, name = '', list = '', slash] = found
    this.#at += whole.length
    const path = [...this.#open.map(each => each.name), name].join('/')
    const element: Element = { name, attributes: this.#attributes(list), text: '', path }
    this.#all.push(element)
    if (slash === '/') return
    this.#open.push(element)
    if (RAW.has(name)) this.#raw(element)
  }

  #attributes(list: string): Readonly<Record<string, string>> {
    const pairs = [...list.matchAll(/([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, this.#resolved(value)] as const,
    )
    const attributes = Object.fromEntries(pairs)
    if (Object.keys(attributes).length < pairs.length) throw this.#fault('an attribute came twice')
    return attributes
  }

  #close(): void {
    const found = this.#match(ENDING)
    const last = this.#open.pop()
    if (found === null || found[1] !== last?.name) throw this.#fault(`expected </${last?.name}>`)
    this.#at += found[0].length
  }

  #words(): void {
    const to = this.#text.indexOf('<', this.#at)
    const words = this.#resolved(this.#text.slice(this.#at, to < 0 ? undefined : to))
    for (const element of this.#open) element.text += words
    if (this.#open.length === 0 && words.trim() !== '') throw this.#fault('text outside of all')
    this.#at += to < 0 ? this.#text.length : to - this.#at
  }

  #raw(element: Element): void {
    const to = this.#text.indexOf(`</${element.name}`, this.#at)
    if (to < 0) throw this.#fault(`${element.name} never ends`)
    element.text = this.#text.slice(this.#at, to)
    this.#at = to
  }

  #resolved(text: string): string {
    return text.replaceAll(/&([^;&\s]{0,8});|&/g, (whole, name: string | undefined) => {
      const character = NAMED[name ?? '']
      if (character === undefined) throw this.#fault(`no entity: ${whole}`)
      return character
    })
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#text)
  }

  #fault(problem: string): Error {
    return new Error(`${problem}, before: ${this.#text.slice(this.#at, this.#at + 120)}`)
  }
}
