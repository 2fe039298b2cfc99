/**
 * `npm run bench -- NAME`: runs one benchmark and prints a table and, as the last line, one JSON
 * object `{"bench":NAME,"figures":{…},"ratios":{…}}`.
 *
 * Exit code 0: measured. 1: it failed, or answers went wrong while it measured, which it says.
 * 2: wrong arguments. Everything it starts listens on 127.0.0.1 and is stopped at the end.
 */
import { parseBenchArguments } from './arguments.ts'
import { type Benchmark, resultLine } from './benchmark.ts'
import { cancel } from './cancel.ts'
import { consensus } from './consensus.ts'
import { leaderLoss } from './leader-loss.ts'
import { membership } from './membership.ts'
import { membershipWan } from './membership-wan.ts'
import { memory } from './memory.ts'
import { placement } from './placement.ts'
import { queueing } from './queueing.ts'
import { requestPath } from './request-path.ts'
import { scheduler } from './scheduler.ts'
import { simulator } from './simulator.ts'
import { simulatorValidation } from './simulator-validation.ts'
import { wal } from './wal.ts'

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  'request-path': requestPath,
  memory,
  membership,
  'membership-wan': membershipWan,
  cancel,
  consensus,
  'leader-loss': leaderLoss,
  scheduler,
  placement,
  queueing,
  simulator,
  'simulator-validation': simulatorValidation,
  wal,
}

/** Twice what the longest benchmark takes. */
const RUN_MAX_MS = 720_000

const USAGE = `Usage: npm run bench -- NAME [--quick] [--paths direct,mesh,…] [--sizes 5,10,…] [--cpu-prof FOLDER]

${Object.entries(BENCHMARKS)
  .map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`)
  .join('\n')}`

async function main(args: readonly string[]): Promise<number> {
  const command = parseBenchArguments(args, Object.keys(BENCHMARKS))
  const benchmark = command.type === 'run' ? BENCHMARKS[command.name] : undefined
  if (command.type === 'refused' || benchmark === undefined) {
    console.error(`${command.type === 'refused' ? command.message : ''}\n\n${USAGE}`)
    return 2
  }
  const { name, options } = command
  const result = await benchmark.run(options, line => console.error(line))
  console.log(result.table)
  for (const error of result.errors) console.log(`ERROR ${error}`)
  if (result.errors.length > 0) console.log('ERROR Answers went wrong: do not use these figures.')
  console.log(resultLine(name, result))
  return result.errors.length > 0 ? 1 : 0
}

// Leaving by `exit` in every case, for that is where the children are ended.
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))
setTimeout(() => {
  console.error(`The benchmark was not done after ${RUN_MAX_MS} ms.`)
  process.exit(1)
}, RUN_MAX_MS).unref()

main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
