/**
 * `skein demo`: a mesh of three real peers on this machine, shown at work and under a crash.
 *
 *     you --> one (no engine) --> two or three (toy model)
 *                                  '-- killed; the next answer comes from the other
 *
 * Nothing is staged: three processes, the same commands as on real machines, and a model that is
 * far too small to be clever.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from './command.ts'
import { DemoMesh } from './demo-mesh.ts'
import { showDecision, showPeers, showQuestion, type Tell } from './demo-scenes.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { curlLine } from './ready-text.ts'
import { commandName } from './shell-word.ts'
import { stopRequest } from './stop-request.ts'

const QUESTIONS = ['What is a peer?', 'What happens when a peer fails?'] as const

function teller(io: Io, isJson: boolean): Tell {
  return {
    say: (line = '') => {
      if (!isJson) writeLine(io, line)
    },
    part: text => {
      if (!isJson) io.write(text)
    },
    fact: fact => {
      if (isJson) writeJson(io, fact)
    },
  }
}

async function perform(mesh: DemoMesh, tell: Tell): Promise<void> {
  tell.say('Starting three peers on this machine, each in a process of its own …')
  await mesh.start()
  showPeers(mesh, tell)

  tell.say()
  tell.say('1. A question to peer one, which has no engine, so the mesh must find one:')
  const first = await showQuestion(mesh, tell, QUESTIONS[0])

  tell.say()
  tell.say('2. Why there? Every decision can be explained:')
  await showDecision(mesh, tell, first)

  const serving = mesh.named(first.peer)
  tell.say()
  tell.say(`3. Peer ${serving.name} answered. It is killed now (SIGKILL, pid ${serving.pid}) …`)
  tell.fact({ event: 'peer-killed', name: serving.name, peerId: first.peer })
  await serving.kill()
  tell.say('   … and the next question is asked at once:')
  await showQuestion(mesh, tell, QUESTIONS[1])
}

function farewell(tell: Tell, program: string): void {
  tell.say()
  tell.say('The same on real machines:')
  tell.say(`  first machine     ${program} up`)
  tell.say(`  every other one   ${program} join TICKET, with the ticket that the first one prints`)
  tell.say('Engines that already run there (Ollama, vLLM, llama.cpp, …) are found and used.')
}

function showKept(mesh: DemoMesh, tell: Tell, program: string): void {
  const { http, ticket } = mesh.entrance
  tell.fact({ event: 'ready', http, ticket, models: [mesh.model] })
  tell.say()
  tell.say('The two peers that are left keep running until Ctrl-C. Ask them:')
  tell.say(`  ${curlLine(http, { model: mesh.model, keyFile: undefined })}`)
  tell.say(`  ${program} chat --node ${http}`)
  tell.say(`  ${program} nodes --node ${http}`)
}

export const demo = defineCommand({
  name: 'demo',
  summary: 'Show a mesh of three peers on this machine: ask, explain, kill one, ask again.',
  flags: {
    keep: { type: 'boolean', meaning: 'Leave the mesh running afterwards, until Ctrl-C.' },
    json: { type: 'boolean', meaning: 'JSON lines for programs instead of text for people.' },
  },

  async run({ flags }, io, deps) {
    const tell = teller(io, flags.json)
    const program = commandName(io.variables)
    const stop = stopRequest(io)
    const folder = mkdtempSync(join(deps.temporaryFolder, 'skein-demo-'))
    const removeFolder = () => rmSync(folder, { recursive: true, force: true })
    process.once('exit', removeFolder)
    const mesh = new DemoMesh({ folder, program: deps.program, io, signal: stop.signal })

    const play = async () => {
      await perform(mesh, tell)
      farewell(tell, program)
      if (!flags.keep) return
      showKept(mesh, tell, program)
      await mesh.untilOneFails()
    }
    try {
      const played = play()
      // If the signal wins, what the play still wants to say is of no interest.
      played.catch(() => {})
      await Promise.race([played, stop.requested])
      return 0
    } finally {
      await mesh.stop()
      removeFolder()
      process.off('exit', removeFolder)
      stop.release()
    }
  },
})
