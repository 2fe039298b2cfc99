/**
 * The port of the log in memory, without time or faults: for tests that open a log many times.
 */
import { MeshError } from '../../../../src/core/errors.ts'
import type { LogFile, LogFiles } from '../../../../src/node/storage/wal/log-files.ts'

export class MemoryLogFiles implements LogFiles {
  readonly folder = 'memory'
  readonly files = new Map<string, Uint8Array>()
  /** What was done, in order: `write a`, `sync a`, … */
  readonly calls: string[] = []
  /** The call that fails, as `sync 0000000000000001.wal`. */
  failing: string | undefined

  /** The same files, for a log that may change them. */
  copy(): MemoryLogFiles {
    const other = new MemoryLogFiles()
    for (const [name, bytes] of this.files) other.files.set(name, bytes.slice())
    return other
  }

  /** One that is there. */
  get(name: string): Uint8Array {
    const bytes = this.files.get(name)
    if (bytes === undefined) throw this.#error(`find ${name}`)
    return bytes
  }

  async list(): Promise<readonly string[]> {
    return [...this.files.keys()]
  }

  async read(name: string): Promise<Uint8Array> {
    this.#call(`read ${name}`)
    return this.get(name).slice()
  }

  async create(name: string, content: Iterable<Uint8Array>, sizeBytes = 0): Promise<void> {
    this.#call(`create ${name}`)
    const bytes = Buffer.concat([...content])
    const file = new Uint8Array(Math.max(bytes.length, sizeBytes))
    file.set(bytes)
    this.files.set(name, file)
  }

  async open(name: string): Promise<LogFile> {
    this.#call(`open ${name}`)
    this.get(name)
    return {
      write: async (bytes, offset) => {
        this.#call(`write ${name}`)
        if (offset + bytes.length > this.get(name).length) this.#resize(name, offset + bytes.length)
        this.get(name).set(bytes, offset)
      },
      sync: async () => this.#call(`sync ${name}`),
      truncate: async sizeBytes => {
        this.#call(`truncate ${name}`)
        this.#resize(name, sizeBytes)
      },
      close: async () => this.#call(`close ${name}`),
    }
  }

  async remove(name: string): Promise<void> {
    this.#call(`remove ${name}`)
    this.files.delete(name)
  }

  #resize(name: string, sizeBytes: number): void {
    const file = new Uint8Array(sizeBytes)
    file.set(this.get(name).subarray(0, sizeBytes))
    this.files.set(name, file)
  }

  #call(call: string): void {
    if (call === this.failing) throw this.#error(call)
    this.calls.push(call)
  }

  #error(call: string): MeshError {
    return new MeshError(`expected to ${call}, found EIO`, { code: 'ERR_STORAGE' })
  }
}
