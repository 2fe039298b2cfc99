/**
 * Tables for spreadsheets and statistics programs: comma-separated values as RFC 4180 has them.
 *
 * A spreadsheet runs a text that begins like a formula, so such texts get an apostrophe before them.
 * Source: OWASP, "CSV Injection".
 */

export type CsvCell = string | number

const LINE_END = '\r\n'

/** Lines of a table, each with the end of its line. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map(row => row.map(csvCell).join(',') + LINE_END).join('')
}

/** Numbers keep all their digits. What is none is left empty. */
function csvCell(cell: CsvCell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
