/**
 * The parent's side of `load.ts`: runs jobs on the load generator, one after the other.
 */
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child-process.ts'
import type { LoadReport } from './load.ts'
import type { LoadResult } from './load-recorder.ts'
import type { LoadJob, WindowWatch } from './load-run.ts'

/** Beyond the job's own bounds, for the generator to answer at all. */
const GRACE_MS = 5000

export class LoadProcess {
  readonly #child: Child

  private constructor(child: Child) {
    this.#child = child
  }

  static async start(): Promise<LoadProcess> {
    const script = fileURLToPath(new URL('./load.ts', import.meta.url))
    const child = await startChild({ name: 'the load generator', args: [script], readyMaxMs: 5000 })
    return new LoadProcess(child)
  }

  /** @throws Error if the generator fails or ends. */
  async run(job: LoadJob, watch: Partial<WindowWatch> = {}): Promise<LoadResult> {
    const generator = this.#child.process
    const boundMs = job.warmUpMs + job.windowMs + job.responseMaxMs + GRACE_MS
    const finish = new AbortController()
    try {
      return await new Promise((resolve, reject) => {
        const onReport = (report: LoadReport) => {
          if (report.type === 'window-opened') watch.onOpen?.()
          else if (report.type === 'window-closed') watch.onClose?.()
          else if (report.type === 'result') resolve(report.result)
          else reject(new Error(`the load generator failed: ${report.message}`))
        }
        const onExit = () => reject(new Error('the load generator ended'))
        const timer = setTimeout(() => reject(new Error('the load generator is stuck')), boundMs)
        finish.signal.addEventListener('abort', () => {
          clearTimeout(timer)
          generator.off('message', onReport)
          generator.off('exit', onExit)
        })
        generator.on('message', onReport)
        generator.on('exit', onExit)
        generator.send(job)
      })
    } finally {
      finish.abort()
    }
  }

  async stop(): Promise<void> {
    await this.#child.stop()
  }
}
