/**
 * Fields of options that many parts have: whole numbers within bounds, with the unit that the
 * reference page shows, and addresses.
 */
import { z } from 'zod'

export const count = (min: number, max: number, unit: string) =>
  z.int().min(min).max(max).meta({ unit })

export const durationMs = (minMs: number, maxMs: number) => count(minMs, maxMs, 'ms')

export const bytes = (min: number, max: number) => count(min, max, 'bytes')

const URL_LENGTH_MAX = 2_048

/** @param problem What is wrong with one that holds a user or password. */
export const httpUrl = (problem = 'must hold no user or password') =>
  z
    .url({ protocol: /^https?$/ })
    .max(URL_LENGTH_MAX)
    .refine(hasNoCredentials, problem)
    .meta({ expected: 'a URL that begins with http:// or https://, without user and password' })

/** They would be shown wherever the address is, and `fetch` refuses it with all of it in the error. */
function hasNoCredentials(url: string): boolean {
  // As URLs are read: without line ends and tabs, and with either slash, in any number.
  return !/^[^:]*:[\\/]*[^\\/?#]*@/.test(url.replaceAll(/[\t\n\r]/g, ''))
}
