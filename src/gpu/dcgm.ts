/**
 * NVIDIA GPUs as the dcgm-exporter of this machine tells them: where one runs, the driver is asked
 * once for everybody.
 */
import type { GpuReading } from '../node/gpu-source.ts'
import { readDcgm, type Sample } from './dcgm-reading.ts'
import type { GpuProbe } from './probe.ts'

/** About a hundred times what one GPU has. */
const TEXT_MAX_BYTES = 4_194_304

export class DcgmProbe implements GpuProbe {
  readonly name = 'dcgm-exporter'
  readonly #url: string
  readonly #parse: (text: string) => readonly Sample[]

  /** @param parse Reads the Prometheus text format. */
  constructor(url: string, parse: (text: string) => readonly Sample[]) {
    this.#url = url
    this.#parse = parse
  }

  async read(signal: AbortSignal): Promise<readonly GpuReading[]> {
    const response = await fetch(this.#url, { signal })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new Error(`expected metrics at ${this.#url}, found status ${response.status}`)
    }
    const gpus = readDcgm(this.#parse(await boundedText(response.body)))
    // It answers before it has looked.
    if (gpus.length === 0) throw new Error(`expected DCGM metrics at ${this.#url}, found none`)
    return gpus
  }

  close(): void {
    // Nothing is held between two looks.
  }
}

async function boundedText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > TEXT_MAX_BYTES) {
      throw new Error(`expected metrics of at most ${TEXT_MAX_BYTES} bytes, found more`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
