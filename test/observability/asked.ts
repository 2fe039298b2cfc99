/**
 * All that the dashboard and the alerts ask of Prometheus.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const dashboard = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
})

const alerts = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          annotations: z.object({ summary: z.string(), action: z.string() }),
        }),
      ),
    }),
  ),
})

export interface Asked {
  readonly what: string
  /** Without what Grafana fills in, and without the threshold of an alert. */
  readonly expr: string
}

export const ALERTS_FILE = 'docs/observability/alerts.yaml'
export const DASHBOARD_FILE = 'docs/observability/dashboard.json'

/** The comparison at the end of an alert, which is all that makes its answer empty. */
const THRESHOLD = / (?:[<>]=?|==) [0-9.]+$/

export function askedOfPrometheus(): readonly Asked[] {
  const { panels } = dashboard.parse(JSON.parse(readFileSync(DASHBOARD_FILE, 'utf8')))
  const { groups } = alerts.parse(parse(readFileSync(ALERTS_FILE, 'utf8')))
  return [
    ...panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ what: title, expr: expr.replaceAll('$instance', '.*') })),
    ),
    ...groups.flatMap(({ rules }) =>
      rules.map(({ alert, expr }) => ({ what: alert, expr: expr.replace(THRESHOLD, '') })),
    ),
  ]
}
