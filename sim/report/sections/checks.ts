/**
 * What must hold if the runs are to be believed: broken ones at the top of the page, all of them below.
 */
import type { Comparison, ContestantResult } from '../../experiment/comparison.ts'
import { brokenChecks, counted, seedWords } from '../findings.ts'
import { html, type Markup, type MarkupPart, NOTHING } from '../markup.ts'
import { section, table } from './parts.ts'

/** More of them add nothing: the table says where they are. */
const ALERTS_MAX = 20

export function brokenAlert(comparison: Comparison): Markup {
  const broken = brokenChecks(comparison)
  if (broken.length === 0) return NOTHING
  const items = broken
    .slice(0, ALERTS_MAX)
    .map(
      ({ contestant, seeds, name, found }) =>
        html`<li><strong>${contestant}</strong>, ${seedWords(seeds)}: ${name}: ${found}</li>`,
    )
  const rest =
    broken.length > ALERTS_MAX ? html`<li>… and ${broken.length - ALERTS_MAX} more.</li>` : ''
  return html`<div class="notice broken" role="alert"><h2>${counted(broken.length, 'honesty check')} broken</h2><p>Do not believe the numbers of these runs.</p><ul>${items}${rest}</ul></div>`
}

export function checksSection(comparison: Comparison): Markup {
  const { contestants } = comparison
  const names = [
    ...new Set(
      contestants.flatMap(({ runs }) =>
        runs.flatMap(({ checks }) => checks.map(each => each.name)),
      ),
    ),
  ]
  const brokenCount = brokenChecks(comparison).length
  return section({
    id: 'checks',
    title: 'Honesty checks',
    lead:
      names.length === 0
        ? 'No check was made.'
        : brokenCount === 0
          ? 'Every check holds in every run.'
          : html`<strong class="worse">${counted(brokenCount, 'check')} broken: see the top of the page.</strong>`,
    body: table({
      caption: 'Runs in which each check holds',
      columns: [
        { label: 'Check', isText: true },
        ...contestants.map(({ name }) => ({ label: name })),
      ],
      rows: names.map(name => ({
        head: name,
        cells: contestants.map(contestant => checkCell(name, contestant)),
      })),
    }),
  })
}

function checkCell(name: string, { runs }: ContestantResult): MarkupPart {
  const found = runs.flatMap(({ checks }) => checks.filter(each => each.name === name))
  const held = found.filter(({ holds }) => holds).length
  const text = `${held} of ${found.length}`
  const title = found.at(-1)?.found ?? ''
  return held === found.length
    ? html`<span class="holds" title="${title}">✓ ${text}</span>`
    : html`<strong class="worse" title="${title}">✗ ${text}</strong>`
}
