/**
 * What is wrong with a change of the policy is told with its place, and what to do.
 */
import { assert, describe, test } from 'vitest'
import { ALIAS, CHAT_ALIAS, OTHER, startPolicyServer } from './policy-server.ts'

describe('a mistake', () => {
  const cases = [
    {
      what: 'in the kind',
      route: 'PUT /mesh/v1/policy/alias/chat',
      body: { spec: {} },
      status: 404,
      says: { param: 'kind', hint: 'Did you mean aliases?' },
    },
    {
      what: 'in a field of the body',
      route: `PUT ${CHAT_ALIAS}`,
      body: { spec: ALIAS, label: {} },
      status: 400,
      says: { param: 'label', hint: 'Did you mean `labels`?' },
    },
    { what: 'of no body', route: `PUT ${CHAT_ALIAS}`, status: 400, says: { param: 'spec' } },
    {
      what: 'in the spec',
      route: `PUT ${CHAT_ALIAS}`,
      body: { spec: { targets: [] } },
      status: 400,
      says: { param: 'spec.targets' },
    },
    {
      what: 'of a name that cannot be',
      route: 'PUT /mesh/v1/policy/tenants/-x',
      body: { spec: {} },
      status: 400,
      says: { param: 'name' },
    },
    {
      what: 'in the query',
      route: `DELETE ${CHAT_ALIAS}?dryrun`,
      status: 400,
      says: { param: 'dryrun', hint: 'Did you mean `dryRun`?' },
    },
    {
      what: 'of what must exist',
      route: 'PUT /mesh/v1/policy/quotas/tenant:nobody',
      body: { spec: { concurrencyMax: 1 } },
      status: 400,
      says: { param: 'quotas/tenant:nobody', hint: 'Create it first, or in the same batch.' },
    },
    {
      what: 'of a version that is not there',
      route: `PUT ${CHAT_ALIAS}`,
      body: { spec: ALIAS, schemaVersion: 9 },
      status: 400,
      says: {},
    },
    {
      what: 'of patching nothing',
      route: `PATCH ${CHAT_ALIAS}`,
      body: { spec: {} },
      status: 404,
      says: {},
    },
    {
      what: 'of making a peer by hand',
      route: `PUT /mesh/v1/policy/roster/${OTHER}`,
      body: { spec: { role: 'member' } },
      status: 404,
      says: {},
    },
  ]
  for (const { what, route, body, status, says } of cases) {
    test(`${what} is told with its place, and what to do`, async () => {
      await using server = await startPolicyServer()
      const answer = await server.ask(route, { body })
      assert.equal(answer.status, status)
      assert.deepInclude(answer.body.error, says)
    })
  }

  test('that a schema would drop, or that has no end, is told', async () => {
    await using server = await startPolicyServer()
    const sent = [
      ['{"spec":{"__proto__":1}}', 'spec: expected fields of names other than __proto__'],
      ['{"spec":{},"labels":{"__proto__":"x"}}', 'labels: expected fields of names other than'],
      ['{"__proto__":1,"spec":{}}', 'body: expected fields of names other than __proto__'],
      [`{"spec":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`, 'expected at most 32 levels'],
    ] as const
    for (const [body, says] of sent) {
      const response = await fetch(`${server.url}/mesh/v1/policy/tenants/acme`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(10_000),
      })
      assert.equal(response.status, 400)
      assert.include(await response.text(), says)
    }
  })

  test('of a resource itself never enters the log', async () => {
    await using server = await startPolicyServer()
    await server.ask(`PUT ${CHAT_ALIAS}`, { body: { spec: { targets: 7 } } })
    assert.equal(server.agreement.state.appliedIndex, 1)
  })

  test('in a spec with secrets does not repeat them', async () => {
    await using server = await startPolicyServer()
    const spec = { hash: { algorithm: 'scrypt', salt: 'c0ffee', digest: 'fade' } }
    for (const [route, body] of [
      ['PUT /mesh/v1/policy/keys/ops', { spec }],
      ['PUT /mesh/v1/policy/keys/ops', { spec: 'c0ffee' }],
      ['POST /mesh/v1/policy:apply', { resources: [{ kind: 'keys', name: 'ops', spec }] }],
    ] as const) {
      const answer = await server.ask(route, { body })
      assert.equal(answer.status, 400)
      assert.notInclude(JSON.stringify(answer.body), 'c0ffee')
    }
  })

  test('of deleting what others need says who they are', async () => {
    await using server = await startPolicyServer()
    await server.ask('PUT /mesh/v1/policy/tenants/acme', { body: { spec: {} } })
    const quota = { body: { spec: { concurrencyMax: 1 } } }
    await server.ask('PUT /mesh/v1/policy/quotas/tenant:acme', quota)
    const answer = await server.ask('DELETE /mesh/v1/policy/tenants/acme')
    assert.equal(answer.status, 409)
    assert.equal(answer.body.error.details.reason, 'in-use')
    assert.include(answer.body.error.message, 'quotas/tenant:acme')
  })
})
