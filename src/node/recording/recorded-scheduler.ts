/**
 * The scheduler with a recorder beside it: what goes in and what comes out is written down, and
 * nothing else is different. Off, there is the scheduler alone.
 */
import type { PeerId } from '../../core/ids.ts'
import { Random } from '../../core/random.ts'
import type { SchedulerOptions } from '../../scheduler/options.ts'
import {
  type ScheduleRequest,
  Scheduler,
  type SchedulerEffect,
  type SchedulerEvent,
} from '../../scheduler/scheduler.ts'
import type { Clock } from '../clock.ts'
import { type Entropy, newSeed } from '../entropy.ts'
import { VERSION } from '../version.ts'
import type { EventRecorder } from './event-recorder.ts'

export interface NewScheduler {
  readonly self: PeerId
  readonly options: SchedulerOptions
  readonly entropy: Entropy
  readonly clock: Pick<Clock, 'wallMs'>
  /** `undefined`: nobody writes down what it does. */
  readonly recorder?: EventRecorder | undefined
}

export function createScheduler(init: NewScheduler): Scheduler {
  const { self, options, entropy, clock, recorder } = init
  // Shared with nobody: what others draw could not be drawn again.
  const seed = newSeed(entropy)
  const random = new Random(seed)
  if (recorder === undefined) return new Scheduler(self, options, random)
  recorder.begin({ version: VERSION, self, seed, atWallMs: clock.wallMs(), options })
  return new RecordedScheduler({ self, options, random }, recorder)
}

type Room = Parameters<Scheduler['room']>

class RecordedScheduler extends Scheduler {
  readonly #recorder: EventRecorder

  constructor(
    init: { readonly self: PeerId; readonly options: SchedulerOptions; readonly random: Random },
    recorder: EventRecorder,
  ) {
    super(init.self, init.options, init.random)
    this.#recorder = recorder
  }

  override step(event: SchedulerEvent, nowMs: number): readonly SchedulerEffect[] {
    const effects = super.step(event, nowMs)
    this.#recorder.event(event, effects, nowMs)
    return effects
  }

  override room(
    request: Omit<ScheduleRequest, 'id' | 'atWallMs'>,
    best: Room[1],
    nowMs: number,
  ): ReturnType<Scheduler['room']> {
    const found = super.room(request, best, nowMs)
    this.#recorder.room({ room: request, best: best ?? null }, found, nowMs)
    return found
  }
}
