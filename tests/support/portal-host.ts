// The desk of the application, in its own window and with its own build, in a tenant whose Graph takes no keys from people
// themselves: what Microsoft's documentation says of `/me` in one place and not in another.
import { app } from 'electron';
import { readSettings } from '../../main/adapters/settings-file/read-settings.ts';
import { openDesk } from '../../main/compose/desk.ts';
import { beginStartUp } from '../../main/shell/start-up.ts';
import { DEFAULT_POLICY } from '../../main/simulator/entra/tenant-policy.ts';

const { settings } = readSettings({ path: null });
const startUp = beginStartUp(settings.world);
if (startUp) {
  Object.assign(DEFAULT_POLICY.graph, { selfServiceRegistration: 'methodNotAllowed' });
  void app.whenReady().then(async () => {
    const desk = await openDesk({
      ...startUp,
      settings,
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
