/**
 * JSON from an engine, which may be no JSON at all: a proxy's HTML page, a line of text, nothing.
 */
export function jsonOrUndefined(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    // To the caller, that it is not JSON is a finding like any other.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
