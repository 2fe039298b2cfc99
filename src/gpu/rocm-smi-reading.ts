/**
 * What `rocm-smi … --json` prints of each card, as readings.
 *
 * An object with `card0`, `card1`, … and `system`; every value is a text. The words for one thing
 * differ between versions and cards, so each is looked for under all that it has had.
 *
 * Source: influxdata/telegraf, plugins/inputs/amd_rocm_smi/testdata (ROCm 4.3 to 6.1); ROCm/
 * rocm_smi_lib, python_smi_tools/rocm_smi.py.
 */
import type { GpuReading } from '../node/gpu-source.ts'
import { amountOf, at, parseLoose, ratioOf, textOf } from './loose-json.ts'

/** What is asked for. Not all there is: `--showallinfo` aborts on some cards. */
export const ROCM_SMI_ARGS: readonly string[] = [
  ...['--showproductname', '--showuniqueid', '--showdriverversion'],
  ...['--showuse', '--showmemuse', '--showmeminfo', 'vram'],
  ...['--showtemp', '--showpower', '--showmaxpower', '--json'],
]

/** @throws SyntaxError. */
export function readRocmSmi(text: string): readonly GpuReading[] {
  const found = parseLoose(text)
  if (typeof found !== 'object' || found === null) {
    throw new SyntaxError('expected an object of cards, found none')
  }
  const driverVersion = textOf(at(found, 'system', 'Driver version'))
  return Object.entries(found)
    .flatMap(([key, card]) => {
      const [, index] = /^card(\d{1,4})$/.exec(key) ?? []
      return index === undefined ? [] : [{ ...readCard(card, Number(index)), driverVersion }]
    })
    .toSorted((a, b) => a.index - b.index)
}

function readCard(card: unknown, index: number): GpuReading {
  const amount = (...names: readonly string[]) => amountOf(...names.map(name => at(card, name)))
  const text = (...names: readonly string[]) => textOf(...names.map(name => at(card, name)))
  const vramTotalBytes = amount('VRAM Total Memory (B)') ?? 0
  return {
    index,
    name: text('Card Series', 'Card series', 'Card Model', 'Card model') ?? 'AMD GPU',
    uuid: text('Unique ID'),
    vramTotalBytes,
    vramUsedBytes: Math.min(amount('VRAM Total Used Memory (B)') ?? 0, vramTotalBytes),
    utilizationRatio: ratioOf(at(card, 'GPU use (%)')),
    // The share of memory that is allocated, in newer versions under a name that says so, is not it.
    memoryUtilizationRatio: ratioOf(
      at(card, 'GPU Memory Read/Write Activity (%)'),
      at(card, 'GPU memory use (%)'),
    ),
    temperatureCelsius: amount(
      'Temperature (Sensor junction) (C)',
      'Temperature (Sensor hotspot) (C)',
      'Temperature (Sensor edge) (C)',
    ),
    powerWatts: amount(
      'Average Graphics Package Power (W)',
      'Current Socket Graphics Package Power (W)',
    ),
    powerLimitWatts: amount('Max Graphics Package Power (W)'),
    throttleReasons: [],
  }
}
