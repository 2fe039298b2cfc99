/**
 * Builds grammars, and mends what the library writes as the grammar of a number.
 *
 * Its numbers have exponents of up to 16 digits, so `3e70020000000`, which reads as infinity, and its
 * integers have them too, so `5e-3`. Here a number has an exponent of two digits, which with the 16
 * digits before it always fits a double, and an integer none.
 */
import type { GbnfJsonSchema, Llama, LlamaGrammar } from 'node-llama-cpp'
import { schemaProblem } from './schema-problem.ts'

/** As the library writes it, and of two digits at most. */
const EXPONENT = ' ([eE] [-+]? ("0" | [1-9] [0-9]{0,15}))?'
const SHORT_EXPONENT = ' ([eE] [-+]? ("0" | [1-9] [0-9]?))?'

/** One rule a line: the library escapes line breaks, and quotes, within the texts of a schema. */
const INTEGER_RULE = 'integer-number-rule ::= '

function withBoundedNumbers(grammar: string): string {
  const lines = grammar.split('\n').map(line => {
    const exponent = line.startsWith(INTEGER_RULE) ? '' : SHORT_EXPONENT
    return line.replaceAll(EXPONENT, exponent)
  })
  return lines.join('\n')
}

/**
 * @param field What errors call the schema.
 * @throws MeshError ERR_INVALID_REQUEST if llama.cpp takes no grammar of it.
 */
export async function buildGrammar(
  llama: Llama,
  schema: GbnfJsonSchema,
  field: string,
): Promise<LlamaGrammar> {
  try {
    const { grammar } = await llama.createGrammarForJsonSchema<GbnfJsonSchema>(schema)
    return await llama.createGrammar({ grammar: withBoundedNumbers(grammar) })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw schemaProblem(field, 'a schema that a grammar can be made of', problem)
  }
}
