/**
 * Runs the directives of confchange files: steps from one configuration to the next.
 *
 *     simple | enter-joint [autoleave=true] | leave-joint
 *     v1 l2 r3 u4
 *
 * The last index of the log, at which new members start, is how many directives came before.
 */

import { enterJoint, leaveJoint, simple } from '../../src/consensus/raft/membership/changer.ts'
import type { ConfChangeSingle } from '../../src/consensus/raft/membership/conf-change.ts'
import {
  ProgressTracker,
  type TrackedConfiguration,
} from '../../src/consensus/raft/progress/progress-tracker.ts'
import { InvariantError } from '../../src/core/assert.ts'
import { readBoolean, readConfChanges } from './arguments.ts'
import type { Directive, Handler } from './data-driven.ts'
import { configurationText, progressMapText } from './progress-text.ts'

export function createConfchange(): Handler {
  const tracker = new ProgressTracker({ countMax: 10, bytesMax: Number.POSITIVE_INFINITY })
  let lastIndex = -1
  return directive => {
    lastIndex++
    try {
      tracker.adopt(step(tracker, directive, lastIndex))
    } catch (error) {
      // The changer refuses by an invariant; a directive that cannot be read is answered too.
      if (error instanceof InvariantError || error instanceof UnreadableError) {
        return `${error.message}\n`
      }
      throw error
    }
    return `${configurationText(tracker.configuration)}\n${progressMapText(tracker.progress)}`
  }
}

class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

function step(
  tracker: ProgressTracker,
  directive: Directive,
  lastIndex: number,
): TrackedConfiguration {
  const changes = changesOf(directive)
  switch (directive.command) {
    case 'simple':
      return simple(tracker, changes, { lastIndex })
    case 'enter-joint':
      return enterJoint(tracker, changes, { lastIndex, isAutoLeave: isAutoLeave(directive) })
    case 'leave-joint':
      if (changes.length > 0) throw new UnreadableError('this command takes no input')
      return leaveJoint(tracker)
    default:
      throw new UnreadableError('unknown command')
  }
}

function changesOf({ input }: Directive): ConfChangeSingle[] {
  try {
    return readConfChanges(input)
  } catch (error) {
    throw new UnreadableError(error instanceof Error ? error.message : String(error), {
      cause: error,
    })
  }
}

function isAutoLeave({ args }: Directive): boolean {
  if (args.length === 0) return false
  const [text] = args.find(({ key }) => key === 'autoleave')?.values ?? []
  if (text === undefined) throw new Error('missing argument: autoleave')
  return readBoolean(text)
}
