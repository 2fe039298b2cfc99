/**
 * What went over the loopback interface of this network namespace, from Linux's `/proc`.
 *
 * On loopback each packet is sent once and received once, so what the interface sent is what all
 * processes together have sent, with the headers of TCP and IP, and without those of Ethernet.
 *
 * Source: the manual page proc(5), `/proc/net/dev`.
 */
import { readFileSync } from 'node:fs'

/** Fields of a line, after the name: eight of what was received, then bytes and packets sent. */
const SENT_BYTES_FIELD = 8
const SENT_PACKETS_FIELD = 9

export interface Traffic {
  readonly bytes: number
  readonly packets: number
}

/** Sent since the interface came up. */
export function loopbackTraffic(): Traffic {
  const line = /^\s*lo:(.*)$/m.exec(readFileSync('/proc/self/net/dev', 'latin1'))?.[1]
  if (line === undefined) throw new Error('expected an interface lo in /proc/self/net/dev')
  const fields = line.trim().split(/\s+/).map(Number)
  return { bytes: fields[SENT_BYTES_FIELD] ?? 0, packets: fields[SENT_PACKETS_FIELD] ?? 0 }
}
