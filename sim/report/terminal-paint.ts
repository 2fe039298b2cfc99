/**
 * Colours of a terminal, or none.
 */

export interface Painter {
  bold(text: string): string
  quiet(text: string): string
  good(text: string): string
  bad(text: string): string
  warning(text: string): string
}

const plain = (text: string) => text

const PLAIN: Painter = { bold: plain, quiet: plain, good: plain, bad: plain, warning: plain }

const COLOURED: Painter = {
  bold: sequence(1, 22),
  quiet: sequence(2, 22),
  good: sequence(32, 39),
  bad: sequence(31, 39),
  warning: sequence(33, 39),
}

export function painter(isColor: boolean): Painter {
  return isColor ? COLOURED : PLAIN
}

/** Select Graphic Rendition (ECMA-48, 8.3.117). */
function sequence(on: number, off: number) {
  return (text: string) => `\u001b[${on}m${text}\u001b[${off}m`
}
