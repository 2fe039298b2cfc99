/**
 * What the Grafana dashboard shows: one line for each panel, its unit as Grafana names it, and
 * what is asked of Prometheus. Percentiles are over five minutes and all peers that are chosen.
 */

export interface Query {
  readonly expr: string
  /** With labels in `{{}}`. */
  readonly legend: string
}

export interface Panel {
  readonly title: string
  /** Of Grafana: `short`, `s`, `bytes`, `percentunit`, `reqps`… */
  readonly unit: string
  readonly about: string
  readonly queries: readonly Query[]
}

export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** Peers that the person who looks has chosen. */
const CHOSEN = 'instance=~"$instance"'

const rate = (metric: string, by: string, matchers = '') =>
  `sum by (${by}) (rate(${metric}{${CHOSEN}${matchers}}[5m]))`

const quantiles = (metric: string): readonly Query[] =>
  [0.5, 0.95, 0.99].map(quantile => ({
    expr: `histogram_quantile(${quantile}, sum by (le) (rate(${metric}_bucket{${CHOSEN}}[5m])))`,
    legend: `p${quantile * 100}`,
  }))

const gauge = (metric: string, legend: string): Query => ({
  expr: `${metric}{${CHOSEN}}`,
  legend,
})

const requests: Row = {
  title: 'Requests',
  panels: [
    {
      title: 'Requests by route and status',
      unit: 'reqps',
      about: 'HTTP requests that ended.',
      queries: [
        {
          expr: rate('skein_ingress_requests_total', 'route, code'),
          legend: '{{route}} {{code}}',
        },
      ],
    },
    {
      title: 'Time to first token',
      unit: 's',
      about: 'From the head of a streaming request to the first chunk of its answer.',
      queries: quantiles('skein_ingress_first_token_seconds'),
    },
    {
      title: 'Time between two tokens',
      unit: 's',
      about: 'Between two chunks of a streamed answer, as they reach the ingress.',
      queries: quantiles('skein_ingress_token_gap_seconds'),
    },
    {
      title: 'Tokens',
      unit: 'short',
      about: 'Chunks of answers a second; most engines send a token in each.',
      queries: [
        { expr: rate('skein_ingress_output_chunks_total', 'instance'), legend: '{{instance}}' },
      ],
    },
    {
      title: 'In flight',
      unit: 'short',
      about: 'Inference requests accepted and not yet ended.',
      queries: [gauge('skein_ingress_requests_in_flight', '{{instance}}')],
    },
  ],
}

const scheduling: Row = {
  title: 'Scheduling',
  panels: [
    {
      title: 'Decisions by target',
      unit: 'reqps',
      about: 'Where requests were sent, and those that were refused.',
      queries: [
        {
          expr: rate('skein_scheduler_decisions_total', 'target, result'),
          legend: '{{target}} {{result}}',
        },
      ],
    },
    {
      title: 'Time to decide',
      unit: 's',
      about: 'To choose a peer for a request.',
      queries: quantiles('skein_scheduler_decision_seconds'),
    },
    {
      title: 'Open breakers',
      unit: 'short',
      about: 'Peers, by model, that rest since they failed.',
      queries: [gauge('skein_scheduler_open_breakers', '{{instance}}')],
    },
    {
      title: 'Prompt tokens found in a cache',
      unit: 'percentunit',
      about: 'Of answers whose engine says so.',
      queries: [
        {
          expr: `sum(rate(skein_scheduler_prompt_tokens_total{${CHOSEN}, cache="hit"}[5m])) / sum(rate(skein_scheduler_prompt_tokens_total{${CHOSEN}}[5m]))`,
          legend: 'found',
        },
      ],
    },
    {
      title: 'Asked for, by model',
      unit: 'short',
      about: 'Above 1 a model needs another replica.',
      queries: [
        {
          expr: `max by (model) (skein_scaling_demand_ratio{${CHOSEN}})`,
          legend: '{{model}}',
        },
      ],
    },
    {
      title: 'Loaded and unloaded',
      unit: 'short',
      about: 'Replicas that the leader had loaded, woken or unloaded for their placement.',
      queries: [
        {
          expr: `sum by (action, outcome) (increase(skein_scaling_actions_total{${CHOSEN}}[5m]))`,
          legend: '{{action}} {{outcome}}',
        },
      ],
    },
    {
      title: 'Answered by a smaller variant',
      unit: 'reqps',
      about: 'Of an alias with variants, where the model that was meant had no room.',
      queries: [
        {
          expr: rate('skein_scheduler_degraded_answers_total', 'instance'),
          legend: '{{instance}}',
        },
      ],
    },
    {
      title: 'Sent again',
      unit: 'reqps',
      about: 'Requests sent to another peer after one failed or refused.',
      queries: [
        { expr: rate('skein_scheduler_retries_total', 'instance'), legend: '{{instance}}' },
      ],
    },
  ],
}

const engines: Row = {
  title: 'Engines',
  panels: [
    {
      title: 'With the engines',
      unit: 'short',
      about: 'Requests that run and that wait, on each peer.',
      queries: [
        gauge('skein_engine_running_requests', '{{instance}} running'),
        gauge('skein_engine_queued_requests', '{{instance}} queued'),
      ],
    },
    {
      title: 'Age of what engines tell',
      unit: 's',
      about: 'Of the oldest metrics of an engine that still count.',
      queries: [gauge('skein_engine_metrics_age_seconds', '{{instance}}')],
    },
    {
      title: 'Models that are not ready',
      unit: 'short',
      about: 'Cold, loading, sleeping or failed.',
      queries: [gauge('skein_engine_unready_models', '{{instance}} {{state}}')],
    },
  ],
}

const gpus: Row = {
  title: 'GPUs',
  panels: [
    {
      title: 'Memory free',
      unit: 'percentunit',
      about: 'Of all there is. An LLM server takes nearly all of it when it starts.',
      queries: [
        {
          expr: `1 - skein_gpu_vram_used_bytes{${CHOSEN}} / skein_gpu_vram_total_bytes{${CHOSEN}}`,
          legend: '{{instance}} {{gpu}}',
        },
      ],
    },
    {
      title: 'Busy',
      unit: 'percentunit',
      about: 'Share of the time in which anything ran.',
      queries: [gauge('skein_gpu_utilization_ratio', '{{instance}} {{gpu}}')],
    },
    {
      title: 'Temperature',
      unit: 'celsius',
      about: 'At the hottest place told.',
      queries: [gauge('skein_gpu_temperature_celsius', '{{instance}} {{gpu}}')],
    },
    {
      title: 'Power',
      unit: 'watt',
      about: 'What it draws.',
      queries: [gauge('skein_gpu_power_watts', '{{instance}} {{gpu}}')],
    },
    {
      title: 'Quarantined',
      unit: 'short',
      about: 'GPUs that get no work, see `skein gpus`.',
      queries: [
        {
          expr: `sum by (instance) (skein_gpu_grade{${CHOSEN}, grade="quarantined"})`,
          legend: '{{instance}}',
        },
      ],
    },
  ],
}

const mesh: Row = {
  title: 'Mesh',
  panels: [
    {
      title: 'Members by status',
      unit: 'short',
      about: 'As each peer sees them; lines that differ for long are a partition.',
      queries: [gauge('skein_membership_members', '{{instance}} {{status}}')],
    },
    {
      title: 'Changes of status',
      unit: 'short',
      about: 'Members newly seen as alive, suspect, dead or left.',
      queries: [
        {
          expr: `sum by (status) (increase(skein_membership_status_changes_total{${CHOSEN}}[5m]))`,
          legend: '{{status}}',
        },
      ],
    },
    {
      title: 'Doubts in ourselves',
      unit: 'short',
      about: 'Signs that a peer is itself too slow to accuse others. 0: it is well.',
      queries: [gauge('skein_membership_health_score', '{{instance}}')],
    },
    {
      title: 'Between peers',
      unit: 'Bps',
      about: 'Bytes on lanes, by direction.',
      queries: [
        {
          expr: rate('skein_lane_bytes_total', 'instance, direction'),
          legend: '{{instance}} {{direction}}',
        },
      ],
    },
  ],
}

const agreement: Row = {
  title: 'Agreement',
  panels: [
    {
      title: 'Leader',
      unit: 'short',
      about: 'The peer that leads. None: the policy cannot be changed.',
      queries: [
        { expr: `skein_consensus_role{${CHOSEN}, role="leader"} == 1`, legend: '{{instance}}' },
      ],
    },
    {
      title: 'Log',
      unit: 'short',
      about: 'Agreed on and applied; a line that stays behind is a peer that is behind.',
      queries: [gauge('skein_consensus_applied_index', '{{instance}}')],
    },
    {
      title: 'Age of the policy',
      unit: 's',
      about: 'Since a majority was known to agree with a leader.',
      queries: [gauge('skein_consensus_stale_seconds', '{{instance}}')],
    },
    {
      title: 'Time to store',
      unit: 's',
      about: 'Until what must not be lost was on the disk.',
      queries: quantiles('skein_consensus_store_seconds'),
    },
  ],
}

const process: Row = {
  title: 'Process',
  panels: [
    {
      title: 'CPU',
      unit: 'percentunit',
      about: 'Of one core.',
      queries: [{ expr: rate('process_cpu_seconds_total', 'instance'), legend: '{{instance}}' }],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      about: 'Resident.',
      queries: [gauge('process_resident_memory_bytes', '{{instance}}')],
    },
    {
      title: 'Event loop lag',
      unit: 's',
      about: 'The 99th percentile since the last scrape.',
      queries: [gauge('nodejs_eventloop_lag_p99_seconds', '{{instance}}')],
    },
  ],
}

export const rows: readonly Row[] = [requests, scheduling, engines, gpus, mesh, agreement, process]
