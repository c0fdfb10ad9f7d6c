// The rings of tests, from fast to real, and what each needs from the machine. docs/verification.md says what each proves.

/**
 * @typedef {object} Ring
 * @property {string} name also the Vitest project and the folder in `tests/`
 * @property {boolean} windowed opens windows: needs the runtime and a built application
 * @property {import('../set-up/system-packages.mjs').Purpose[]} purposes system packages it needs beyond a window's
 * @property {string | null} notHere why it can't run on this machine at all, or null
 */

const vmNotHere =
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : 'the guest is a Linux x64 machine with this one’s files, so it needs one';

/** @type {Ring[]} */
export const rings = [
  { name: 'unit', windowed: false, purposes: [], notHere: null },
  { name: 'wire', windowed: false, purposes: process.platform === 'linux' ? ['browser'] : [], notHere: null },
  { name: 'walk', windowed: false, purposes: [], notHere: null },
  { name: 'screens', windowed: true, purposes: [], notHere: null },
  { name: 'app', windowed: true, purposes: process.platform === 'linux' ? ['pack', 'typing'] : [], notHere: null },
  { name: 'vm', windowed: false, purposes: ['guest'], notHere: vmNotHere },
];

/** What `--ring` calls the static checks, which come before the rings. */
export const checksName = 'checks';
