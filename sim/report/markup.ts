/**
 * HTML and SVG by a template that escapes: whatever is put into it is text, unless it is `Markup`, which
 * only this file makes. So no name in a scenario can become an element, wherever it is shown.
 *
 * The same marks are well-formed XML, which is how the tests read them.
 */
import { assert } from '../../src/core/assert.ts'
import { visibleText } from './plain-text.ts'

export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type MarkupPart = string | number | Markup | readonly MarkupPart[]

export const NOTHING = new Markup('')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Good in an element and between the quotes of an attribute. */
export function escapeText(text: string): string {
  return visibleText(text).replaceAll(/[&<>"']/g, character => ENTITIES[character] ?? '')
}

/** @throws InvariantError if a number is none: a drawing with `NaN` in it is shown by nobody. */
export function html(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  let text = strings[0] ?? ''
  parts.forEach((part, index) => {
    text += partText(part) + (strings[index + 1] ?? '')
  })
  return new Markup(text)
}

function partText(part: MarkupPart): string {
  if (part instanceof Markup) return part.text
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') {
    assert(Number.isFinite(part), 'a number in markup must be finite')
    return String(part)
  }
  return part.map(partText).join('')
}
