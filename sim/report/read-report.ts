/**
 * Comparisons out of the files that reports are kept in: the JSON, or the page that holds it.
 *
 * Whoever sent the file may have changed it, so its shape is checked before anything is drawn from it.
 */
import { z } from 'zod'
import { MeshError } from '../../src/core/errors.ts'
import type { Comparison } from '../experiment/comparison.ts'
import { comparison } from './comparison-schema.ts'
import { dataBlockText } from './page.ts'

export const COMPARISON_ID = 'skein-comparison'

/** @throws MeshError ERR_CONFIG if the page holds no comparison. */
export function embeddedComparison(page: string): Comparison {
  const text = dataBlockText(page, COMPARISON_ID)
  if (text === undefined) {
    throw new MeshError('expected a report with its comparison, found none', {
      code: 'ERR_CONFIG',
      hint: 'Give a page that skein sim wrote, or the JSON beside it.',
    })
  }
  return parseComparison(text)
}

/** @throws MeshError ERR_CONFIG if the text is not JSON, or not a comparison. */
export function parseComparison(text: string): Comparison {
  const parsed = comparison.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new MeshError(`expected a comparison, found:\n${z.prettifyError(parsed.error)}`, {
    code: 'ERR_CONFIG',
    hint: 'Was it written by another version? Run its scenario again.',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MeshError('expected a comparison in JSON, found other text', {
      code: 'ERR_CONFIG',
      cause,
      hint: 'Give a file that skein sim wrote.',
    })
  }
}
