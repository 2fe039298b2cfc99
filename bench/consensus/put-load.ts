/**
 * The load generator as a process of its own: what the clients cost is not the servers' cost, except
 * for the cores that they share.
 *
 *     node put-load.ts '{"protocol":"etcd","port":2379,…}'
 *
 * On stdout: JSON lines `"ready"`, `"opened"` and `"closed"` (its window of measurement) and
 * `"result"`.
 */
import { z } from 'zod'
import { openBareClient } from './bare-client.ts'
import type { ProtocolName, PutClient } from './contestant.ts'
import { openEtcdClient } from './etcd-client.ts'
import { type PutJob, runPuts } from './put-job.ts'
import { openSkeinClient } from './skein-client.ts'

/** Protocol → how to speak it. @param port The leader's. */
const CLIENTS: Readonly<Record<ProtocolName, (port: number) => Promise<PutClient>>> = {
  etcd: openEtcdClient,
  bare: openBareClient,
  skein: openSkeinClient,
}

const putJob = z.strictObject({
  protocol: z.enum(['etcd', 'bare', 'skein']),
  port: z.int().min(1),
  clientCount: z.int().min(1),
  valueBytes: z.int().min(1),
  warmUpMs: z.int().min(0),
  windowMs: z.int().min(1),
})

const print = (line: Readonly<Record<string, unknown>>) => console.log(JSON.stringify(line))

async function main(): Promise<void> {
  const job: PutJob = putJob.parse(JSON.parse(process.argv[2] ?? ''))
  const client = await CLIENTS[job.protocol](job.port)
  print({ event: 'ready' })
  const result = await runPuts(client, job, {
    onOpen: () => print({ event: 'opened' }),
    onClose: () => print({ event: 'closed' }),
  })
  client.close()
  print({ event: 'result', result })
}

// Without its parent it has nothing to do.
process.on('disconnect', () => process.exit(1))
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
