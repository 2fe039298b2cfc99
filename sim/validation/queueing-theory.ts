/**
 * Mean times of queues that are known exactly. Requests come by a Poisson process; rates are per ms,
 * times in ms.
 *
 * Source: L. Kleinrock, "Queueing Systems", volumes 1 (1975), sections 3.5 and 5.6, and 2 (1976),
 * section 4.4.
 */

/** What is known of the time that one request needs by itself. */
export interface ServiceMoments {
  readonly meanMs: number
  /** Mean of its square. */
  readonly squareMs2: number
}

/** Share of requests that wait, before `servers` servers that are busy for `load` of their time. */
export function waitingShare(servers: number, load: number): number {
  const offered = servers * load
  // Erlang's formula for lost calls, grown server by server, which never overflows.
  let lostShare = 1
  for (let count = 1; count <= servers; count += 1) {
    lostShare = (offered * lostShare) / (count + offered * lostShare)
  }
  return lostShare / (1 - load * (1 - lostShare))
}

/** M/M/k, first come first served: until service begins. */
export function waitOfManyServersMs(servers: number, load: number, meanMs: number): number {
  return (waitingShare(servers, load) * meanMs) / (servers * (1 - load))
}

/** M/G/1, first come first served (Pollaczek and Khinchine): until service begins. */
export function waitOfOneServerMs(load: number, { meanMs, squareMs2 }: ServiceMoments): number {
  return (load * squareMs2) / (2 * meanMs * (1 - load))
}

/** M/G/1 whose server works on all at once: until the end. Only the mean of the service matters. */
export function responseOfSharingMs(load: number, meanMs: number): number {
  return meanMs / (1 - load)
}
