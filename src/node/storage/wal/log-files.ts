/**
 * The port of the log: one folder of files that only ever grow, in the order of their names.
 *
 * Making and removing a file is durable when the call returns, and all or nothing. What is written
 * into an open file is durable only after the next `sync`; a crash before that keeps any part of
 * it. Every failure is a MeshError `ERR_STORAGE`, and none may be tried again: after a failed sync
 * nobody knows what is on the disk (Rebello et al., "Can applications recover from fsync
 * failures?", ATC 2020).
 *
 * Production: node-log-files.ts. Simulator: sim/log-disk.ts. One suite holds for both.
 */

/** A file open for writing. Its calls are made one after the other. */
export interface LogFile {
  /** Puts the bytes there; they may be used again once this returns. */
  write(bytes: Uint8Array, offset: number): Promise<void>
  /** What was written before is durable when this returns. */
  sync(): Promise<void>
  /** Cuts the file, or lengthens it with zeros. Durable after the next `sync`. */
  truncate(sizeBytes: number): Promise<void>
  close(): Promise<void>
}

export interface LogFiles {
  /** Where they are, for messages to people. */
  readonly folder: string
  /** In no order. */
  list(): Promise<readonly string[]>
  read(name: string): Promise<Uint8Array>
  /** Replaces a file of that name. Beyond the content it is zeros, up to `sizeBytes`. */
  create(name: string, content: Iterable<Uint8Array>, sizeBytes?: number): Promise<void>
  open(name: string): Promise<LogFile>
  /** One that is not there is fine. */
  remove(name: string): Promise<void>
}

/** Of a file that is being made. One that is left over from a crash means nothing. */
export const UNFINISHED_SUFFIX = '.new'
