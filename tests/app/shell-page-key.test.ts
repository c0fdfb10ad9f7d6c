// A page's WebAuthn call in the real view: what it finds, who may ask, what comes back, and that it gets nothing else.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreationOptions, MadeCredential } from '../../main/ports/key.ts';
import type { KeyAsk } from '../../main/ports/page.ts';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';
import { softCredential } from '../support/soft-credential.ts';

const host = 'https://login.microsoft.com';
const keyPage = `${host}/t/fido/create`;
const infoPage = 'https://mysignins.microsoft.com/security-info';
const strict = { 'content-security-policy': "default-src 'none'; script-src 'nonce-own'" };

let desk: ShellDesk;
beforeAll(async () => {
  desk = await startShellDesk();
  await desk.until('the first picture', () => desk.host((shell) => shell.ready));
});
afterAll(() => desk.close());
beforeEach(async () => {
  expect(await desk.host((shell) => shell.shell.page.forget())).toEqual([]);
  await desk.host((shell) => {
    shell.facts.length = 0;
    shell.notices.length = 0;
    for (const name of Object.keys(shell.answers)) delete shell.answers[name];
  });
});

/** Opens a page with this script in it, under a policy as strict as Microsoft's. */
const open = async (url: string, script = '', body = '') => {
  const page = { body: `<!doctype html><body>${body}<script nonce="own">${script}</script>`, headers: strict };
  await desk.host((shell, given) => void Object.assign(shell.answers, given), { [`GET ${url}`]: page });
  await desk.host(async ({ shell }, given) => {
    await shell.page.open({ url: given, redirectPrefix: null, language: 'en' });
    shell.page.place({ x: 100, y: 140, width: 800, height: 500 });
  }, url);
};
const inPage = <T>(source: string, gesture = true) =>
  desk.app.evaluate(
    ({ webContents }, { code, withGesture }) => {
      const contents = webContents.getAllWebContents().find((page) => page.getURL().startsWith('https:'));
      return contents?.executeJavaScript(code, withGesture) as Promise<unknown>;
    },
    { code: source, withGesture: gesture },
  ) as Promise<T>;
const asks = () => desk.host((shell) => shell.facts.filter((fact) => fact.type === 'page.keyAsked'));
const untilAsked = async (count = 1): Promise<KeyAsk> => {
  await desk.until('a request for a key', async () => (await asks()).length === count);
  const last = (await asks()).at(-1);
  if (last?.type !== 'page.keyAsked') throw new Error('no request');
  return last.ask;
};
const answer = (ask: KeyAsk, made: MadeCredential) =>
  desk.host(({ shell }, given) => shell.page.answerKey(given.ask, given.made), { ask, made });
const credentialFor = (asked: CreationOptions): MadeCredential => ({
  ...softCredential(asked, new Uint8Array(32).fill(7), '2fc0579f-8113-47ea-b116-bb5a8db9202a'),
  clientExtensionResults: { 'hmac-secret': true },
});
const notices = () => desk.host((shell) => [...shell.notices]);

const options = (change = '') => `{
  rp: { id: 'login.microsoft.com', name: 'Microsoft' },
  user: { id: new Uint8Array([79, 70, 58, 1]), name: 'lina@kiosk.example', displayName: 'Lina' },
  challenge: new TextEncoder().encode('a.b.c.d.e').buffer,
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
  excludeCredentials: [{ type: 'public-key', id: new Uint8Array([1, 2, 3]) }],
  authenticatorSelection: { authenticatorAttachment: 'cross-platform', requireResidentKey: true, userVerification: 'required' },
  extensions: { hmacCreateSecret: true },
  ${change}
}`;
/** Asks, and keeps what became of it in the page. */
const ask = (change = '', before = '', more = '') =>
  inPage<null>(`(() => { ${before}
    window.outcome = null;
    navigator.credentials.create({ publicKey: ${options(change)}, ${more} })
      .then((credential) => { window.credential = credential; window.outcome = 'made'; })
      .catch((error) => { window.outcome = error.name; });
    return null; })()`);
const untilOutcome = async (wanted: string) => {
  await desk.until(`the outcome ${wanted}`, async () => (await inPage('window.outcome', false)) !== null);
  expect(await inPage('window.outcome', false)).toBe(wanted);
};

describe('a page that may add a key', () => {
  it('gets a normal answer from the person’s own key', async () => {
    await open(keyPage);
    await ask();
    const asked = await untilAsked();
    expect((await asks())[0]).toMatchObject({
      options: {
        rp: { id: 'login.microsoft.com', name: 'Microsoft' },
        user: { idB64u: 'T0Y6AQ', name: 'lina@kiosk.example', displayName: 'Lina' },
        challengeB64u: Buffer.from('a.b.c.d.e').toString('base64url'),
        algorithms: [-7, -257],
        excludeCredentialIdsB64u: ['AQID'],
        hmacCreateSecret: true,
        credentialProtection: null,
      },
    });
    const [fact] = await asks();
    if (fact?.type !== 'page.keyAsked') throw new Error('no request');
    const made = credentialFor(fact.options);
    expect(await answer(asked, made)).toBe(true);
    await untilOutcome('made');
    const seen = await inPage<Record<string, unknown>>(`(() => {
      const { credential } = window, { response } = credential;
      const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      return {
        id: credential.id, rawId: text(credential.rawId), type: credential.type,
        kinds: [credential instanceof PublicKeyCredential, credential instanceof Credential,
          response instanceof AuthenticatorAttestationResponse, response instanceof AuthenticatorResponse,
          String(credential), response === credential.response],
        clientData: text(response.clientDataJSON), attestation: text(response.attestationObject),
        data: response.getAuthenticatorData().byteLength > 37, spki: text(response.getPublicKey()),
        alg: response.getPublicKeyAlgorithm(), transports: response.getTransports(),
        extensions: credential.getClientExtensionResults(), json: JSON.parse(JSON.stringify(credential)).response.attestationObject,
      };
    })()`);
    expect(seen).toMatchObject({
      id: made.credentialIdB64u,
      rawId: made.credentialIdB64u,
      type: 'public-key',
      kinds: [true, true, true, true, '[object PublicKeyCredential]', true],
      clientData: made.clientDataJsonB64u,
      attestation: made.attestationObjectB64u,
      data: true,
      alg: -7,
      transports: ['usb'],
      extensions: { hmacCreateSecret: true },
      json: made.attestationObjectB64u,
    });
    const spki = Buffer.from(String(seen['spki']), 'base64url');
    const parsed = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    expect(parsed.type).toBe('public');
    // Once: the same request is not answered again.
    expect(await answer(asked, made)).toBe(false);
  });

  it('asks as soon as it is there, after a press on the page before', async () => {
    await open(infoPage, '', '<button style="position:fixed;inset:0">Next</button>');
    await desk.app.evaluate(({ webContents }) => {
      const contents = webContents.getAllWebContents().find((page) => page.getURL().startsWith('https:'));
      contents?.sendInputEvent({ type: 'mouseDown', x: 50, y: 50, button: 'left', clickCount: 1 });
      contents?.sendInputEvent({ type: 'mouseUp', x: 50, y: 50, button: 'left', clickCount: 1 });
    });
    await open(keyPage, `navigator.credentials.create({ publicKey: ${options()} })`);
    await untilAsked();
  });

  it.each(['InvalidStateError', 'NotAllowedError'] as const)('hears %s', async (failure) => {
    await open(keyPage);
    await ask();
    const asked = await untilAsked();
    await desk.host(({ shell }, given) => shell.page.refuseKey(given.asked, given.failure), { asked, failure });
    await untilOutcome(failure);
  });

  it('takes its request back, by its own signal or by going on', async () => {
    await open(keyPage);
    await ask('', 'window.stop = new AbortController();', 'signal: window.stop.signal');
    await untilAsked();
    await inPage('window.stop.abort()');
    await untilOutcome('AbortError');
    await desk.until('it is withdrawn', () => desk.host(({ facts }) => facts.some(({ type }) => type === 'page.keyWithdrawn')));
    await ask();
    const second = await untilAsked(2);
    await inPage(`void (location = '/t/other')`);
    await desk.until('it is withdrawn too', () =>
      desk.host(({ facts }) => facts.filter(({ type }) => type === 'page.keyWithdrawn').length === 2),
    );
    const fact = (await asks())[1];
    if (fact?.type !== 'page.keyAsked') throw new Error('no request');
    expect(await answer(second, credentialFor(fact.options))).toBe(false);
  });
});

/** As a sign-in page asks. */
const askSignIn = (change = '', more = '', before = '') =>
  inPage<null>(`(() => { ${before}
    window.outcome = null;
    navigator.credentials.get({ publicKey: {
        challenge: new TextEncoder().encode('O.signed').buffer, rpId: 'login.microsoft.com', timeout: 1, userVerification: 'required',
        allowCredentials: [{ type: 'public-key', id: new Uint8Array([1, 2, 3]) }], extensions: { appid: 'https://x' }, ${change}
      }, ${more} })
      .then((credential) => { window.credential = credential; window.outcome = credential === null ? 'nothing' : 'signed'; })
      .catch((error) => { window.outcome = error.name; });
    return null; })()`);
const signInsAsked = () => desk.host((shell) => shell.facts.filter((fact) => fact.type === 'page.signInAsked'));
const untilSignInAsked = async (): Promise<KeyAsk> => {
  await desk.until('a request for a sign-in', async () => (await signInsAsked()).length > 0);
  const last = (await signInsAsked()).at(-1);
  if (last?.type !== 'page.signInAsked') throw new Error('no request');
  return last.ask;
};
const signedIn = {
  credentialIdB64u: 'AQID',
  clientDataJsonB64u: 'e30',
  authenticatorDataB64u: 'BAUG',
  signatureB64u: 'BwgJ',
  userHandleB64u: 'T0Y6',
};

describe('a page that signs in', () => {
  it('gets the key’s answer as from a browser', async () => {
    await open(keyPage);
    await askSignIn();
    const asked = await untilSignInAsked();
    expect((await signInsAsked())[0]).toMatchObject({
      request: { challengeB64u: Buffer.from('O.signed').toString('base64url'), allowCredentialIdsB64u: ['AQID'] },
    });
    const given = { asked, signedIn };
    expect(await desk.host(({ shell }, each) => shell.page.answerSignIn(each.asked, each.signedIn), given)).toBe(true);
    await untilOutcome('signed');
    const seen = await inPage<Record<string, unknown>>(`(() => {
      const { credential } = window, { response } = credential;
      const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      return {
        id: credential.id, rawId: text(credential.rawId), type: credential.type, attachment: credential.authenticatorAttachment,
        kinds: [credential instanceof PublicKeyCredential, response instanceof AuthenticatorAssertionResponse,
          response instanceof AuthenticatorAttestationResponse, String(response), response === credential.response],
        clientData: text(response.clientDataJSON), data: text(response.authenticatorData), signature: text(response.signature),
        userHandle: text(response.userHandle), extensions: credential.getClientExtensionResults(),
        json: JSON.parse(JSON.stringify(credential)).response,
      };
    })()`);
    expect(seen).toEqual({
      id: 'AQID',
      rawId: 'AQID',
      type: 'public-key',
      attachment: 'cross-platform',
      kinds: [true, true, false, '[object AuthenticatorAssertionResponse]', true],
      clientData: 'e30',
      data: 'BAUG',
      signature: 'BwgJ',
      userHandle: 'T0Y6',
      extensions: {},
      json: { clientDataJSON: 'e30', authenticatorData: 'BAUG', signature: 'BwgJ', userHandle: 'T0Y6' },
    });
    expect(await desk.host(({ shell }, each) => shell.page.answerSignIn(each.asked, each.signedIn), given)).toBe(false);
  });

  it('takes its request back by its own signal, and asks again', async () => {
    await open(keyPage);
    await askSignIn('', 'signal: window.stop.signal', 'window.stop = new AbortController();');
    await untilSignInAsked();
    await inPage('window.stop.abort()');
    await untilOutcome('AbortError');
    await desk.until('it is withdrawn', () => desk.host(({ facts }) => facts.some(({ type }) => type === 'page.keyWithdrawn')));
    await askSignIn('allowCredentials: undefined');
    await desk.until('a second request', async () => (await signInsAsked()).length === 2);
    expect((await signInsAsked())[1]).toMatchObject({ request: { allowCredentialIdsB64u: [] } });
  });

  it('waits beside nothing else: a new key while it waits is refused', async () => {
    await open(keyPage);
    await askSignIn();
    await untilSignInAsked();
    await ask();
    await untilOutcome('OperationError');
    expect(await asks()).toEqual([]);
  });
});

describe('everybody else finds no key', () => {
  it('on another host: offered where it leads there, absent elsewhere, refused on both', async () => {
    await open(infoPage);
    expect(await inPage('typeof PublicKeyCredential')).toBe('function');
    expect(await inPage('PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()')).toBe(false);
    expect(await inPage('PublicKeyCredential.isConditionalMediationAvailable()')).toBe(false);
    await ask();
    await untilOutcome('NotAllowedError');
    expect(await notices()).toContainEqual({ notice: 'door.refused', door: 'page', because: 'foreignSender' });
    await open('https://login.microsoftonline.com/t/oauth2/v2.0/authorize');
    expect(await inPage('typeof PublicKeyCredential')).toBe('undefined');
    await ask();
    await untilOutcome('NotAllowedError');
    expect(await asks()).toEqual([]);
  });

  it('in a frame, even of the same host', async () => {
    const inner = `${host}/t/inner`;
    const frame = { headers: {}, body: '<!doctype html><p>inner' };
    await desk.host((shell, given) => void Object.assign(shell.answers, given), { [`GET ${inner}`]: frame });
    await desk.host((shell, given) => void Object.assign(shell.answers, given), {
      [`GET ${keyPage}`]: { body: `<!doctype html><iframe id="inner" src="${inner}"></iframe>` },
    });
    await desk.host(({ shell }, url) => shell.page.open({ url, redirectPrefix: null, language: 'en' }), keyPage);
    await inPage(`(() => { window.outcome = null;
      document.getElementById('inner').contentWindow.navigator.credentials.create({ publicKey: ${options()} })
        .then(() => { window.outcome = 'made'; }).catch((error) => { window.outcome = error.name; }); return null; })()`);
    await untilOutcome('NotAllowedError');
    expect(await asks()).toEqual([]);
  });

  it.each([
    ['another relying party', `rp: { id: 'evil.example', name: 'x' }`, 'SecurityError'],
    ['a wider relying party', `rp: { id: 'microsoft.com', name: 'x' }`, 'NotAllowedError'],
    ['no verification', `authenticatorSelection: { userVerification: 'discouraged' }`, 'NotAllowedError'],
    [
      'a built-in key',
      `authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' }`,
      'NotAllowedError',
    ],
    ['no algorithm there is', `pubKeyCredParams: [{ type: 'public-key', alg: -65535 }]`, 'NotSupportedError'],
    ['a challenge without end', 'challenge: new Uint8Array(200_000)', 'NotAllowedError'],
    ['no options at all', 'user: null', 'TypeError'],
  ])('asking for %s', async (_what, change, name) => {
    await open(keyPage);
    await ask(change);
    await untilOutcome(name);
    expect(await asks()).toEqual([]);
  });

  it('without a press', async () => {
    await open(
      keyPage,
      `window.outcome = null; navigator.credentials.create({ publicKey: ${options()} })
      .then(() => { window.outcome = 'made'; }).catch((error) => { window.outcome = error.name; })`,
    );
    await untilOutcome('NotAllowedError');
    expect(await asks()).toEqual([]);
  });

  it('asking for a sign-in on another host, by a form’s own fields, or without asking anybody', async () => {
    await open(infoPage);
    await askSignIn();
    await untilOutcome('NotAllowedError');
    await open(keyPage);
    await askSignIn('', `mediation: 'conditional'`);
    await untilOutcome('TypeError');
    await askSignIn('', `mediation: 'silent'`);
    await untilOutcome('nothing');
    await askSignIn(`rpId: 'evil.example'`);
    await untilOutcome('SecurityError');
    await askSignIn('allowCredentials: [{ type: "smart-card", id: new Uint8Array(3) }]');
    await untilOutcome('NotAllowedError');
    expect(await signInsAsked()).toEqual([]);
  });
});

it('a hostile page gets no second request, no larger one, and nothing of the desk', async () => {
  await open(keyPage);
  await ask();
  const first = await untilAsked();
  await ask();
  await untilOutcome('OperationError');
  await desk.host(({ shell }, given) => shell.page.refuseKey(given, 'NotAllowedError'), first);
  // The page has bent its own tools: what reaches the door is still only a text, and is read as one.
  for (const bent of [`() => 'x'.repeat(2_000_000)`, `() => '{"rp":{}}'`, '() => ({ toString() { throw 1 } })', '() => 7']) {
    await ask('', `window.honest ??= JSON.stringify; JSON.stringify = ${bent};`);
    await untilOutcome('NotAllowedError');
  }
  await inPage('void (JSON.stringify = window.honest)');
  expect(await asks()).toHaveLength(1);
  expect(await notices()).toContainEqual({ notice: 'door.refused', door: 'page', because: 'unreadable' });
  expect(await inPage('[typeof firstkey, typeof require, typeof process, typeof ipcRenderer].join()')).toBe(
    'undefined,undefined,undefined,undefined',
  );
});
