/**
 * Writes docs/observability/dashboard.json from the table of panels, for Grafana 10 and later.
 */
import { writeFileSync } from 'node:fs'
import { type Panel, type Row, rows } from './dashboard-panels.ts'

const FILE = new URL('../docs/observability/dashboard.json', import.meta.url)

/** Grafana puts in what the person chose. */
const DATASOURCE = { type: 'prometheus', uid: '$datasource' }

/** Of Grafana's grid, 24 wide. */
const PANEL_WIDTH = 8
const PANEL_HEIGHT = 8
const PANELS_PER_LINE = 24 / PANEL_WIDTH

function panelOf({ title, unit, about, queries }: Panel, id: number, gridPos: object) {
  return {
    ...{ id, type: 'timeseries', title, description: about, datasource: DATASOURCE, gridPos },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8 } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: queries.map(({ expr, legend }, index) => ({
      ...{ refId: String.fromCharCode(65 + index), expr, legendFormat: legend },
      datasource: DATASOURCE,
    })),
  }
}

function panelsOf(table: readonly Row[]): object[] {
  const panels: object[] = []
  let y = 0
  for (const { title, panels: ofRow } of table) {
    const id = panels.length + 1
    panels.push({ id, type: 'row', title, gridPos: { x: 0, y, w: 24, h: 1 }, panels: [] })
    y += 1
    for (const [index, panel] of ofRow.entries()) {
      const line = Math.floor(index / PANELS_PER_LINE)
      const x = (index % PANELS_PER_LINE) * PANEL_WIDTH
      const gridPos = { x, y: y + line * PANEL_HEIGHT, w: PANEL_WIDTH, h: PANEL_HEIGHT }
      panels.push(panelOf(panel, id + index + 1, gridPos))
    }
    y += Math.ceil(ofRow.length / PANELS_PER_LINE) * PANEL_HEIGHT
  }
  return panels
}

/** The whole file. */
export function dashboardText(): string {
  const dashboard = {
    ...{ title: 'Skein', uid: 'skein', tags: ['skein'], schemaVersion: 39, version: 1 },
    ...{ timezone: 'browser', refresh: '10s', time: { from: 'now-1h', to: 'now' } },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        {
          ...{ name: 'instance', type: 'query', label: 'Peer', datasource: DATASOURCE },
          query: 'label_values(skein_membership_members, instance)',
          ...{ multi: true, includeAll: true, allValue: '.*', refresh: 2 },
        },
      ],
    },
    panels: panelsOf(rows),
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}

if (import.meta.main) writeFileSync(FILE, dashboardText())
