/**
 * Pieces that the sections of a report are made of: sections, figures with their legends, and tables.
 */
import type { ContestantResult, EstimateName } from '../../experiment/comparison.ts'
import { bare, estimateParts, UNKNOWN, type Unit, withUnit } from '../figures.ts'
import { html, type Markup, type MarkupPart, NOTHING } from '../markup.ts'
import { isMeasured, wordsOf } from '../metric-words.ts'

interface Section {
  readonly id: string
  readonly title: string
  /** What to look at, in a sentence or two. */
  readonly lead: MarkupPart
  readonly body: MarkupPart
}

export function section({ id, title, lead, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="lead">${lead}</p>${body}</section>`
}

export function subheading(text: string): Markup {
  return html`<h3>${text}</h3>`
}

/** @param contestants Those whose colours it shows; none if their names stand in the drawing. */
export function figure(
  plot: Markup,
  title: string,
  contestants: readonly ContestantNamed[] = [],
): Markup {
  return html`<figure><figcaption>${title}</figcaption>${plot}${legend(contestants)}</figure>`
}

export interface ContestantNamed {
  readonly name: string
}

/** Three side by side where two others stand. */
export function smallFigures(parts: readonly MarkupPart[]): Markup {
  return html`<div class="figures small">${parts}</div>`
}

export function figures(parts: readonly MarkupPart[]): Markup {
  return html`<div class="figures">${parts}</div>`
}

function legend(contestants: readonly ContestantNamed[]): Markup {
  if (contestants.length === 0) return NOTHING
  const items = contestants.map(
    ({ name }, index) => html`<li class="s s${index}">${swatch()}${name}</li>`,
  )
  return html`<ul class="legend">${items}</ul>`
}

/** A line in the colour of whatever it stands in. */
export function swatch(): Markup {
  return html`<svg class="swatch" viewBox="0 0 18 8" aria-hidden="true"><path class="line" d="M0 4H18"/></svg>`
}

export interface Column {
  readonly label: MarkupPart
  readonly isText?: boolean
  /** Read when it is pointed at. */
  readonly meaning?: string
}

export interface Row {
  readonly head: MarkupPart
  readonly cells: readonly MarkupPart[]
  readonly className?: string
}

interface Table {
  readonly caption: string
  /** The first is of the heads of rows. */
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

export function table({ caption, columns, rows }: Table): Markup {
  const heads = columns.map(
    ({ label, isText, meaning }) =>
      html`<th scope="col"${isText === true ? TEXT_CLASS : NOTHING}${titleOf(meaning)}>${label}</th>`,
  )
  const lines = rows.map(
    ({ head, cells, className }) =>
      html`<tr class="${className ?? ''}"><th scope="row">${head}</th>${cells.map((cell, index) => html`<td${columns[index + 1]?.isText === true ? TEXT_CLASS : NOTHING}>${cell}</td>`)}</tr>`,
  )
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table></div>`
}

const TEXT_CLASS = html` class="text"`

function titleOf(meaning: string | undefined): Markup {
  return meaning === undefined || meaning === '' ? NOTHING : html` title="${meaning}"`
}

interface CellLook {
  /** Of the row or column. */
  readonly unit: Unit
  readonly hasInterval: boolean
}

/** `812 ± 40` as a cell; the suffix of the unit stands in the head. */
export function estimateCell(
  contestant: ContestantResult,
  name: EstimateName,
  { unit, hasInterval }: CellLook,
): Markup {
  if (!isMeasured(contestant, name)) return html`${UNKNOWN}`
  const estimate = contestant.estimates[name]
  const { quantity } = wordsOf(name)
  const headUnit = { ...unit, suffix: '' }
  if (!hasInterval) return html`${withUnit(bare(estimate.mean, quantity, unit), headUnit)}`
  const [mean, half] = estimateParts(estimate, quantity, unit)
  const interval = half === undefined ? NOTHING : html` <span class="interval">± ${half}</span>`
  return html`${withUnit(mean, headUnit)}${interval}`
}

/** The unit of a column, for its head: ` ms`. */
export function unitMark({ suffix }: Unit): MarkupPart {
  const text = suffix.trim()
  return text === '' ? '' : html` <span class="unit">${text}</span>`
}
