/**
 * Prints the GPUs that the system lists, as JSON, and ends.
 *
 * A process of its own since the package asks some programs, `nvidia-smi` among them, without going
 * on until they answer, which a peer must never do.
 */
import { graphics } from 'systeminformation'

const { controllers } = await graphics()
process.stdout.write(
  JSON.stringify(controllers.map(({ vendor, model, bus }) => ({ vendor, model, bus }))),
)
