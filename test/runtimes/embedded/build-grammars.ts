/**
 * A process of its own that builds grammars of the schemas on its stdin, so that a test sees all
 * that is written to stderr: llama.cpp writes there past Node.
 *
 * Its answer is, for each schema, `taken`, `refused` before the library saw it, or `failed` in it.
 */
import { text } from 'node:stream/consumers'
import { createLogger } from '../../../src/node/log.ts'
import { buildGrammar } from '../../../src/runtimes/embedded/grammar.ts'
import { grammarSchema } from '../../../src/runtimes/embedded/json-schema.ts'
import { loadLibrary } from '../../../src/runtimes/embedded/llama-library.ts'

const logger = createLogger('silent', { write: () => {}, wallMs: () => 0 })

async function resultOf(schema: Readonly<Record<string, unknown>>): Promise<string> {
  let rewritten: ReturnType<typeof grammarSchema>
  try {
    rewritten = grammarSchema(schema, { field: 'schema', isStrict: false })
  } catch (error) {
    return `refused ${String(error)}`
  }
  try {
    await buildGrammar(llama, rewritten, 'schema')
    return 'taken'
  } catch (error) {
    return `failed ${String(error)}`
  }
}

const { llama } = await loadLibrary({ gpu: 'cpu', threads: 1 }, logger)
const results: string[] = []
for (const schema of JSON.parse(await text(process.stdin))) results.push(await resultOf(schema))
await llama.dispose()
process.stdout.write(JSON.stringify(results))
