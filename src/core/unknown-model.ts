/**
 * What a caller is told who names a model that the mesh does not serve: the same words wherever
 * that is found out.
 */

/** Model ids listed in a message; more do not fit on a screen. */
const MODELS_LISTED_LIMIT = 10

/** Characters of a model id that are repeated to the caller who sent it. */
const MODEL_ID_SHOWN_LIMIT = 128

/** The model id in quotes, as long as it may be. */
export function shownModel(model: string): string {
  const isLong = model.length > MODEL_ID_SHOWN_LIMIT
  return JSON.stringify(isLong ? `${model.slice(0, MODEL_ID_SHOWN_LIMIT)}…` : model)
}

/** @param served Every id once. */
export function unknownModel(model: string, served: Iterable<string>): string {
  const ids = [...served].sort()
  const listed = ids.slice(0, MODELS_LISTED_LIMIT).map(shownModel).join(', ')
  const more =
    ids.length > MODELS_LISTED_LIMIT ? ` and ${ids.length - MODELS_LISTED_LIMIT} more` : ''
  const known = ids.length === 0 ? 'it serves none at present' : `it serves ${listed}${more}`
  return `expected a model that the mesh serves, found ${shownModel(model)}; ${known}`
}
