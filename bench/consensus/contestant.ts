/**
 * What takes part in the benchmark of consensus: a cluster of three that stores values durably, and
 * a client of it.
 *
 * The two halves run in different processes. A `Contestant` starts and stops its cluster from the
 * process of the benchmark; the load process opens a `PutClient` to it, by the protocol and the
 * port that the cluster names (`protocols.ts` has the table).
 */

export type ProtocolName = 'etcd' | 'bare' | 'skein'

export interface Cluster {
  /** Of all members, whose processor time is counted. */
  readonly pids: readonly number[]
  readonly protocol: ProtocolName
  /** On 127.0.0.1, of the leader: what forwarding costs is not what is compared. */
  readonly port: number
  stop(): Promise<void>
}

export interface Contestant {
  readonly name: string
  /** Why it cannot take part on this machine; `undefined`: it can. */
  absence(): string | undefined
  /** Resolves when it takes writes. @param folder Empty; members keep their data in it. */
  start(folder: string): Promise<Cluster>
}

export interface PutClient {
  /**
   * Resolves when the value is stored durably on a majority.
   *
   * @param client Number of the closed-loop client, from 0, each with one put at a time.
   * @throws Error if it is not known to be stored.
   */
  put(client: number, key: string, value: Uint8Array): Promise<void>
  close(): void
}
