/**
 * One command at work: the table it changes and the facts that came with it.
 */
import type { PolicyFormat } from './format.ts'
import type { ResourceTable } from './resource-table.ts'

export interface Transaction {
  readonly table: ResourceTable
  readonly format: PolicyFormat
  /** Index of the entry, and so the revision of all that it changes. */
  readonly index: number
  readonly author: string
  /** Wall clock of the author. The only time there is. */
  readonly atMs: number
}
