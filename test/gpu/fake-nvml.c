/*
 * A libnvidia-ml.so.1 that says what a file says, one "name value" per line, read at every call:
 *
 *   count N        GPUs there are            temperature C, power MILLIWATTS, ecc N, reasons BITS
 *   lost I         GPU I fell off the bus    mig N       instances that each is cut into
 *   reset I        GPU I needs a reset       remap 1     rows wait to be remapped; 2: it failed
 *   hang 1         no call comes back        init CODE   what nvmlInit returns
 *   count-code N   what counting returns     crash 1     counting ends the process
 *   forbidden I    GPU I is not for us       unpowered I GPU I has too little power
 *   limit MILLIWATTS                         print 1     counting writes a line of its own
 *
 * Numbers of errors and shapes of structs: nvml.h of CUDA 12 (NVIDIA/go-nvml, gen/nvml/nvml.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_SUPPORTED 3
#define NO_PERMISSION 4
#define NOT_FOUND 6
#define INSUFFICIENT_POWER 8
#define INSUFFICIENT_SIZE 7
#define GPU_IS_LOST 15
#define RESET_REQUIRED 16

static long said(const char *name, long otherwise) {
  char found[64];
  long value, result = otherwise;
  FILE *file = fopen(STATE_PATH, "r");
  while (file && fscanf(file, "%63s %ld", found, &value) == 2)
    if (!strcmp(found, name)) result = value;
  if (file) fclose(file);
  return result;
}

/* A handle is the number of its GPU from 1 on; instances have 100 for each and one more. */
static int state_of(void *device) {
  long index = ((long)device - 1) % 100;
  while (said("hang", 0)) pause();
  if (said("lost", -1) == index) return GPU_IS_LOST;
  return said("reset", -1) == index ? RESET_REQUIRED : 0;
}

#define CHECKED(device) do { int code = state_of(device); if (code) return code; } while (0)

int nvmlInit_v2(void) { return said("init", 0); }

int nvmlSystemGetDriverVersion(char *text, unsigned size) {
  return snprintf(text, size, "570.86.15") < 0;
}

int nvmlDeviceGetCount_v2(unsigned *count) {
  while (said("hang", 0)) pause();
  if (said("crash", 0)) abort();
  if (said("print", 0)) puts("NVRM: a line of the driver");
  fflush(stdout);
  *count = said("count", 1);
  return said("count-code", 0);
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  *device = (void *)(index + 1L);
  if (said("forbidden", -1) == index) return NO_PERMISSION;
  if (said("unpowered", -1) == index) return INSUFFICIENT_POWER;
  return state_of(*device);
}

int nvmlDeviceGetName(void *device, char *text, unsigned size) {
  CHECKED(device);
  if ((long)device > 100) return snprintf(text, size, "NVIDIA H100 80GB HBM3 MIG 1g.10gb") < 0;
  return snprintf(text, size, "NVIDIA H100 80GB HBM3") < 0;
}

int nvmlDeviceGetUUID(void *device, char *text, unsigned size) {
  CHECKED(device);
  return snprintf(text, size, (long)device > 100 ? "MIG-%ld" : "GPU-%ld", (long)device - 1) < 0;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long memory[3]) {
  CHECKED(device);
  memory[0] = (long)device > 100 ? 10737418240ull : 85899345920ull;
  memory[2] = memory[0] / 4;
  memory[1] = memory[0] - memory[2];
  return 0;
}

int nvmlDeviceGetUtilizationRates(void *device, unsigned rates[2]) {
  CHECKED(device);
  if (said("mig", 0)) return NOT_SUPPORTED;
  rates[0] = 97;
  rates[1] = 61;
  return 0;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) {
  CHECKED(device);
  *celsius = sensor == 0 ? said("temperature", 55) : 0;
  return 0;
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
  CHECKED(device);
  *milliwatts = said("power", 350250);
  return 0;
}

int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) {
  CHECKED(device);
  *milliwatts = said("limit", 700000);
  return 0;
}

/* Type 1: uncorrected. Counter 0: volatile. */
int nvmlDeviceGetTotalEccErrors(void *device, int type, int counter, unsigned long long *count) {
  CHECKED(device);
  *count = type == 1 && counter == 0 ? said("ecc", 0) : 12345;
  return 0;
}

int nvmlDeviceGetRemappedRows(void *device, unsigned *correctable, unsigned *uncorrectable,
                              unsigned *is_pending, unsigned *has_failed) {
  CHECKED(device);
  *correctable = 9;
  *uncorrectable = 9;
  *is_pending = said("remap", 0) == 1;
  *has_failed = said("remap", 0) == 2;
  return 0;
}

/* Under the name of drivers before 535; the one after it is missing, as other functions are. */
int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, unsigned long long *bits) {
  CHECKED(device);
  *bits = said("reasons", 1);
  return 0;
}

int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, unsigned *count, void *infos) {
  CHECKED(device);
  if (infos) return NOT_SUPPORTED;
  *count = 3;
  return INSUFFICIENT_SIZE;
}

int nvmlDeviceGetMigMode(void *device, unsigned *current, unsigned *pending) {
  CHECKED(device);
  *current = said("mig", 0) > 0;
  *pending = 0;
  return 0;
}

int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned *count) {
  CHECKED(device);
  *count = 7;
  return 0;
}

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned index, void **instance) {
  CHECKED(device);
  if ((long)index >= said("mig", 0)) return NOT_FOUND;
  *instance = (void *)((long)device + 100 * (index + 1L));
  return 0;
}

int nvmlDeviceGetCurrPcieLinkGeneration(void *device, unsigned *generation) {
  CHECKED(device);
  *generation = 5;
  return 0;
}

int nvmlDeviceGetCurrPcieLinkWidth(void *device, unsigned *width) {
  CHECKED(device);
  *width = 16;
  return 0;
}

int nvmlDeviceGetNvLinkState(void *device, unsigned link, int *is_active) {
  CHECKED(device);
  if (link >= 4) return NOT_SUPPORTED;
  *is_active = link != 2;
  return 0;
}
