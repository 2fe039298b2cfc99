/**
 * A sweep: the same experiment at several places of a grid of parameters, and the ways to cut through it
 * so that one parameter changes and the others stay.
 */
import type { Comparison, ContestantResult } from '../experiment/comparison.ts'

export type Labels = Readonly<Record<string, string | number>>

export interface SweepPoint {
  /** Parameter → what it was here. */
  readonly labels: Labels
  readonly comparison: Comparison
}

export interface Parameter {
  readonly name: string
  /** Numbers rising and before texts, which keep their order. */
  readonly values: readonly (string | number)[]
}

/** Points that differ in one parameter only. */
export interface Cut {
  /** What stays: `ingresses 16`. Empty: there is nothing else. */
  readonly label: string
  readonly points: readonly SweepPoint[]
}

/** In the order in which they are first named. */
export function parametersOf(points: readonly SweepPoint[]): readonly Parameter[] {
  const names = [...new Set(points.flatMap(({ labels }) => Object.keys(labels)))]
  return names.map(name => {
    const found = [...new Set(points.flatMap(({ labels }) => labels[name] ?? []))]
    const numbers = found.filter(value => typeof value === 'number').toSorted((a, b) => a - b)
    return { name, values: [...numbers, ...found.filter(value => typeof value === 'string')] }
  })
}

/** Through every combination of the other parameters that has two points at least. */
export function cutsAlong(parameter: Parameter, points: readonly SweepPoint[]): readonly Cut[] {
  const cuts = new Map<string, SweepPoint[]>()
  for (const point of points) {
    if (point.labels[parameter.name] === undefined) continue
    const others = Object.entries(point.labels).filter(([name]) => name !== parameter.name)
    const label = others.map(([name, value]) => `${name} ${value}`).join(', ')
    const cut = cuts.get(label)
    if (cut === undefined) cuts.set(label, [point])
    else cut.push(point)
  }
  const place = ({ labels }: SweepPoint) => parameter.values.indexOf(labels[parameter.name] ?? '')
  return [...cuts]
    .filter(([, cut]) => cut.length > 1)
    .map(([label, cut]) => ({ label, points: cut.toSorted((a, b) => place(a) - place(b)) }))
}

/** Of all points, each once, in the order in which they first come: its place decides its colour. */
export function contestantNames(points: readonly SweepPoint[]): readonly string[] {
  return [...new Set(points.flatMap(({ comparison }) => comparison.contestants.map(nameOf)))]
}

export function contestantOf(
  { comparison }: SweepPoint,
  name: string,
): ContestantResult | undefined {
  return comparison.contestants.find(contestant => contestant.name === name)
}

function nameOf({ name }: ContestantResult): string {
  return name
}
