/**
 * What `up` and `join` print when the peer is ready: where it is, a curl that works as it stands,
 * what runs on what, and how the next machine joins.
 */
import { readFileSync } from 'node:fs'
import type { Ready } from '../node/start.ts'
import { shellWord } from './shell-word.ts'
import { safeText, shortPeer, table } from './table.ts'

/** The header that the key of the file makes, as a shell writes it. */
function keyHeader(keyFile: string): string {
  const [firstLine = ''] = readFileSync(keyFile, 'utf8').split('\n')
  const isKey = firstLine.trim() !== '' && !firstLine.trim().startsWith('#')
  const first = isKey ? 'head -1' : "grep -m1 -Ev '^ *(#|$)'"
  return ` -H "Authorization: Bearer $(${first} ${shellWord(keyFile)})"`
}

/**
 * One line to paste into a shell.
 *
 * @param model `undefined`: there is none yet, so the list of models is asked for.
 */
export function curlLine(
  http: string,
  { model, keyFile }: { readonly model: string | undefined; readonly keyFile: string | undefined },
): string {
  const header = keyFile === undefined ? '' : keyHeader(keyFile)
  if (model === undefined) return `curl${header} ${http}/v1/models`
  const body = { model, messages: [{ role: 'user', content: 'Say hello.' }] }
  const json = shellWord(JSON.stringify(body))
  return `curl${header} -H 'Content-Type: application/json' -d ${json} ${http}/v1/chat/completions`
}

/** Whether every address is one that only this machine can dial. */
function isLocalOnly(p2p: readonly string[]): boolean {
  return p2p.every(address => /^\/(ip4\/127\.|ip6\/::1\/|dns4?\/localhost\/)/.test(address))
}

function modelLines({ models, engines }: Ready): readonly string[] {
  if (models.length === 0) {
    return [engines.length === 0 ? 'none: requests go to the other peers' : 'none yet']
  }
  const cautions = models.flatMap(({ caution }) => (caution === undefined ? [] : [caution]))
  const rows = models.map(({ id, engine }) => [id, `on ${engine}`])
  const notes = [...new Set(cautions)].map(caution => `Note: ${safeText(caution)}`)
  return [...table(['', ''], rows).slice(1), ...notes]
}

function joinLines(
  ticket: string | undefined,
  { program, isLocal }: { readonly program: string; readonly isLocal: boolean },
): readonly string[] {
  if (ticket === undefined) {
    return [`${program} invite   makes a ticket, once most of the peers that decide are back`]
  }
  if (!isLocal) return [`${program} join ${ticket}`]
  return [
    `${program} join ${ticket} --data-dir ~/.skein-2 --http-port 0 --p2p-port 0`,
    'This ticket works on this machine only, since the peer listens for others on loopback.',
  ]
}

export interface ReadyContext {
  readonly keyFile: string | undefined
  /** Of the configuration. */
  readonly name: string
  /** As `commandName` tells. */
  readonly program: string
}

export function readyText(ready: Ready, { keyFile, name, program }: ReadyContext): string {
  const { http, meshId, models, p2p, peerId, ticket } = ready
  const talkers = models.filter(({ canChat }) => canChat)
  const talker = talkers.find(({ isReady }) => isReady) ?? talkers[0]
  const join = joinLines(ticket, { program, isLocal: isLocalOnly(p2p) })
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Peer', [`${safeText(name)} (${shortPeer(peerId)}) of mesh ${meshId.slice(0, 8)}`]],
    ['Endpoint', [`${http}/v1`]],
    ['Engines', ready.engines.length === 0 ? ['none'] : ready.engines.map(safeText)],
    ['Models', modelLines(ready)],
    ['Try it', [curlLine(http, { model: talker?.id, keyFile })]],
    ['Join', join],
  ]
  const lines = parts.flatMap(([head, texts]) =>
    texts.map((text, index) => `  ${(index === 0 ? head : '').padEnd(10)}${text}`),
  )
  return ['Skein is up.', '', ...lines, '', 'Ctrl-C stops this peer.', ''].join('\n')
}
