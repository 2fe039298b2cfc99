/**
 * `npm run engine -- cuda|vulkan`: brings the GPU binaries of the embedded engine to this machine.
 *
 * An install takes the CPU binaries only and saves a download of 340 MB: package.json replaces the
 * others by an empty package. This asks the registry for the real ones, of exactly the version
 * that is installed, and puts them where the engine looks first: in its own `node_modules`.
 * `npm ci` and `npm install` remove them again. Run again after those.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const manifest = z.object({
  version: z.string(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

const VARIANTS = ['cuda', 'vulkan'] as const

type Variant = (typeof VARIANTS)[number]

export interface Engine {
  /** Folder of the installed library. */
  readonly folder: string
  readonly version: string
  /** All packages with binaries that this version of the library knows. */
  readonly binaryPackages: readonly string[]
}

/** The installed library. Throws an error to show if there is none. */
export function installedEngine(): Engine {
  const path = findPackageJSON('node-llama-cpp', import.meta.url)
  if (path === undefined)
    throw new Error('node-llama-cpp is not installed: run `npm install` first')
  const { version, optionalDependencies } = manifest.parse(JSON.parse(readFileSync(path, 'utf8')))
  return { folder: dirname(path), version, binaryPackages: Object.keys(optionalDependencies) }
}

/** The packages a variant consists of on a platform: CUDA's come in two parts. */
export function packagesFor(
  variant: Variant,
  { platform, architecture }: { readonly platform: string; readonly architecture: string },
  { binaryPackages }: Pick<Engine, 'binaryPackages'>,
): string[] {
  const system = platform === 'win32' ? 'win' : platform
  const first = `@node-llama-cpp/${system}-${architecture}-${variant}`
  const packages = binaryPackages.filter(name => name === first || name === `${first}-ext`)
  if (packages.length > 0) return packages
  if (system === 'darwin') throw new Error('a Mac needs no step: its Metal binaries are installed')
  throw new Error(`there are no ${variant} binaries for ${platform} on ${architecture}`)
}

/** Fetches one package and puts it in the library's own `node_modules`. */
function bring(name: string, { folder, version }: Engine): void {
  const target = join(folder, 'node_modules', name)
  if (existsSync(join(target, 'bins'))) {
    console.log(`${name} is there already`)
    return
  }
  const scratch = mkdtempSync(join(tmpdir(), 'skein-engine-'))
  try {
    console.log(`fetching ${name}@${version}`)
    const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    execFileSync(npm, ['install', '--prefix', scratch, ...options, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(scratch, 'node_modules', name), target, { recursive: true })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Whether the engine can now use the GPU, found out in this process and let go again. */
async function works(variant: Variant): Promise<boolean> {
  const { getLlama } = await import('node-llama-cpp')
  try {
    await getLlama({ gpu: variant, build: 'never', dryRun: true, progressLogs: false })
    return true
  } catch {
    return false
  }
}

async function main(words: readonly string[]): Promise<number> {
  const variant = VARIANTS.find(one => one === words[0])
  if (variant === undefined) {
    console.error(
      'Usage: npm run engine -- cuda|vulkan\n\n  cuda    NVIDIA\n  vulkan  AMD, Intel, NVIDIA',
    )
    return 2
  }
  const engine = installedEngine()
  const place = { platform: process.platform, architecture: process.arch }
  for (const name of packagesFor(variant, place, engine)) bring(name, engine)
  if (await works(variant)) {
    console.log(`done: the embedded engine uses ${variant} from the next start on`)
    return 0
  }
  console.error(
    `the ${variant} binaries are in place, but do not run here: is the driver installed?`,
  )
  return 1
}

if (import.meta.main) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
