// A disk of a few hundred kilobytes, in memory, to be filled to its last byte.
import { execFileSync } from 'node:child_process';

/** Root outside a locked-down container may. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Over a folder that is there. */
export function mountSmallDisk(folder: string, kib: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder]);
}

export function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder]);
}
