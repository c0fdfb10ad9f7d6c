// What a reader has to know of the machine to judge the figures.

import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** @returns {{ at: string, platform: string, processors: number, model: string, memoryMB: number, loadAverage: number[] }} now; the load of 1, 5 and 15 minutes */
export function machineNow() {
  return {
    at: new Date().toISOString(),
    platform: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryMB: Math.round(totalmem() / 1e6),
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}
