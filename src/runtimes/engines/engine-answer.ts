/**
 * What a profile expects of an engine's answer: that it succeeds, and that it is JSON of a form.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import type { Ask, EngineQuestion, EngineReply } from './engine-profile.ts'
import { parseExposition, type Sample } from './exposition.ts'

/** Of what an engine says is wrong, shown to people. */
const EXCERPT_CHARS = 300

/** KServe, TF Serving, OVMS: a text. vLLM: an object. TorchServe: a message beside a code. */
const errorText = z.union([
  z.object({ error: z.string() }).transform(body => body.error),
  z.object({ error: z.object({ message: z.string() }) }).transform(body => body.error.message),
  z.object({ message: z.string() }).transform(body => body.message),
  z.object({ detail: z.string() }).transform(body => body.detail),
])

/** @throws MeshError ERR_ENGINE unless the engine answers with a status of success. */
export async function textFrom(
  ask: Ask,
  question: EngineQuestion,
  signal: AbortSignal,
): Promise<string> {
  return textOf(await ask(question, signal), question)
}

/** @throws MeshError ERR_ENGINE unless its status is one of success. */
export function textOf({ status, text }: EngineReply, question: EngineQuestion): string {
  if (status >= 200 && status < 300) return text
  throw new MeshError(`expected success of ${nameOf(question)}, found ${status}${reasonIn(text)}`, {
    code: 'ERR_ENGINE',
    details: { upstream: { status } },
  })
}

/** @throws MeshError ERR_ENGINE unless the engine answers with JSON of that form. */
export async function jsonFrom<Schema extends z.ZodType>(
  ask: Ask,
  { schema, ...question }: EngineQuestion & { readonly schema: Schema },
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  return jsonOf(await ask(question, signal), { ...question, schema })
}

/** @throws MeshError ERR_ENGINE unless it is a success and JSON of that form. */
export function jsonOf<Schema extends z.ZodType>(
  reply: EngineReply,
  { schema, ...question }: EngineQuestion & { readonly schema: Schema },
): z.output<Schema> {
  const parsed = schema.safeParse(jsonOrUndefined(textOf(reply, question)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`
  throw new MeshError(
    `expected of ${nameOf(question)} what the engine documents, found something else${place}`,
    { code: 'ERR_ENGINE', details: { problem: issue?.code } },
  )
}

/**
 * What the engine tells Prometheus. Empty if it answers that there is nothing, as one does whose
 * metrics are switched off.
 *
 * @throws MeshError ERR_ENGINE if it fails.
 */
export async function metricsFrom(
  ask: Ask,
  place: Pick<EngineQuestion, 'path' | 'portOffset'>,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  const question: EngineQuestion = { method: 'GET', ...place }
  const reply = await ask(question, signal)
  const isOff = reply.status >= 400 && reply.status < 500
  return isOff ? [] : parseExposition(textOf(reply, question))
}

/** A status that says: the engine has no such thing, or it is switched off. */
export function isMissing(status: number): boolean {
  return status === 404 || status === 405
}

/** The engine has no such control, or it is switched off. */
export function controlIsOff(question: EngineQuestion, hint: string): MeshError {
  return new MeshError(`expected the engine to offer ${nameOf(question)}, found that it does not`, {
    code: 'ERR_NOT_SUPPORTED',
    hint,
  })
}

/** As part of a path. */
export const pathPart = encodeURIComponent

/** ` : why`, or nothing if the engine does not say. */
export function reasonIn(text: string): string {
  const reason = errorText.safeParse(jsonOrUndefined(text))
  return reason.success ? `: ${reason.data.slice(0, EXCERPT_CHARS)}` : ''
}

function nameOf({ method, path }: EngineQuestion): string {
  return `${method} ${path}`
}
