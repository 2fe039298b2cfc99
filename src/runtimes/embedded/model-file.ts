/**
 * A model file before llama.cpp sees it: is it there, is it a GGUF, and which weights are these.
 *
 * llama.cpp says little about a bad file, so what people get wrong (a wrong path, a folder, a
 * Git LFS pointer, a download that broke off at once) is found here and named.
 */
import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'

/** Where the toy model lies, in a checkout (`src`) and in the published package (`dist/src`). */
export function demoModelPath(): string {
  const manifest = findPackageJSON(import.meta.url)
  assert(manifest !== undefined, 'this file is part of a package')
  return join(dirname(manifest), 'models/skein-tiny/skein-tiny-q8_0.gguf')
}

/** Magic, version, tensor count and metadata count. */
const HEADER_BYTES = 24

/** Above it only both ends are hashed: reading 40 GB at 1 GB/s would hold up the start by 40 s. */
const WHOLE_HASH_MAX_BYTES = 2 ** 30
const END_HASH_BYTES = 16 * 2 ** 20

/** The toy's digest. Its name and its caution go with the weights, whatever the file is called. */
const DEMO_DIGEST = 'sha256:efbd031992da1032eab52c7c16f1db6c8c9f7ba625d68b2ef5d2f76123701e71'

export interface ModelFile {
  readonly path: string
  /** Name of the model unless the options give one. */
  readonly defaultId: string
  /** `sha256:…` of all bytes, or `sha256-ends:…` of the size and both ends of a large file. */
  readonly digest: string
  readonly isDemo: boolean
}

/** @throws MeshError ERR_MODEL_FILE, naming the path and what was found there. */
export async function inspectModelFile(path: string, signal: AbortSignal): Promise<ModelFile> {
  const sizeBytes = await sizeOf(path)
  const file = await open(path).catch(error => {
    throw modelFileError(path, 'a file that cannot be read', error)
  })
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0)
    checkHeader(path, header.subarray(0, bytesRead))

    const digest = await digestOf(file, sizeBytes, signal)
    const isDemo = digest === DEMO_DIGEST
    return { path, digest, isDemo, defaultId: isDemo ? 'skein-tiny' : idFrom(path) }
  } finally {
    await file.close()
  }
}

export function modelFileError(path: string, found: string, cause?: unknown): MeshError {
  return new MeshError(`expected a GGUF model file at ${path}, found ${found}`, {
    code: 'ERR_MODEL_FILE',
    details: { path, found },
    hint: 'Give the path of a .gguf file, or leave modelPath out to use the toy model.',
    cause,
  })
}

async function sizeOf(path: string): Promise<number> {
  const facts = await stat(path).catch(error => {
    throw modelFileError(path, 'nothing', error)
  })
  if (!facts.isFile()) throw modelFileError(path, 'something that is not a file')
  return facts.size
}

function checkHeader(path: string, header: Buffer): void {
  const magic = header.toString('latin1', 0, 4)
  if (header.toString('latin1').startsWith('version https://git-')) {
    throw modelFileError(path, 'a Git LFS pointer instead of the file (run `git lfs pull`)')
  }
  if (magic !== 'GGUF') {
    throw modelFileError(path, `a file that starts with ${JSON.stringify(magic)}, not "GGUF"`)
  }
  if (header.length < HEADER_BYTES) {
    throw modelFileError(path, `a GGUF that ends after ${header.length} bytes`)
  }
}

/** `models/qwen-7b-00001-of-00003.gguf` → `qwen-7b`. */
function idFrom(path: string): string {
  return basename(path).replace(/(-\d{5}-of-\d{5})?\.gguf$/i, '')
}

type FileHandle = Awaited<ReturnType<typeof open>>

async function digestOf(file: FileHandle, sizeBytes: number, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const add = async (start: number, end: number) => {
    const stream = file.createReadStream({ start, end: end - 1, autoClose: false, signal })
    for await (const chunk of stream) hash.update(chunk)
  }

  if (sizeBytes <= WHOLE_HASH_MAX_BYTES) {
    await add(0, sizeBytes)
    return `sha256:${hash.digest('hex')}`
  }
  hash.update(`${sizeBytes}\n`)
  await add(0, END_HASH_BYTES)
  await add(sizeBytes - END_HASH_BYTES, sizeBytes)
  return `sha256-ends:${hash.digest('hex')}`
}
