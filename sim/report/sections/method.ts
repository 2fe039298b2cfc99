/**
 * How the numbers came about, and how to get them again: level, seeds, version, scenario and command.
 */
import { stringify } from 'yaml'
import type { Comparison } from '../../experiment/comparison.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { fixed, showCount } from '../figures.ts'
import { counted, seedsOf, seedWords } from '../findings.ts'
import { html, type Markup } from '../markup.ts'
import { gossipWords } from '../scenario-facts.ts'
import { section } from './parts.ts'

export function methodSection(comparison: Comparison): Markup {
  const { version, scenario, contestants, cpuSeconds } = comparison
  const runs = contestants.flatMap(each => each.runs)
  const events = runs.reduce((sum, { eventCount }) => sum + eventCount, 0)
  const seeds = seedsOf(comparison)
  return section({
    id: 'method',
    title: 'How it was made',
    lead: `The scheduler, the admission and the choice of peers are those of production, in virtual time; engines, networks and requests are models. ${counted(runs.length, 'run')} of ${showCount(events)} events took ${fixed(cpuSeconds, 1)} s of processor time.`,
    body: html`<ul class="notes">${gossipWords(scenario).map(line => html`<li>${line}</li>`)}<li>Each contestant met the same requests and faults under each seed (common random numbers). Intervals are of Student’s t over ${counted(seeds.length, 'seed')}.</li></ul><h3>Run it again</h3><p>Save the scenario below as a file. Equal scenario, seed and version give equal results, to the last digit.</p><pre class="command" tabindex="0"><code>${rerunCommand(scenario)}</code></pre><dl class="facts"><div><dt>Version</dt><dd>skein ${version}</dd></div><div><dt>Runs of each contestant</dt><dd>${seedWords(seeds)}</dd></div></dl><details><summary>The scenario (YAML)</summary><pre tabindex="0"><code>${scenarioText(scenario)}</code></pre></details><p>All results are in this page as well, as JSON: <code>skein sim report</code> reads it.</p>`,
  })
}

/** As `skein sim run` takes it. */
export function scenarioText(scenario: Scenario): string {
  return stringify(scenario, { lineWidth: 100, aliasDuplicateObjects: false })
}

export function rerunCommand({ seed }: Scenario): string {
  return `skein sim run scenario.yaml --seed ${seed}`
}
