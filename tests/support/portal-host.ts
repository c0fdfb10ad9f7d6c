// The desk of the application, in its own window and with its own build, in a tenant whose Graph takes no keys from people
// themselves: what Microsoft's documentation says of `/me` in one place and not in another.
import { app } from 'electron';
import { noPolicy } from '../../main/adapters/settings-file/policy/policy-reading.ts';
import { readSettings } from '../../main/adapters/settings-file/read-settings.ts';
import { openDesk } from '../../main/compose/desk.ts';
import { settingsOf } from '../../main/compose/own-settings.ts';
import { beginStartUp } from '../../main/shell/start-up.ts';
import { DEFAULT_POLICY } from '../../main/simulator/entra/tenant-policy.ts';

/** As on a machine where nobody has decided anything. */
const found = readSettings({
  policy: noPolicy,
  file: { name: '', reading: { ok: false, trouble: 'missing' } },
  lastGood: null,
  nowMs: Date.now(),
});
const settings = settingsOf(found);
const startUp = beginStartUp(settings.world);
if (startUp) {
  Object.assign(DEFAULT_POLICY.graph, { selfServiceRegistration: 'methodNotAllowed' });
  void app.whenReady().then(async () => {
    const desk = await openDesk({
      ...startUp,
      settings,
      found,
      buildFolder: process.env['FIRSTKEY_BUILD'] ?? '',
      version: '0',
      careToken: null,
      onReady: () => undefined,
      onTrouble: (trouble) => process.stderr.write(`Firstkey: ${trouble}\n`),
      onBug: (bug) => process.stderr.write(`Firstkey met a bug: ${bug instanceof Error ? bug.stack : typeof bug}\n`),
    });
    desk.shell.onCloseAsked(() => void desk.close().then(() => desk.shell.quit(0)));
  });
}
