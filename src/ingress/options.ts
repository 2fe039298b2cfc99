/**
 * Options of the HTTP ingress: where it listens and the bounds it keeps.
 */
import { z } from 'zod'
import { durationMs } from '../core/option-fields.ts'

/** A duration in milliseconds. */
export const ingressOptions = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Anything but loopback needs an API key.'),

  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(7733)
    .describe('TCP port to listen on. 0: any free port.'),

  bodyMaxBytes: z
    .int()
    .min(1024)
    .max(1024 ** 3)
    .meta({ unit: 'bytes' })
    .default(16 * 1024 ** 2)
    .describe('Longest request body. Longer ones are refused with 413.'),

  requestsMax: z
    .int()
    .min(1)
    .max(100_000)
    .meta({ unit: 'requests' })
    .default(1024)
    .describe('Inference requests in flight. More are refused with 429 and Retry-After.'),

  eventStreamsMax: z
    .int()
    .min(1)
    .max(100_000)
    .meta({ unit: 'streams' })
    .default(64)
    .describe('Clients that follow the events of the mesh. More are refused with 429.'),

  requestTimeoutMs: durationMs(1, 86_400_000)
    .default(600_000)
    .describe('Time from the request until the head of the answer. Then the client gets 504.'),

  headersTimeoutMs: durationMs(1, 600_000)
    .default(10_000)
    .describe('Time a client has to send the head of a request. Then it gets 408.'),

  bodyTimeoutMs: durationMs(1, 3_600_000)
    .default(30_000)
    .describe('Time a client has to send the body after the head. Then it gets 408.'),

  keepAliveTimeoutMs: durationMs(1, 600_000)
    .default(75_000)
    .describe('How long an idle connection stays open. Above the 60 s of common proxies.'),

  slowClientTimeoutMs: durationMs(1, 600_000)
    .default(60_000)
    .describe('How long a client may take nothing of an answer that waits. Then it is cut.'),
})

export type IngressOptions = z.output<typeof ingressOptions>
