// The least that an Electron application can be: one window, one static page. It says when its first picture stood, told in the
// way the desk tells its own, so that the two lines can be compared.

import { app, BrowserWindow } from 'electron';
import path from 'node:path';

// W3C Paint Timing: the first frame that holds text or a picture.
const whenDrawn = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length > 0) resolve(true);
  }).observe({ type: 'paint', buffered: true });
})`;

app.setPath('userData', app.commandLine.getSwitchValue('profile'));

// Not awaited: the main module has to be evaluated before Electron becomes ready.
void app.whenReady().then(async () => {
  const [width = 0, height = 0] = app.commandLine.getSwitchValue('frame').split('x').map(Number);
  const window = new BrowserWindow({ x: 0, y: 0, width, height, frame: false, backgroundColor: '#083A40' });
  await window.loadFile(path.join(import.meta.dirname, 'index.html'));
  await window.webContents.executeJavaScript(whenDrawn);
  process.stdout.write(`${JSON.stringify({ window: 'ready' })}\n`);
});
