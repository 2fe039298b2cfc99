/**
 * One comparison as one page that needs nothing else: no network, no script, no file beside it.
 *
 * What is wrong stands first, then who is best, then why, and at the end how to get the same numbers
 * again. The comparison itself is in the page as JSON.
 */
import type { Comparison } from '../experiment/comparison.ts'
import { counted, hasIntervals, seedsOf, seedWords } from './findings.ts'
import { html, type Markup, type MarkupPart } from './markup.ts'
import { pageText } from './page.ts'
import { COMPARISON_ID } from './read-report.ts'
import { scenarioFacts } from './scenario-facts.ts'
import { brokenAlert, checksSection } from './sections/checks.ts'
import { costSection } from './sections/cost.ts'
import { differencesSection } from './sections/differences.ts'
import { latencySection } from './sections/latency.ts'
import { methodSection } from './sections/method.ts'
import { metricsSection } from './sections/metrics.ts'
import { timeSection, utilizationSection } from './sections/over-time.ts'
import { description, fact, pickerOf } from './sections/page-head.ts'
import { rankingSection } from './sections/ranking.ts'
import { requestsSection } from './sections/requests.ts'

const CONTENTS: readonly (readonly [string, string])[] = [
  ['ranking', 'Result'],
  ['latency', 'Latency'],
  ['differences', 'Differences'],
  ['time', 'Over time'],
  ['utilization', 'Utilization'],
  ['cost', 'Cost'],
  ['requests', 'Requests'],
  ['metrics', 'All numbers'],
  ['checks', 'Honesty checks'],
  ['method', 'How it was made'],
]

export function htmlReport(comparison: Comparison): string {
  const { scenario, contestants } = comparison
  const sections = [
    rankingSection(comparison),
    latencySection(comparison),
    differencesSection(comparison),
    timeSection(comparison),
    utilizationSection(comparison),
    costSection(comparison),
    requestsSection(comparison),
    metricsSection(comparison),
    checksSection(comparison),
    methodSection(comparison),
  ]
  return pageText({
    title: `${scenario.name} – Skein simulation`,
    body: [
      pageHead(comparison),
      html`<main>${brokenAlert(comparison)}${oneRunNotice(comparison)}${pickerOf(contestants.map(({ name }) => name))}${sections}</main>`,
      html`<footer>Skein ${comparison.version}. This page holds its own data and asks no network for anything.</footer>`,
    ],
    contestantCount: contestants.length,
    data: { id: COMPARISON_ID, value: comparison },
  })
}

function pageHead(comparison: Comparison): Markup {
  const { scenario } = comparison
  const seeds = seedsOf(comparison)
  const facts = [
    ...scenarioFacts(scenario),
    ['Runs', `${seeds.length}, ${seedWords(seeds)}`] as const,
    ['Version', comparison.version] as const,
  ]
  const links = CONTENTS.map(([id, label]) => html`<li><a href="#${id}">${label}</a></li>`)
  return html`<header><p class="kicker">Skein simulation</p><h1>${scenario.name}</h1>${description(scenario.description)}<dl class="facts">${facts.map(fact)}</dl><nav aria-label="Contents"><ul>${links}</ul></nav></header>`
}

function oneRunNotice(comparison: Comparison): MarkupPart {
  if (hasIntervals(comparison)) return ''
  const runs = counted(seedsOf(comparison).length, 'run')
  return html`<p class="notice warning">${runs} of each contestant: there are no confidence intervals, and no difference can be told from chance. Set <code>runs</code> in the scenario to 3 or more.</p>`
}
