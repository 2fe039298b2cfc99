/**
 * What the demonstration shows, scene by scene: who is who, a question with its answer, a
 * decision.
 */
import type { Answer } from './ask.ts'
import { ask } from './ask.ts'
import type { DemoMesh } from './demo-mesh.ts'
import { explain } from './explain.ts'
import { safeText, shortPeer, showMs, table } from './table.ts'
import { decisionRecord } from './wire.ts'

/** The narrator: for people or for programs, never both. */
export interface Tell {
  /** A line for people. */
  readonly say: (line?: string) => void
  /** A part of a line for people. */
  readonly part: (text: string) => void
  /** A JSON line for programs. */
  readonly fact: (fact: { readonly event: string; readonly [name: string]: unknown }) => void
}

/** A few sentences; a toy says nothing better in more. */
const ANSWER_TOKENS_MAX = 48

export function showPeers(mesh: DemoMesh, tell: Tell): void {
  const rows = mesh.peers.map(({ process: { name, pid }, ready: { http, peerId }, engine }) => {
    tell.fact({ event: 'peer-started', name, pid, peerId, http, engine })
    return [name, String(pid), shortPeer(peerId), http, engine === 'none' ? '-' : mesh.model]
  })
  tell.say()
  for (const line of table(['NAME', 'PID', 'PEER', 'ENDPOINT', 'MODEL'], rows))
    tell.say(`  ${line}`)
}

/** Asks through the peer without an engine and prints the answer as it comes. */
export async function showQuestion(mesh: DemoMesh, tell: Tell, question: string): Promise<Answer> {
  const startMs = mesh.nowMs()
  let firstMs: number | undefined
  const onText = (text: string) => {
    firstMs ??= mesh.nowMs() - startMs
    tell.part(safeText(text).replaceAll('\n', '\n            '))
  }
  tell.say(`   question  ${question}`)
  tell.part('   answer    ')
  const answer = await ask(mesh.client, {
    model: mesh.model,
    messages: [{ role: 'user', content: question }],
    tokensMax: ANSWER_TOKENS_MAX,
    onText,
    signal: mesh.signal,
  })
  const tookMs = mesh.nowMs() - startMs
  const { name } = mesh.named(answer.peer)
  tell.say()
  tell.say(`   by peer ${name}: first words after ${showMs(firstMs)}, all after ${showMs(tookMs)}.`)
  if (mesh.caution !== undefined) tell.say(`   Note: ${safeText(mesh.caution)}`)
  const { content, peer, decisionId } = answer
  tell.fact({ event: 'answered', name, peer, decisionId, content, firstMs, tookMs })
  return answer
}

/** The same as `skein why` prints. */
export async function showDecision(mesh: DemoMesh, tell: Tell, answer: Answer): Promise<void> {
  const id = answer.decisionId ?? ''
  const decision = await mesh.client.get(`/mesh/v1/decisions/${id}`, decisionRecord)
  tell.fact({ event: 'decided', decision })
  for (const line of explain(decision, mesh.names)) tell.say(line === '' ? '' : `   ${line}`)
}
