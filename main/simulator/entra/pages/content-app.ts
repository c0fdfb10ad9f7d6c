// The content host: the style sheet, the scripts and the fonts of the twin's pages.
import { Hono } from 'hono';
import { keyScript } from '../fido-pages/key-script.ts';
import type { PageFont } from './page-font.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';

const COMMON = {
  'cache-control': 'public, max-age=3600',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
};

export function contentApp(fonts: readonly PageFont[]): Hono {
  const style = pageStyle(fonts, (index) => `font-${index}.woff2`);
  const app = new Hono();
  app.get('/training/page.css', () => new Response(style, { headers: { ...COMMON, 'content-type': 'text/css; charset=utf-8' } }));
  app.get(
    '/training/page.js',
    () => new Response(pageScript, { headers: { ...COMMON, 'content-type': 'text/javascript; charset=utf-8' } }),
  );
  app.get(
    '/training/key.js',
    () => new Response(keyScript, { headers: { ...COMMON, 'content-type': 'text/javascript; charset=utf-8' } }),
  );
  app.get('/training/:file{font-[0-9]+\\.woff2}', (context) => {
    const font = fonts[Number(/\d+/.exec(context.req.param('file'))?.[0])];
    if (!font) return context.notFound();
    return new Response(new Uint8Array(font.bytes), { headers: { ...COMMON, 'content-type': 'font/woff2' } });
  });
  return app;
}
