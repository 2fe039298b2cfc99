/**
 * Writes docs/internals/strategy-choice.md: a table for each experiment, and what follows from it.
 */
import type {
  Comparison,
  ContestantResult,
  Estimate,
  EstimateName,
} from '../../sim/experiment/comparison.ts'
import { VERSION } from '../../src/node/version.ts'
import type { Experiment, Goal } from './experiments.ts'

interface Column {
  readonly title: string
  readonly name: EstimateName
  readonly digits: number
  /** What it is shown in. */
  readonly factor?: number
}

const COLUMNS: readonly Column[] = [
  { title: 'TTFT p50 ms', name: 'ttftMs.p50', digits: 0 },
  { title: 'TTFT p90 ms', name: 'ttftMs.p90', digits: 0 },
  { title: 'TTFT p99 ms', name: 'ttftMs.p99', digits: 0 },
  { title: 'end p99 s', name: 'endToEndMs.p99', digits: 1, factor: 0.001 },
  { title: 'slowdown p99', name: 'slowdown.p99', digits: 1 },
  { title: 'good %', name: 'goodputRatio', digits: 1, factor: 100 },
  { title: 'done %', name: 'completionRatio', digits: 2, factor: 100 },
  { title: 'cached %', name: 'kvHitRatio', digits: 0, factor: 100 },
  { title: 'herding', name: 'herdingIndex', digits: 2 },
]

const SWEPT: readonly Column[] = [
  { title: 'p99 time to first token, ms', name: 'ttftMs.p99', digits: 0 },
  { title: 'p99 slowdown', name: 'slowdown.p99', digits: 1 },
]

/** Nobody looks at prompts in most experiments. */
const SHOWN_HITS_MIN = 0.005

function shown({ mean, halfWidth }: Estimate, { digits, factor = 1 }: Column): string {
  const value = (mean * factor).toLocaleString('en', {
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  })
  const half = halfWidth * factor
  if (half < 0.5 * 10 ** -digits) return value
  return `${value} ± ${half.toLocaleString('en', { maximumFractionDigits: digits })}`
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...body.map(line),
  ].join('\n')
}

function estimate({ estimates }: ContestantResult, { name }: Column): Estimate {
  return estimates[name]
}

function ranking({ contestants }: Comparison): string {
  const hasHits = contestants.some(({ estimates }) => estimates.kvHitRatio.mean >= SHOWN_HITS_MIN)
  const columns = COLUMNS.filter(({ name }) => hasHits || name !== 'kvHitRatio')
  const rows = contestants.map(each => [
    each.rank === undefined ? `${each.name} *` : `\`${each.name}\``,
    ...columns.map(column => shown(estimate(each, column), column)),
  ])
  const notes = contestants.flatMap(({ name, unrankedBecause }) =>
    unrankedBecause === undefined ? [] : [`\\* ${name} is not ranked, because ${unrankedBecause}.`],
  )
  return [table([['', ...columns.map(({ title }) => title)], ...rows]), ...notes].join('\n\n')
}

function sweep(axis: string, labels: readonly string[], comparisons: readonly Comparison[]) {
  const names = comparisons[0]?.contestants.map(({ name }) => name) ?? []
  return SWEPT.map(column => {
    const rows = comparisons.map(({ contestants }, index) => [
      labels[index] ?? '',
      ...contestants.map(each => {
        const value = shown(estimate(each, column), column)
        return each.rank === undefined ? `${value} *` : value
      }),
    ])
    return `${column.title}:\n\n${table([[axis, ...names], ...rows])}`
  }).join('\n\n')
}

/** Of each pair of runs; what the interval of the difference leaves out is not chance. */
function verdicts({ differences, contestants }: Comparison): string {
  const told = differences.filter(
    ({ metric }) => metric === 'ttftMs.p99' || metric === 'slowdown.p99',
  )
  if (told.length === 0 || (contestants[0]?.runs.length ?? 0) < 2) return ''
  const lines = told.map(({ metric, contestant, ratio, verdict }) => {
    const what = metric === 'ttftMs.p99' ? 'p99 time to first token' : 'p99 slowdown'
    const change = `${ratio >= 0 ? '+' : '−'}${Math.abs(100 * ratio).toFixed(0)} %`
    return `| ${contestant} | ${what} | ${change} | ${verdict} |`
  })
  const [first] = told
  return `\nBeside \`${first?.against}\`, on equal requests:\n\n${['| | | difference | |', '| --- | --- | ---: | --- |', ...lines].join('\n')}`
}

const ESTIMATE_WORDS: Partial<Record<EstimateName, string>> = {
  'slowdown.p99': 'p99 slowdown',
  'ttftMs.p99': 'p99 time to first token',
  'ttftMs.p90': 'p90 time to first token',
}

function goalTable({ contestants }: Comparison, goals: readonly Goal[]): string {
  const meanOf = (name: string, estimateName: EstimateName) =>
    contestants.find(each => each.name === name)?.estimates[estimateName].mean ?? 0
  const rows = goals.map(({ estimate: name, against, factorMax }) => {
    const factor = meanOf('mesh', name) / meanOf(against, name)
    const word = factor <= factorMax ? 'reached' : '**missed**'
    const words = ESTIMATE_WORDS[name] ?? name
    return [words, `\`${against}\``, `${factorMax} ×`, `${factor.toFixed(2)} ×`, word]
  })
  return `\nWhat \`mesh\` was to reach:\n\n${table([['', 'of', 'at most', 'found', ''], ...rows])}\n`
}

export function sectionOf(experiment: Experiment, comparisons: readonly Comparison[]): string {
  const { title, text, form, points, goals } = experiment
  const [first] = comparisons
  if (first === undefined) throw new Error('an experiment has a point')
  const labels = points.map(({ label }) => label)
  const body =
    form.kind === 'ranking'
      ? `${ranking(first)}\n${verdicts(first)}`
      : sweep(form.axis, labels, comparisons)
  const reached = goals === undefined ? '' : goalTable(first, goals)
  return `## ${title}\n\n${text}\n\n${body}\n${reached}`
}

/** To be read again whenever the page is made anew. */
const FINDINGS = `## What follows

- \`mesh\` is the default. In the tail it beats everything that a mesh can have, and the shortest queue with perfect knowledge, at every load,
  size and number of ingresses tried; news that is 2 s old costs it a tenth.
- What it owes that to, most first: that a peer that is busier than thought sends requests back (without, p99 time to first token is nearly
  twice as long), that it looks at a few and not at all (five times), that it scores by work and not by requests (\`power-of-two\`), and its
  patience for prompts that begin alike.
- Three are sampled. Four do a little better in slowdown and no better in time to first token; eight or all herd.
- Loads on answers and the counting of own picks make no difference here that can be told from chance. They do where there are few
  ingresses or reports are rare, and cost nothing.
- Hedging makes no difference that can be told from chance. It stays off.
- Nothing beats a fleet that is large enough: with nothing to do, whoever happens to know a near peer wins. There \`prequal\`, which keeps a
  pool, is ahead: \`mesh\` draws anew for each request and may draw nobody near.
`

export function pageOf(sections: readonly string[]): string {
  return `# How the strategy was chosen

What \`mesh\`, the default, is worth beside the others, and what each of its parts is. For whoever wants to choose another one, or to
change it. Every figure is from the simulator that comes with this package (version ${VERSION}); \`npm run strategy-choice\` makes this page
anew, and \`npm run strategy-choice -- --only NAME\` one part of it. What was run stands in
[\`experiments.ts\`](../../scripts/strategy-choice/experiments.ts); how the simulator works, in [simulator.md](simulator.md).

All contestants meet the same requests, slow-downs and delays. ± is half of a 95 % confidence interval over the runs; where there is
none, there was one run. \`clairvoyant\` is no strategy: it sees every engine as it is and knows how long each answer will be, and takes
the node at which the request ends first. It is greedy and knows nothing of caches, so it can be beaten. \`least-queue-fresh\` is the shortest queue with perfect
knowledge. A row with a star is not ranked: it served less than 99.9 % of what it admitted, or admitted less than others.

${FINDINGS}
${sections.join('\n')}`
}
