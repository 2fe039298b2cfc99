/**
 * What a lane promises, whatever the stream does: nothing lost, nothing out of order, every
 * request ends exactly once, what is kept is bounded by the credit, and a reader that stalls stops
 * only itself, no message either.
 *
 * Method: requests of both sides with random bodies, answers, paces, failures and cancels, and
 * messages in between, over simulated streams that slice, delay and fill up, cut in the middle or not. A failure prints
 * its case; the seed in it replays the run.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { hasCode, MeshError } from '../../src/core/errors.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import type { LaneAnswer, LaneCall } from '../../src/protocols/lane.ts'
import { laneOptions } from '../../src/protocols/options.ts'
import { bytesOf, call, LanePeer, NEVER, pattern, readAnswer } from './lane-peer.ts'
import { LaneWorld } from './lane-world.ts'

interface Plan {
  readonly side: 'dialer' | 'listener'
  readonly bodyBytes: number
  /** Sizes of the answer's chunks as the engine makes them. */
  readonly chunks: readonly number[]
  readonly serving: 'at once' | 'in steps' | 'fails before' | 'fails after'
  /** A reader that breaks or aborts does so after two chunks, one that stalls after one. */
  readonly reader: 'at once' | 'in steps' | 'stalls' | 'breaks' | 'aborts' | 'aborts early'
}

interface Message {
  readonly side: 'dialer' | 'listener'
  readonly bytes: number
}

interface Scene {
  readonly seed: number
  readonly plans: readonly Plan[]
  /** All of them together are below what may wait. */
  readonly messages: readonly Message[]
  readonly creditBytes: number
  readonly chunkMaxBytes: number
  /** Whether requests begin one after the other, or all together. */
  readonly isSpread: boolean
  readonly cutAfterSteps: number | undefined
}

const plan: fc.Arbitrary<Plan> = fc.record({
  side: fc.constantFrom('dialer', 'listener'),
  bodyBytes: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(20_000)),
  chunks: fc.array(fc.oneof(fc.nat(50), fc.nat(20_000)), { maxLength: 8 }),
  serving: fc.constantFrom('at once', 'at once', 'in steps', 'fails before', 'fails after'),
  reader: fc.constantFrom('at once', 'in steps', 'stalls', 'breaks', 'aborts', 'aborts early'),
})

const message: fc.Arbitrary<Message> = fc.record({
  side: fc.constantFrom('dialer', 'listener'),
  bytes: fc.oneof(fc.nat(200), fc.nat(12_000)),
})

const scene: fc.Arbitrary<Scene> = fc.record({
  seed: fc.integer(),
  plans: fc.array(plan, { minLength: 1, maxLength: 8 }),
  messages: fc.array(message, { maxLength: 20 }),
  creditBytes: fc.integer({ min: 1024, max: 8_000 }),
  chunkMaxBytes: fc.integer({ min: 1_000, max: 10_000 }),
  isSpread: fc.boolean(),
  cutAfterSteps: fc.option(fc.nat(200), { nil: undefined }),
})

interface Outcome {
  readonly plan: Plan
  endCount: number
  received: Uint8Array
  error: unknown
}

const bodyOf = (index: number, { bodyBytes }: Plan) => pattern(bodyBytes, index)
const answerBytes = (index: number, { chunks }: Plan) =>
  pattern(
    chunks.reduce((sum, size) => sum + size, 0),
    index + 100,
  )

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes)

const ABORTED = new Error('the caller has had enough')

class Stage {
  readonly world: LaneWorld
  readonly outcomes: Outcome[]
  openEngines = 0
  hasPostedAll = false
  readonly #posted = { dialer: [] as Uint8Array[], listener: [] as Uint8Array[] }
  readonly #scene: Scene
  readonly #stalled: (() => void)[] = []

  constructor(of: Scene) {
    const { creditBytes, chunkMaxBytes } = of
    const options = laneOptions.parse({ creditBytes, chunkMaxBytes })
    this.#scene = of
    this.world = new LaneWorld(of.seed, options, (it, signal) => this.#serve(it, signal))
    this.outcomes = of.plans.map(it => ({
      plan: it,
      endCount: 0,
      received: new Uint8Array(0),
      error: undefined,
    }))
  }

  get stalledCount(): number {
    return this.#stalled.length
  }

  releaseStalled(): void {
    for (const release of this.#stalled.splice(0)) release()
  }

  start(): Promise<unknown> {
    return Promise.all([
      this.#post(),
      ...this.outcomes.map((outcome, index) => this.#ask(index, outcome)),
    ])
  }

  async #post(): Promise<void> {
    for (const [index, { side, bytes }] of this.#scene.messages.entries()) {
      await this.world.gate()
      const bytesPosted = pattern(bytes, index)
      const isTaken = this.world.lanes[side].post(bytesPosted)
      assert.equal(isTaken, this.world.closed.length === 0, 'none is dropped on an open lane')
      if (isTaken) this.#posted[side].push(bytesPosted.slice())
      // The lane has its own copy.
      bytesPosted.fill(0)
    }
    this.hasPostedAll = true
  }

  /** Each side has got what the other has posted, in that order: all, or up to the cut. */
  checkMessages(): void {
    const isCut = this.world.closed.length > 0
    assert.isTrue(this.hasPostedAll)
    for (const [from, to] of [
      ['dialer', 'listener'],
      ['listener', 'dialer'],
    ] as const) {
      const [posted, got] = [this.#posted[from], this.world.messages[to]]
      const expected = isCut ? posted.slice(0, got.length) : posted
      assert.deepEqual(got.map(asBuffer), expected.map(asBuffer), 'no message is lost')
    }
  }

  async #ask(index: number, outcome: Outcome): Promise<void> {
    const { plan: it } = outcome
    const controller = new AbortController()
    const received: Uint8Array[] = []
    if (this.#scene.isSpread) await this.world.gate()
    const lane = this.world.lanes[it.side]
    const headers = { index: `${index}` }
    const body = bodyOf(index, it)
    const asking = lane.request({ method: 'm', headers, body }, controller.signal)
    try {
      if (it.reader === 'aborts early') controller.abort(ABORTED)
      await this.#read((await asking).chunks, received, it, controller)
    } catch (error) {
      outcome.error = error
    }
    outcome.received = Buffer.concat(received)
    outcome.endCount += 1
  }

  async #read(
    chunks: AsyncIterable<Uint8Array>,
    received: Uint8Array[],
    { reader }: Plan,
    controller: AbortController,
  ): Promise<void> {
    for await (const chunk of chunks) {
      received.push(chunk)
      if (reader === 'in steps') await this.world.gate()
      if (reader === 'stalls' && received.length === 1) {
        await new Promise<void>(resolve => {
          this.#stalled.push(resolve)
        })
      }
      if (received.length < 2) continue
      if (reader === 'breaks') return
      if (reader === 'aborts') controller.abort(ABORTED)
    }
  }

  async #serve({ headers, body }: LaneCall, signal: AbortSignal): Promise<LaneAnswer> {
    const index = Number(headers['index'])
    const it = this.#scene.plans[index] as Plan
    assert.deepEqual(Buffer.from(body), Buffer.from(bodyOf(index, it)), 'the body is as sent')
    if (it.serving === 'in steps') await this.world.gate()
    if (it.serving === 'fails before') throw new MeshError('no', { code: 'ERR_NO_CAPACITY' })
    return { status: 200, headers: {}, chunks: this.#chunks(index, it, signal) }
  }

  async *#chunks(index: number, it: Plan, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.openEngines += 1
    try {
      const all = answerBytes(index, it)
      let position = 0
      for (const size of it.chunks) {
        if (it.serving === 'in steps') await this.world.gate()
        signal.throwIfAborted()
        yield all.subarray(position, position + size)
        position += size
      }
      if (it.serving === 'fails after') throw new MeshError('broke', { code: 'ERR_ENGINE' })
    } finally {
      this.openEngines -= 1
    }
  }
}

/** What became of a request must be what its plan, or the cut, allows. */
function checkOutcome(index: number, { plan: it, endCount, received, error }: Outcome): void {
  assert.equal(endCount, 1, 'a request ends exactly once')
  const whole = answerBytes(index, it)
  const isComplete = received.length === whole.length
  assert.deepEqual(
    Buffer.from(received),
    Buffer.from(whole.subarray(0, received.length)),
    'nothing is lost or out of order',
  )
  if (hasCode(error, 'ERR_PEER_LOST')) {
    assert.equal(error.details['bytesReceived'], received.length)
  } else if (it.reader === 'aborts early') {
    assert.equal(error, ABORTED)
  } else if (error === ABORTED) {
    assert.equal(it.reader, 'aborts')
  } else if (it.serving === 'fails before') {
    assert.ok(hasCode(error, 'ERR_NO_CAPACITY'), String(error))
  } else if (hasCode(error, 'ERR_ENGINE')) {
    assert.equal(it.serving, 'fails after')
    assert.isTrue(isComplete, 'what came before the failure is delivered')
  } else {
    assert.isUndefined(error)
    assert.isTrue(isComplete || it.reader === 'breaks', 'an answer that ends well is whole')
  }
}

/** All that a lane may keep: credit, bodies, messages, and one send with small frames. */
function mostBufferedBytes({ plans, messages, creditBytes, chunkMaxBytes }: Scene): number {
  const bodiesBytes = plans.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
  const smallFramesBytes = 1_000
  const messagesBytes = messages.reduce((sum, { bytes }) => sum + bytes + 10, 0)
  const askedBytes = plans.length * (creditBytes + smallFramesBytes) + bodiesBytes
  return askedBytes + messagesBytes + 64 * 1024 + chunkMaxBytes
}

test('a lane keeps its promises over any stream', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scene, async it => {
      const stage = new Stage(it)
      const { world, outcomes } = stage
      const { dialer, listener } = world.lanes
      const ended = stage.start()
      if (it.cutAfterSteps !== undefined) {
        await world.run(it.cutAfterSteps)
        world.cut()
      }

      await world.run()
      const openOutcomes = outcomes.filter(({ endCount }) => endCount === 0)
      assert.equal(openOutcomes.length, stage.stalledCount, 'only who stalls is held up')
      const keptBytes = dialer.bufferedBytes + listener.bufferedBytes
      assert.isAtMost(keptBytes, stage.stalledCount * it.creditBytes)
      stage.checkMessages()

      stage.releaseStalled()
      await world.run()
      assert.equal(outcomes.filter(({ endCount }) => endCount === 0).length, 0, 'all have ended')
      await ended
      for (const [index, outcome] of outcomes.entries()) checkOutcome(index, outcome)

      assert.equal(dialer.openCount + listener.openCount, 0, 'no request is left behind')
      assert.equal(dialer.bufferedBytes + listener.bufferedBytes, 0, 'nothing is kept')
      assert.equal(stage.openEngines, 0, 'no engine works on')
      assert.isAtMost(world.bufferedMaxBytes, mostBufferedBytes(it))
      assert.equal(world.closed.length, it.cutAfterSteps === undefined ? 0 : 2)
    }),
    { numRuns: 150 },
  )
})

describe('whatever a peer sends, a lane goes on or closes saying why', () => {
  const small = fc.integer({ min: 0, max: 6 })
  const part = fc.uint8Array({ maxLength: 40 })
  const frame = fc.oneof(
    fc.record({ id: small }),
    fc.record({
      id: small,
      request: fc.record({ bodyBytes: fc.nat(50), credit: fc.nat(), body: part }),
    }),
    fc.record({ id: small, requestChunk: part }),
    fc.record({ id: small, head: fc.record({ status: fc.nat() }) }),
    fc.record({ id: small, chunk: part }),
    fc.record({ id: small, end: fc.record({ trailer: part }) }),
    fc.record({ id: small, error: fc.record({ code: fc.string(), details: fc.string() }) }),
    fc.record({ id: small, cancel: fc.boolean() }),
    fc.record({ id: small, credit: fc.nat() }),
    fc.record({ id: fc.constantFrom(0, 0, 1, 2), message: part }),
  )

  /** Runs the attack on a lane with two open requests; every one of them must end. */
  async function attack(isDialer: boolean, send: (peer: LanePeer) => void): Promise<void> {
    const peer = new LanePeer({ creditBytes: 1024 }, { isDialer })
    const reading = [1, 2].map(() => readAnswer(peer.lane.request(call(), NEVER)))
    await peer.turn()
    send(peer)
    await peer.idle()

    assert.isAtMost(peer.closed.length, 1)
    const [reason] = peer.closed
    if (reason !== undefined) {
      assert.instanceOf(reason, MeshError)
      assert.deepEqual(peer.aborted, [reason])
      assert.equal(peer.lane.openCount, 0)
    }
    peer.lane.close()
    await Promise.all(reading)
    assert.equal(peer.lane.openCount, 0)
  }

  test('as bytes', async () => {
    const slices = fc.array(fc.uint8Array({ maxLength: 100 }))
    await fc.assert(
      fc.asyncProperty(fc.boolean(), slices, (isDialer, sent) =>
        attack(isDialer, peer => {
          for (const slice of sent) peer.lane.receive(slice)
        }),
      ),
      { numRuns: 500 },
    )
  })

  test('as frames that mean something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(frame), (isDialer, frames) =>
        attack(isDialer, peer => {
          for (const it of frames) peer.receive(it)
        }),
      ),
      { numRuns: 500 },
    )
  })

  test('as frames with a bit turned over', async () => {
    const flip = fc.record({ at: fc.nat(), bit: fc.nat(7) })
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1 }), fc.array(flip), async (frames, flips) => {
        const writer = skein.LaneFrame.encode({
          id: 2,
          request: { method: 'm', body: bytesOf('') },
        })
        writer.reset()
        for (const it of frames) skein.LaneFrame.encode(it, writer.fork()).ldelim()
        const bytes = writer.finish()
        for (const { at, bit } of flips) {
          const index = at % bytes.length
          bytes[index] = (bytes[index] as number) ^ (1 << bit)
        }
        await attack(true, peer => peer.lane.receive(bytes))
      }),
      { numRuns: 500 },
    )
  })
})
