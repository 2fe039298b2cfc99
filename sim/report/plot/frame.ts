/**
 * What every drawing stands in: the title and description that are read aloud, the grid, the ticks and
 * the names of the axes.
 *
 * Drawings are in units of their view box, which a page stretches to the width it has.
 */
import { html, type Markup, type MarkupPart } from '../markup.ts'
import type { Scale } from './scale.ts'

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Axis {
  readonly scale: Scale
  readonly label: string
  readonly show: (value: number) => string
}

export interface Drawing {
  /** Unique in its page: the description is found by it. */
  readonly id: string
  readonly title: string
  readonly description: string
  readonly height: number
}

export const WIDTH = 480

/** Room that labels of ticks take, across and up. */
export const LABEL_WIDTH = 46
export const LABEL_HEIGHT = 24

/** A number with the digits that a screen can show. */
export function px(value: number): number {
  return Math.round(value * 10) / 10
}

export function drawing({ id, title, description, height }: Drawing, body: MarkupPart): Markup {
  return html`<svg role="img" viewBox="0 0 ${WIDTH} ${px(height)}" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${body}</svg>`
}

/** The grid and labels of a horizontal axis at the bottom of the box. */
export function bottomAxis({ scale, label, show }: Axis, box: Box): Markup {
  const ticks = scale.ticks.map(tick => {
    const x = px(scale.at(tick))
    return html`<line class="grid" x1="${x}" x2="${x}" y1="${px(box.top)}" y2="${px(box.bottom)}"/><text class="tick" x="${x}" y="${px(box.bottom + 15)}" text-anchor="middle">${show(tick)}</text>`
  })
  const middle = px((box.left + box.right) / 2)
  return html`<g>${ticks}<line class="axis" x1="${px(box.left)}" x2="${px(box.right)}" y1="${px(box.bottom)}" y2="${px(box.bottom)}"/><text class="axis-name" x="${middle}" y="${px(box.bottom + 32)}" text-anchor="middle">${label}</text></g>`
}

/** The grid and labels of a vertical axis at the left of the box; its name stands above it. */
export function leftAxis({ scale, label, show }: Axis, box: Box): Markup {
  const ticks = scale.ticks.map(tick => {
    const y = px(scale.at(tick))
    return html`<line class="grid" x1="${px(box.left)}" x2="${px(box.right)}" y1="${y}" y2="${y}"/><text class="tick" x="${px(box.left - 6)}" y="${px(y + 4)}" text-anchor="end">${show(tick)}</text>`
  })
  return html`<g>${ticks}<text class="axis-name" x="4" y="${px(box.top - 18)}">${label}</text></g>`
}

/** The class by which a contestant has its colour, and can be picked out. */
export function seriesClass(index: number): string {
  return `s s${index}`
}
