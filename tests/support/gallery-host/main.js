// The smallest application that shows the built pages: one window, one scheme, no preload, no network.
import { app, BrowserWindow, protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const pages = app.commandLine.getSwitchValue('pages');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

protocol.registerSchemesAsPrivileged([{ scheme: 'gallery', privileges: { standard: true, secure: true } }]);

void app.whenReady().then(async () => {
  protocol.handle('gallery', async (request) => {
    const file = path.join(pages, path.normalize(new URL(request.url).pathname));
    try {
      return new Response(await readFile(file), {
        headers: { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' },
      });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
  const window = new BrowserWindow({
    width: 1920,
    height: 1080,
    frame: false,
    useContentSize: true,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  await window.loadURL('gallery://pages/gallery.html');
});
