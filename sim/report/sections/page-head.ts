/**
 * What stands above the sections of every page: facts, the description, and the choice of a contestant.
 */
import { html, type Markup, type MarkupPart } from '../markup.ts'
import { swatch } from './parts.ts'

export function fact([name, value]: readonly [string, string]): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`
}

export function description(text: string): MarkupPart {
  return text === '' ? '' : html`<p class="description">${text}</p>`
}

/** Chooses one contestant in all drawings; the legend of the page as well. */
export function pickerOf(names: readonly string[]): Markup {
  const choices = names.map(
    (name, index) =>
      html`<label class="s${index}"><input type="radio" name="pick" id="pick-${index}"/>${swatch()}${name}</label>`,
  )
  return html`<fieldset class="picker"><legend>Highlight</legend><label><input type="radio" name="pick" id="pick-all" checked="checked"/>All</label>${choices}</fieldset>`
}
