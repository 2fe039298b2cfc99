/**
 * The page around a report. It asks nobody for anything and runs nothing: the policy in its head forbids
 * scripts, and what can be picked out is picked by style sheets.
 */
import { html, Markup, type MarkupPart } from './markup.ts'
import { styleSheet } from './style.ts'

export interface Page {
  readonly title: string
  readonly body: MarkupPart
  readonly contestantCount: number
  /** Kept in the page for programs: its id, and anything that JSON can say. */
  readonly data: { readonly id: string; readonly value: unknown }
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

export function pageText({ title, body, contestantCount, data }: Page): string {
  const head = html`<head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><meta http-equiv="Content-Security-Policy" content="${POLICY}"/><meta name="color-scheme" content="light dark"/><meta name="generator" content="skein sim"/><title>${title}</title><style>${new Markup(styleSheet(contestantCount))}</style></head>`
  const page = html`<html lang="en">${head}<body>${body}${dataBlock(data)}</body></html>`
  return `<!doctype html>\n${page.text}\n`
}

function dataBlock({ id, value }: Page['data']): Markup {
  return html`<script type="application/json" id="${id}">${new Markup(scriptSafeJson(value))}</script>`
}

/**
 * JSON that ends no script and begins no comment: `<` is written as an escape, which means the same. Two
 * marks that end lines for some readers are too.
 */
export function scriptSafeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The text of the block with this id in a page of ours. `undefined`: there is none. */
export function dataBlockText(page: string, id: string): string | undefined {
  const opening = `<script type="application/json" id="${id}">`
  // The last: text that only looks like it is escaped, but a page may have been put into another.
  const from = page.lastIndexOf(opening)
  if (from < 0) return undefined
  const to = page.indexOf('</script>', from)
  return to < 0 ? undefined : page.slice(from + opening.length, to)
}
