/**
 * Every metric the node exports, declared once.
 *
 * Names follow the Prometheus rules: `skein_` prefix, base units (seconds, bytes) as suffix,
 * counters end in `_total`. Labels take few values; a peer, request or user is never
 * one, a model only where it is bounded.
 * Each node has a registry of its own, so that several nodes fit into one process.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const doubling = (count: number, firstSeconds: number) =>
  Array.from({ length: count }, (_, index) => firstSeconds * 2 ** index)

/** 5 ms to about 80 s: whole requests, prefill. */
const SECONDS_BUCKETS = doubling(15, 0.005)

/** 1 ms to about 8 s: the gap between two tokens. */
const GAP_BUCKETS = doubling(14, 0.001)

/** 10 µs to about 80 ms: work in memory. */
const DECISION_BUCKETS = doubling(14, 0.000_01)

/** Gauges that prom-client names as counters; each has a twin that tells the same by type. */
const MISNAMED = ['handles', 'requests', 'resources'].map(what => `nodejs_active_${what}_total`)

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics(registry = new Registry()) {
  const registers = [registry]
  return {
    registry,
    ingress: ingressMetrics(registers),
    scheduler: schedulerMetrics(registers),
    lane: laneMetrics(registers),
    gossip: gossipMetrics(registers),
    membership: membershipMetrics(registers),
    consensus: consensusMetrics(registers),
    engine: engineMetrics(registers),
    gpu: gpuMetrics(registers),
    tracing: tracingMetrics(registers),
    scaling: scalingMetrics(registers),
  }
}

/**
 * Adds what the process itself uses: memory, CPU, event loop lag, garbage collection. Apart from
 * the rest since it belongs to the process, of which there is one, and not to the node.
 */
export function collectProcessMetrics({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
}

function ingressMetrics(registers: Registry[]) {
  return {
    requests: new Counter({
      name: 'skein_ingress_requests_total',
      help: 'HTTP requests that ended, by route and class of status; `cancelled` if the client left first.',
      labelNames: ['route', 'code'] as const,
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'skein_ingress_requests_in_flight',
      help: 'Inference requests accepted and not yet ended; `ingress.requestsMax` bounds it.',
      registers,
    }),
    requestTime: new Histogram({
      name: 'skein_ingress_request_seconds',
      help: 'Time from the head of a request to the end of its answer.',
      labelNames: ['route'] as const,
      buckets: SECONDS_BUCKETS,
      registers,
    }),
    firstTokenTime: new Histogram({
      name: 'skein_ingress_first_token_seconds',
      help: 'Time from the head of a streaming request to the first chunk of its answer.',
      buckets: SECONDS_BUCKETS,
      registers,
    }),
    tokenGap: new Histogram({
      name: 'skein_ingress_token_gap_seconds',
      help: 'Time between two chunks of a streamed answer, as they reach the ingress.',
      buckets: GAP_BUCKETS,
      registers,
    }),
    outputChunks: new Counter({
      name: 'skein_ingress_output_chunks_total',
      help: 'Chunks of answers passed on to clients.',
      registers,
    }),
    outputBytes: new Counter({
      name: 'skein_ingress_output_bytes_total',
      help: 'Bytes of answers passed on to clients, without HTTP framing.',
      registers,
    }),
    slowClients: new Counter({
      name: 'skein_ingress_slow_clients_total',
      help: 'Clients cut because they took nothing for `ingress.slowClientTimeoutMs`.',
      registers,
    }),
  }
}

function schedulerMetrics(registers: Registry[]) {
  const metrics = {
    queueLength: new Gauge({
      name: 'skein_scheduler_queue_length',
      help: 'Requests admitted here and not yet started.',
      registers,
    }),
    decisions: new Counter({
      name: 'skein_scheduler_decisions_total',
      help: 'Decisions by where the request was sent (local, remote, none) and how it ended.',
      labelNames: ['target', 'result'] as const,
      registers,
    }),
    decisionTime: new Histogram({
      name: 'skein_scheduler_decision_seconds',
      help: 'Time to choose a peer for a request.',
      buckets: DECISION_BUCKETS,
      registers,
    }),
    promptTokens: new Counter({
      name: 'skein_scheduler_prompt_tokens_total',
      help: 'Prompt tokens as engines counted them, by whether they were in the prefix cache (hit, miss).',
      labelNames: ['cache'] as const,
      registers,
    }),
    retries: new Counter({
      name: 'skein_scheduler_retries_total',
      help: 'Requests sent to another peer after one failed or refused.',
      registers,
    }),
    hedges: new Counter({
      name: 'skein_scheduler_hedges_total',
      help: 'Requests sent to a second peer, since the first was silent for long.',
      registers,
    }),
    degraded: new Counter({
      name: 'skein_scheduler_degraded_answers_total',
      help: 'Answers that a smaller variant made in the place of the model that was meant.',
      registers,
    }),
    openBreakers: new Gauge({
      name: 'skein_scheduler_open_breakers',
      help: 'Peers, by model, that get no requests or only a few to be tried with, since they failed.',
      registers,
    }),
  }
  // A ratio with it has a value before it first happens.
  metrics.decisions.inc({ target: 'none', result: 'refused' }, 0)
  return metrics
}

function laneMetrics(registers: Registry[]) {
  return {
    bytes: new Counter({
      name: 'skein_lane_bytes_total',
      help: 'Bytes of frames on lanes to other peers, by direction (in, out).',
      labelNames: ['direction'] as const,
      registers,
    }),
    openRequests: new Gauge({
      name: 'skein_lane_open_requests',
      help: 'Requests in progress on lanes, those we sent and those we serve.',
      registers,
    }),
    bufferedBytes: new Gauge({
      name: 'skein_lane_buffered_bytes',
      help: 'Bytes of answers that wait in lanes for a reader.',
      registers,
    }),
  }
}

function gossipMetrics(registers: Registry[]) {
  return {
    bytes: new Counter({
      name: 'skein_gossip_bytes_total',
      help: 'Bytes of gossip messages, by direction (in, out).',
      labelNames: ['direction'] as const,
      registers,
    }),
    messages: new Counter({
      name: 'skein_gossip_messages_total',
      help: 'Gossip messages, by direction (in, out).',
      labelNames: ['direction'] as const,
      registers,
    }),
    meshPeers: new Gauge({
      name: 'skein_gossip_mesh_peers',
      help: 'Peers that we exchange full gossip messages with.',
      registers,
    }),
  }
}

function membershipMetrics(registers: Registry[]) {
  return {
    members: new Gauge({
      name: 'skein_membership_members',
      help: 'Members as this node believes them to be, by status.',
      labelNames: ['status'] as const,
      registers,
    }),
    statusChanges: new Counter({
      name: 'skein_membership_status_changes_total',
      help: 'Times a member was newly seen as alive, suspect, dead or left.',
      labelNames: ['status'] as const,
      registers,
    }),
    messages: new Counter({
      name: 'skein_membership_messages_total',
      help: 'Messages of the failure detector, by direction (in, out) and what became of them.',
      labelNames: ['direction', 'outcome'] as const,
      registers,
    }),
    healthScore: new Gauge({
      name: 'skein_membership_health_score',
      help: 'Signs that our own doubts are not to be trusted. 0: we are well.',
      registers,
    }),
    stalls: new Counter({
      name: 'skein_membership_stalls_total',
      help: 'Times this process came too late to its own timers.',
      registers,
    }),
  }
}

function consensusMetrics(registers: Registry[]) {
  return {
    requests: new Counter({
      name: 'skein_consensus_requests_total',
      help: 'Changes, reads and operations asked for here that ended, by what became of them.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    requestTime: new Histogram({
      name: 'skein_consensus_request_seconds',
      help: 'Time until a change was agreed on and applied here, or a read could be answered.',
      labelNames: ['kind'] as const,
      buckets: GAP_BUCKETS,
      registers,
    }),
    storeTime: new Histogram({
      name: 'skein_consensus_store_seconds',
      help: 'Time until what must not be lost was on the disk.',
      buckets: GAP_BUCKETS,
      registers,
    }),
    leaderChanges: new Counter({
      name: 'skein_consensus_leader_changes_total',
      help: 'Times another peer became the leader, as seen here.',
      registers,
    }),
    differences: new Counter({
      name: 'skein_consensus_differences_total',
      help: 'Times the policy of another peer differed from ours at the same index.',
      registers,
    }),
    role: new Gauge({
      name: 'skein_consensus_role',
      help: '1 for the part that this peer has now, 0 for the others.',
      labelNames: ['role'] as const,
      registers,
    }),
    term: new Gauge({ name: 'skein_consensus_term', help: 'The term of Raft.', registers }),
    commitIndex: new Gauge({
      name: 'skein_consensus_commit_index',
      help: 'Last entry of the log that is known to be agreed on.',
      registers,
    }),
    appliedIndex: new Gauge({
      name: 'skein_consensus_applied_index',
      help: 'Last entry of the log that is part of the policy here.',
      registers,
    }),
    staleTime: new Gauge({
      name: 'skein_consensus_stale_seconds',
      help: 'Time since a majority was known to agree with a leader. The policy may be that old.',
      registers,
    }),
    halted: new Gauge({
      name: 'skein_consensus_halted',
      help: '1 if nothing more is applied, since states differ or a command is of a later version.',
      registers,
    }),
  }
}

function engineMetrics(registers: Registry[]) {
  return {
    runningRequests: new Gauge({
      name: 'skein_engine_running_requests',
      help: 'Requests that the engines of this node work on.',
      registers,
    }),
    queuedRequests: new Gauge({
      name: 'skein_engine_queued_requests',
      help: 'Requests that wait for an engine of this node.',
      registers,
    }),
    scrapeFailures: new Counter({
      name: 'skein_engine_scrape_failures_total',
      help: 'Times that an engine of this node was asked for its metrics in vain.',
      registers,
    }),
    metricsAge: new Gauge({
      name: 'skein_engine_metrics_age_seconds',
      help: 'Time since the engine that is silent for longest told its metrics; beyond `openai.metricsAgeMaxMs` its last ones do not count.',
      registers,
    }),
    unreadyModels: new Gauge({
      name: 'skein_engine_unready_models',
      help: 'Models of this node that cannot answer at once, by state (cold, loading, sleeping, failed).',
      labelNames: ['state'] as const,
      registers,
    }),
  }
}

/** Of a bounded number of models: an autoscaler must know which it is about. */
function scalingMetrics(registers: Registry[]) {
  const metrics = {
    demand: new Gauge({
      name: 'skein_scaling_demand_ratio',
      help: 'How much a model is asked for, from its queue and latency: above 1 it needs more replicas.',
      labelNames: ['model'] as const,
      registers,
    }),
    advice: new Counter({
      name: 'skein_scaling_advice_total',
      help: 'Times that a model was to get a replica more (up) or one less (down).',
      labelNames: ['direction'] as const,
      registers,
    }),
    actions: new Counter({
      name: 'skein_scaling_actions_total',
      help: 'Times that this node, leading, had a model loaded, woken or unloaded: done, failed, or dropped since it no longer led.',
      labelNames: ['action', 'outcome'] as const,
      registers,
    }),
    webhooks: new Counter({
      name: 'skein_scaling_webhooks_total',
      help: 'Pieces of advice that the webhook took (sent), did not take (failed), or that waited too long (dropped).',
      labelNames: ['outcome'] as const,
      registers,
    }),
  }
  // A mesh whose models stay where they are has a line at 0, not an empty panel.
  for (const action of ['load', 'unload']) metrics.actions.inc({ action, outcome: 'done' }, 0)
  return metrics
}

function tracingMetrics(registers: Registry[]) {
  return {
    spans: new Counter({
      name: 'skein_tracing_spans_total',
      help: 'OpenTelemetry spans that the collector took (sent) and those it did not (lost).',
      labelNames: ['outcome'] as const,
      registers,
    }),
  }
}

/** Of each GPU: its uuid, or its place in the list if the driver does not tell one. */
const OF_GPU = ['gpu'] as const

function gpuMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `skein_gpu_${name}`, help, labelNames: OF_GPU, registers })
  return {
    info: new Gauge({
      name: 'skein_gpu_info',
      help: '1 for each GPU of this machine, with what it is called.',
      labelNames: ['gpu', 'name', 'driver', 'index'] as const,
      registers,
    }),
    grade: new Gauge({
      name: 'skein_gpu_grade',
      help: '1 for the grade that the GPU has now (ok, warn, quarantined), 0 for the others.',
      labelNames: ['gpu', 'grade'] as const,
      registers,
    }),
    vramTotal: gauge('vram_total_bytes', 'Memory of the GPU.'),
    vramUsed: gauge('vram_used_bytes', 'Memory of the GPU that is in use.'),
    utilization: gauge('utilization_ratio', 'Share of the time in which anything ran on it.'),
    memoryUtilization: gauge(
      'memory_utilization_ratio',
      'Share of the time in which its memory was read or written.',
    ),
    temperature: gauge('temperature_celsius', 'Its temperature, at the hottest place told.'),
    power: gauge('power_watts', 'What it draws.'),
    powerLimit: gauge('power_limit_watts', 'What it may draw.'),
    eccErrors: gauge(
      'ecc_uncorrectable_errors',
      'Memory errors that could not be corrected, since the driver was loaded.',
    ),
    throttled: gauge('throttled', '1 if heat or power keep its clock down.'),
    readFailures: new Counter({
      name: 'skein_gpu_read_failures_total',
      help: 'Looks at the GPUs that failed.',
      registers,
    }),
  }
}
