/**
 * Numbers that are drawn and never compared: four digits are more than a page can show, and the
 * rest would be half of a report.
 */

const DIGITS = 4

export function plotted(value: number): number {
  return Number(value.toPrecision(DIGITS))
}
