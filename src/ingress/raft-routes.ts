/**
 * /mesh/v1/raft: who decides, and how that is changed by hand.
 */
import type { FastifyRequest } from 'fastify'
import type { Exchange } from './exchange.ts'
import { type Mesh, resolveNode } from './node-routes.ts'
import { raftAnswer, transferBody, voterBody } from './policy-schemas.ts'
import { readBody } from './read-input.ts'
import type { Route } from './routes.ts'

/** What is begun is not done yet. */
const BEGUN = 202

export function raftRoutes(gateway: Mesh): readonly Route[] {
  const { policy } = gateway
  const voters = (type: 'promote' | 'demote', summary: string): Route => ({
    method: 'POST',
    path: `/mesh/v1/raft:${type}`,
    role: 'admin',
    about: { summary, body: voterBody, answer: raftAnswer, status: BEGUN },
    async handle(exchange: Exchange, request: FastifyRequest) {
      await policy.steer(type, resolveNode(gateway, readBody(voterBody, request).peer, 'peer'))
      exchange.sendJson(BEGUN, policy.raft())
    },
  })
  return [
    {
      method: 'GET',
      path: '/mesh/v1/raft',
      role: 'operator',
      about: { summary: 'Who votes, who leads, and how current this peer is.', answer: raftAnswer },
      handle: exchange => exchange.sendJson(200, policy.raft()),
    },
    {
      method: 'POST',
      path: '/mesh/v1/raft:transfer',
      role: 'operator',
      about: {
        summary: 'Asks the leader to hand over.',
        body: transferBody,
        answer: raftAnswer,
        status: BEGUN,
      },
      async handle(exchange, request) {
        const { peer } = readBody(transferBody, request)
        const successor = peer === undefined ? undefined : resolveNode(gateway, peer, 'peer')
        await policy.steer('transfer', successor)
        exchange.sendJson(BEGUN, policy.raft())
      },
    },
    voters('promote', 'Makes a peer a voter, once it has caught up.'),
    voters('demote', 'Takes a peer its vote.'),
  ]
}
