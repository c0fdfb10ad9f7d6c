// A package around the training runtime is good for trying the packaged desk, and for nothing else; its name says so.

/** In every such package's file name. */
export const trainingOnlyName = 'training-only';

/**
 * @param {import('../set-up/electron-runtime.mjs').ElectronRuntime} electron
 * @returns {import('electron-builder').Configuration} what differs from electron-builder.yml
 */
export function runtimeConfiguration(electron) {
  if (!electron.trainingOnly) return { electronDist: electron.folder };
  return {
    electronDist: electron.folder,
    electronVersion: electron.version,
    // Nobody downloads it, so time is worth more than size.
    compression: 'store',
    artifactName: `\${name}-${trainingOnlyName}-\${version}-\${os}-\${arch}.\${ext}`,
    deb: { packageName: `firstkey-${trainingOnlyName}` },
  };
}
