/**
 * One reader's place among the changes of the policy.
 *
 * The feed of the policy is the queue of every reader: one that is slow costs a page of it at most
 * and holds up nobody. What the feed has forgotten meanwhile, or what a snapshot has jumped over, is
 * told as `compacted`.
 */
import type { PolicyChange } from '../../consensus/policy/outcome.ts'
import type { PolicyState } from '../../consensus/policy/policy-state.ts'
import type { Change, PolicyNews, PolicyReader } from './policy-port.ts'

/** Changes a reader holds; it takes whole revisions, so one batch may make it more. */
const PAGE_MAX = 64

export interface ChangeReaderDeps {
  readonly state: () => PolicyState
  /** Calls back after each change. The returned function ends that. */
  readonly watch: (watcher: () => void) => () => void
  readonly onNews: () => void
  /** Without secrets. */
  readonly shown: (change: PolicyChange) => Change
}

export class ChangeReader implements PolicyReader {
  readonly #deps: ChangeReaderDeps
  readonly #unwatch: () => void
  /** All up to here was read or stands in the page. */
  #revision: number
  #page: readonly PolicyChange[] = []
  #pageAt = 0
  #isWaiting = false

  constructor(deps: ChangeReaderDeps, fromRevision: number | undefined) {
    this.#deps = deps
    this.#revision = fromRevision ?? deps.state().appliedIndex
    this.#unwatch = deps.watch(() => {
      if (!this.#isWaiting) return
      this.#isWaiting = false
      deps.onNews()
    })
  }

  next(): PolicyNews | undefined {
    if (this.#pageAt === this.#page.length) {
      const compacted = this.#turnPage()
      if (compacted !== undefined) return compacted
    }
    const change = this.#page[this.#pageAt]
    this.#isWaiting = change === undefined
    if (change === undefined) return undefined
    this.#pageAt += 1
    const isLastOfRevision = this.#page[this.#pageAt]?.revision !== change.revision
    return { type: 'change', change: this.#deps.shown(change), isLastOfRevision }
  }

  close(): void {
    this.#unwatch()
    this.#page = []
    this.#pageAt = 0
  }

  #turnPage(): PolicyNews | undefined {
    const state = this.#deps.state()
    const since = state.changesSince(this.#revision)
    this.#pageAt = 0
    this.#page = []
    if (since.status === 'compacted') {
      this.#revision = state.appliedIndex
      return { type: 'compacted', revision: this.#revision }
    }
    const lastRevision = since.changes[Math.min(PAGE_MAX, since.changes.length) - 1]?.revision
    if (lastRevision === undefined) return undefined
    this.#page = since.changes.filter(({ revision }) => revision <= lastRevision)
    this.#revision = lastRevision
    return undefined
  }
}
