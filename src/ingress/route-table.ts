/**
 * The routes as Fastify takes them: those of one path together, so that a method that none of them
 * has is answered with 405.
 *
 *     POST /mesh/v1/models/*:pin   --.
 *     POST /mesh/v1/models/*:unpin --+--> POST /mesh/v1/models/*  by what follows the last colon
 *     GET  /v1/models/*            -----> GET  /v1/models/*
 *
 * Names of models have colons and slashes, so a verb after one cannot be a path of its own.
 */
import type { FastifyRequest } from 'fastify'
import type { Method, Route } from './routes.ts'

/** What stands at a path for one method. */
export type Place =
  | { readonly route: Route }
  /** By the verb at the end of the path. */
  | { readonly verbs: ReadonlyMap<string, Route> }

export interface PathEntry {
  /** In Fastify's syntax. */
  readonly path: string
  readonly places: ReadonlyMap<Method, Place>
  /** For the header of the same name: what can be done here. */
  readonly allow: string
}

const VERB = /^(.*\*):([a-z]+)$/

export function tableOf(routes: readonly Route[]): readonly PathEntry[] {
  const paths = new Map<string, Map<Method, Place>>()
  for (const route of routes) {
    const [, before, verb] = VERB.exec(route.path) ?? []
    const path = (before ?? route.path).replace(/(?<!\/):/g, '::')
    const places = paths.get(path) ?? new Map<Method, Place>()
    paths.set(path, places)
    if (verb === undefined) places.set(route.method, { route })
    else {
      const known = places.get(route.method)
      const verbs = known !== undefined && 'verbs' in known ? known.verbs : []
      places.set(route.method, { verbs: new Map([...verbs, [verb, route]]) })
    }
  }
  return [...paths].map(([path, places]) => ({ path, places, allow: allowOf([...places.keys()]) }))
}

function allowOf(methods: readonly Method[]): string {
  return methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
}

/**
 * The route a request is for. Takes the verb off the parameter `*`.
 *
 * @returns `undefined`: there is no such verb.
 */
export function routeOf(place: Place, request: FastifyRequest): Route | undefined {
  if ('route' in place) return place.route
  const params = request.params as { '*': string }
  const at = params['*'].lastIndexOf(':')
  const route = place.verbs.get(params['*'].slice(at + 1))
  if (at < 1 || route === undefined) return undefined
  params['*'] = params['*'].slice(0, at)
  return route
}
