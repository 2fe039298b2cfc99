/**
 * A collector of OpenTelemetry spans on loopback: keeps what it is sent, as OTLP's JSON has it.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })

const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes: z.array(attribute).default([]),
  events: z.array(z.object({ name: z.string() })).default([]),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }).default({}),
})

const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
})

export interface CollectedSpan extends z.output<typeof span> {
  /** `service.instance.id` of who sent it. */
  readonly instance: unknown
}

export class Collector {
  readonly spans: CollectedSpan[] = []
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      this.#take(Buffer.concat(chunks).toString())
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}/v1/traces`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  named(name: string): CollectedSpan {
    const found = this.spans.filter(each => each.name === name)
    if (found.length !== 1 || found[0] === undefined) {
      throw new Error(`expected one span "${name}", found ${found.length}`)
    }
    return found[0]
  }

  #take(text: string): void {
    for (const { resource, scopeSpans } of exported.parse(JSON.parse(text)).resourceSpans) {
      const id = resource.attributes.find(({ key }) => key === 'service.instance.id')
      const instance = id?.value['stringValue']
      this.spans.push(
        ...scopeSpans.flatMap(({ spans }) => spans.map(each => ({ ...each, instance }))),
      )
    }
  }
}
