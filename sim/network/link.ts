/**
 * One direction between two hosts: how long bytes take, how many fit, and whether they pass.
 *
 * What TCP does about loss is part of it: a lost segment is a late one, by the time until it is
 * sent again, which doubles with each loss in a row.
 */
import type { Random } from '../../src/core/random.ts'
import { exponential, isHit } from '../chance.ts'

/** Shortest wait before a segment is sent again, and the longest, in Linux. */
const RETRANSMIT_MIN_MS = 200
const RETRANSMIT_MAX_MS = 120_000

export interface LinkQuality {
  readonly delayMinMs: number
  /** The delay is the shortest one and an exponential part; this is its mean. */
  readonly delayMeanMs: number
  readonly bandwidthBytesPerSecond: number
  /** Share of messages whose first transmission is lost. */
  readonly lossRatio: number
}

/** Gigabit Ethernet and a switch, with the event loops at both ends. */
export const LAN: LinkQuality = {
  delayMinMs: 0.15,
  delayMeanMs: 0.5,
  bandwidthBytesPerSecond: 117_000_000,
  lossRatio: 0,
}

/** Two sites far apart: 40 ms and about 10 more each way, and a lost segment now and then. */
export const WAN: LinkQuality = {
  delayMinMs: 40,
  delayMeanMs: 50,
  bandwidthBytesPerSecond: 12_000_000,
  lossRatio: 0.01,
}

/** A host as far as links care. */
export interface LinkHost {
  readonly index: number
  /** Its power or its cable is out. */
  readonly isOff: boolean
}

export class Link {
  readonly from: LinkHost
  readonly to: LinkHost
  quality: LinkQuality
  readonly #random: Random
  readonly #onOpen = new Set<() => void>()
  #cutCount = 0
  #freeAtMs = 0

  constructor(ends: { from: LinkHost; to: LinkHost }, quality: LinkQuality, random: Random) {
    this.from = ends.from
    this.to = ends.to
    this.quality = quality
    this.#random = random
  }

  /** Whether bytes pass. */
  get isOpen(): boolean {
    return this.#cutCount === 0 && !this.from.isOff && !this.to.isOff
  }

  /** One more reason why nothing passes. */
  cut(): void {
    this.#cutCount += 1
  }

  /** One reason less. */
  mend(): void {
    this.#cutCount -= 1
    this.changed()
  }

  /** To be called when a host at one end is back. */
  changed(): void {
    if (this.isOpen) for (const onOpen of [...this.#onOpen]) onOpen()
  }

  whenOpen(onOpen: () => void): void {
    this.#onOpen.add(onOpen)
  }

  forget(onOpen: () => void): void {
    this.#onOpen.delete(onOpen)
  }

  /** When bytes sent now arrive. The link must be open. */
  transit(bytes: number, nowMs: number): number {
    const { delayMinMs, delayMeanMs, bandwidthBytesPerSecond, lossRatio } = this.quality
    this.#freeAtMs =
      Math.max(nowMs, this.#freeAtMs) + (bytes * 1_000) / Math.max(1, bandwidthBytesPerSecond)
    let delayMs = delayMinMs + exponential(this.#random, delayMeanMs - delayMinMs)
    let retransmitMs = RETRANSMIT_MIN_MS
    while (isHit(this.#random, lossRatio) && retransmitMs < RETRANSMIT_MAX_MS) {
      delayMs += retransmitMs
      retransmitMs *= 2
    }
    return this.#freeAtMs + delayMs
  }
}

/** When TCP tries again, of something it first sent at `sentMs`: the first time after `nowMs`. */
export function nextRetransmitMs(sentMs: number, nowMs: number): number {
  let atMs = sentMs
  let waitMs = RETRANSMIT_MIN_MS
  while (atMs <= nowMs) {
    atMs += waitMs
    waitMs = Math.min(2 * waitMs, RETRANSMIT_MAX_MS)
  }
  return atMs
}
