/**
 * The events of the mesh as they happen, from one peer.
 */
import type { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import { type Following, followStream } from './follow-stream.ts'
import { type EventLine, meshEvent } from './wire.ts'

const PATH = '/mesh/v1/events?follow=true'

/** As `followStream`. @throws MeshError ERR_BAD_FRAME too, if something else is in it. */
export async function* followEvents(following: Omit<Following, 'path'>): AsyncGenerator<EventLine> {
  for await (const { data } of followStream({ ...following, path: PATH })) {
    yield readData(data, meshEvent, 'an event of the mesh')
  }
}

/** @throws MeshError ERR_BAD_FRAME. */
export function readData<T>(data: string, schema: z.ZodType<T>, noun: string): T {
  const parsed = schema.safeParse(jsonOf(data))
  if (parsed.success) return parsed.data
  throw new MeshError(`expected ${noun} in every event of the stream`, {
    code: 'ERR_BAD_FRAME',
    hint: 'Is --node the HTTP side of a peer of this version?',
  })
}

/** `undefined` if it is not JSON, which is no event either. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
