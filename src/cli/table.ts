/**
 * Aligned tables for people, and texts of others made safe to show.
 */

/** Between two columns. */
const GAP = '  '

/**
 * The text without control characters: names and answers come from other machines, and a
 * terminal obeys escape sequences. Line breaks and tabs of an answer stay.
 */
export function safeText(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, character =>
    character === '\n' || character === '\t' ? character : '\ufffd',
  )
}

function cell(text: string): string {
  return safeText(text).replaceAll(/[\n\t]/g, ' ')
}

function width(text: string): number {
  return [...text].length
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)))
}

/** Lines of a table: headers first, columns as wide as their widest cell, nothing at line ends. */
export function table(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const cells = [headers, ...rows.map(row => row.map(cell))]
  const widths = headers.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, width(row[column] ?? '')), 0),
  )
  return cells.map(row =>
    widths
      .map((columns, index) => padded(row[index] ?? '', columns))
      .join(GAP)
      .trimEnd(),
  )
}

/** The end of a peer id: its beginning is alike in all of them. */
export function shortPeer(peer: string): string {
  return peer.length > 10 ? `…${peer.slice(-8)}` : peer
}

/** `undefined` or negative: not known. */
export function showMs(ms: number | undefined): string {
  if (ms === undefined || ms < 0) return '-'
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 10_000) return `${Math.round(ms)} ms`
  return `${Number((ms / 1_000).toFixed(1))} s`
}
