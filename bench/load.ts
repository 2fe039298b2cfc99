/**
 * The load generator as a process of its own, so that measuring does not slow down what is
 * measured more than any client would.
 *
 * It takes one job at a time over its parent's channel, says when its window opens and
 * closes, and the result at the end.
 */
import type { LoadResult } from './load-recorder.ts'
import { type LoadJob, runLoad } from './load-run.ts'

export type LoadReport =
  | { readonly type: 'window-opened' }
  | { readonly type: 'window-closed' }
  | { readonly type: 'result'; readonly result: LoadResult }
  | { readonly type: 'failure'; readonly message: string }

function report(message: LoadReport): void {
  process.send?.(message)
}

if (import.meta.main) {
  process.on('message', (job: LoadJob) => {
    const watch = {
      onOpen: () => report({ type: 'window-opened' }),
      onClose: () => report({ type: 'window-closed' }),
    }
    runLoad(job, watch).then(
      result => report({ type: 'result', result }),
      (error: unknown) => report({ type: 'failure', message: String(error) }),
    )
  })
  // Without its parent it has nothing to do.
  process.on('disconnect', () => process.exit(0))
  console.log(JSON.stringify({ event: 'ready' }))
}
