/**
 * Texts that others wrote, made safe to show: names and descriptions come from scenario files, and a
 * terminal obeys escape sequences, a page the marks that turn the order of letters round.
 */

/** Controls but tab and line ends, halves of characters, marks of direction, and what XML forbids. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|[\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** The text with a mark in place of everything that cannot be seen. */
export function visibleText(text: string): string {
  return text.replaceAll(INVISIBLE, '\ufffd')
}

/** The same on one line. */
export function lineText(text: string): string {
  return visibleText(text).replaceAll(/\s+/g, ' ').trim()
}

/** Columns that a terminal gives a text. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += columnsOfCharacter(character)
  return columns
}

/** The beginning of a text with `…`, if it is wider than so many columns. */
export function shortened(text: string, columnsMax: number): string {
  if (columnsOf(text) <= columnsMax) return text
  let kept = ''
  let columns = 1
  for (const character of text) {
    columns += columnsOfCharacter(character)
    if (columns > columnsMax) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

function columnsOfCharacter(character: string): number {
  if (/^\p{Mn}$/u.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
