/**
 * Threads that run simulations: results do not depend on them, and their failures are heard.
 */
import { assert, describe, test } from 'vitest'
import { jobsOf } from '../../../sim/experiment/plan.ts'
import type { Scenario } from '../../../sim/scenario/scenario.ts'
import { type PoolOptions, type Progress, runJobs } from '../../../src/cli/simulate/worker-pool.ts'
import { InvariantError } from '../../../src/core/assert.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { SMALLEST } from '../../sim/experiment/invented-run.ts'

const program = new URL('./invented-worker.ts', import.meta.url)

function jobs(change: Partial<Scenario> = {}) {
  return jobsOf([{ scenario: { ...SMALLEST, ...change }, trace: undefined }])
}

function pool(options: Partial<PoolOptions> = {}): PoolOptions {
  const { signal } = new AbortController()
  return { threadCount: 2, program, signal, onProgress: () => {}, ...options }
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('expected a failure, found none')
}

describe('jobs', () => {
  test('are every contestant under every seed, of every scenario', () => {
    const scenario: Scenario = { ...SMALLEST, seed: 5, runs: 2, strategies: ['mesh', 'random'] }
    const other: Scenario = { ...SMALLEST, runs: 1, strategies: ['prequal'] }
    const all = jobsOf([
      { scenario, trace: undefined },
      { scenario: other, trace: undefined },
    ])
    assert.deepEqual(
      all.map(({ contestant, seed }) => `${contestant.name} ${seed}`),
      ['mesh 5', 'mesh 6', 'random 5', 'random 6', 'prequal 1'],
    )
  })

  test('come to the same on one thread and on three', async () => {
    const all = jobs({ runs: 4 })
    const alone = await runJobs(all, pool({ threadCount: 1 }))
    const shared = await runJobs(all, pool({ threadCount: 3 }))
    assert.equal(JSON.stringify(shared), JSON.stringify(alone))
    assert.deepEqual(
      alone.map(({ contestant, seed }) => `${contestant} ${seed}`),
      all.map(({ contestant, seed }) => `${contestant.name} ${seed}`),
    )
  })

  test('tell how far they are, up to all of them', async () => {
    const told: Progress[] = []
    const all = jobs({ runs: 2, strategies: ['mesh'] })
    await runJobs(all, pool({ onProgress: progress => told.push(progress) }))
    assert.deepEqual(told.at(-1), { jobCount: 2, doneCount: 2, ratio: 1 })
    for (const { ratio } of told) assert.isAtMost(ratio, 1)
  })
})

describe('a failure ends all threads and is what it was:', () => {
  test('an error of ours with its code and advice', async () => {
    const error = await failure(runJobs(jobs({ description: 'config' }), pool()))
    assert.instanceOf(error, MeshError)
    const { code, message, hint } = error as MeshError
    assert.deepEqual([code, message, hint], ['ERR_CONFIG', 'expected more, found less', 'Do it.'])
  })

  test('a bug as a bug, with the place where it happened', async () => {
    const error = await failure(runJobs(jobs({ description: 'bug' }), pool()))
    assert.instanceOf(error, InvariantError)
    assert.include((error as Error).stack, 'invented-worker.ts')
  })

  test('a thread that ends by itself', async () => {
    const error = await failure(runJobs(jobs({ description: 'exit' }), pool()))
    assert.equal((error as Error).message, 'a thread ended with 3 in its work')
  })

  test('too little memory, with what to do about it', async () => {
    const error = await failure(runJobs(jobs({ description: 'memory' }), pool()))
    assert.instanceOf(error, MeshError)
    assert.include((error as MeshError).hint, '--threads 1')
  })

  test('a program that is not there', async () => {
    const missing = new URL('./missing-worker.ts', import.meta.url)
    const error = await failure(runJobs(jobs(), pool({ program: missing })))
    assert.include((error as Error).message, 'missing-worker.ts')
  })
})

describe('the wish to stop', () => {
  test('ends runs that would never end', async () => {
    const stop = new AbortController()
    const onProgress = ({ ratio }: Progress) => {
      if (ratio > 0) stop.abort()
    }
    const all = jobs({ description: 'endless' })
    const error = await failure(runJobs(all, pool({ signal: stop.signal, onProgress })))
    assert.instanceOf(error, MeshError)
    assert.equal((error as MeshError).code, 'ERR_STOPPING')
    assert.match((error as Error).message, /^stopped after 0 of 12 runs; no results are written$/)
  })

  test('before the beginning lets nothing begin', async () => {
    const error = await failure(runJobs(jobs(), pool({ signal: AbortSignal.abort() })))
    assert.equal((error as MeshError).code, 'ERR_STOPPING')
  })
})
