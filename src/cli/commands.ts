/**
 * Every command of `skein`, in the order the help lists them.
 */
import { chat } from './chat.ts'
import type { Command } from './command.ts'
import { configShow } from './config-show.ts'
import { demo } from './demo.ts'
import { events } from './events.ts'
import { invite } from './invite.ts'
import { join } from './join.ts'
import { models } from './models.ts'
import { nodes } from './nodes.ts'
import { up } from './up.ts'
import { version } from './version.ts'
import { why } from './why.ts'

export const commands: readonly Command[] = [
  demo,
  up,
  join,
  invite,
  nodes,
  events,
  models,
  chat,
  why,
  configShow,
  version,
]
