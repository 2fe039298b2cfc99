/**
 * The way of a request through the peer that takes it in: a trace around the policy around the
 * router.
 */
import type { PolicyViews } from '../consensus/policy/views.ts'
import { PolicyDispatch } from './policy/policy-dispatch.ts'
import type { ServedRequests } from './recording/served-requests.ts'
import { Router, type RouterDeps } from './router.ts'
import type { TracingOptions } from './tracing/options.ts'
import { RequestTracing } from './tracing/request-tracing.ts'
import type { Tracer } from './tracing/tracer.ts'

export interface RequestPathDeps extends RouterDeps {
  readonly tracer?: Tracer | undefined
  readonly served?: ServedRequests | undefined
  readonly views: () => PolicyViews
  /** A number in [0, 1), by chance. */
  readonly draw: () => number
}

export function createRequestPath(
  deps: RequestPathDeps,
  options: Pick<TracingOptions, 'tracesKept'>,
): RequestTracing {
  const router = new Router(deps)
  const { scheduler, clock } = deps
  const policyDispatch = new PolicyDispatch({
    ...deps,
    dispatch: (request, signal) => router.dispatch(request, signal),
    room: ({ model, inputTokens, wideTokens, outputTokensMax, prefix, caller }, best) => {
      const size = { inputTokens, wideTokens, outputTokensMax, prefix }
      const asked = { model, ...size, tenant: caller?.tenant }
      return scheduler.room(asked, best, clock.nowMs())
    },
  })
  return new RequestTracing(
    { ...deps, dispatch: (request, signal) => policyDispatch.dispatch(request, signal) },
    options,
  )
}
