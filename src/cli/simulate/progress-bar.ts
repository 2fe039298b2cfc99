/**
 * How far a long piece of work is, in one line: `[████░░░░]  41 %  12 of 36 runs  0:42 left`.
 */
import type { Progress } from './worker-pool.ts'

const BAR_COLUMNS = 24

/** Before that it is not known how fast it goes. */
const RATIO_KNOWN_MIN = 0.01

export function progressText({ ratio, doneCount, jobCount }: Progress, elapsedMs: number): string {
  const filled = Math.floor(ratio * BAR_COLUMNS)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled)
  const percent = `${String(Math.floor(ratio * 100)).padStart(3)} %`
  const leftMs = ratio < RATIO_KNOWN_MIN ? undefined : (elapsedMs * (1 - ratio)) / ratio
  const left = leftMs === undefined ? '' : `  ${clockText(leftMs)} left`
  return `[${bar}] ${percent}  ${doneCount} of ${jobCount} runs${left}`
}

/** `0:42`, `12:05`, `1:00:00`. */
function clockText(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const tail = two(seconds % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`
}
