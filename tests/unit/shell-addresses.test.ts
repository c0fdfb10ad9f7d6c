import fc from 'fast-check';
import { clouds } from '../../contract/clouds.ts';
import { describe, expect, it } from 'vitest';
import { answersTo, hostOf, isOnHosts } from '../../main/shell/address.ts';
import { placeOfDocument, placeOfRequest } from '../../main/shell/sign-in/page-places.ts';
import { pageScript, wordsIn } from '../../main/shell/sign-in/page-words.ts';
import { documentHeaderLists, documentHeaders, mayRequest, mayShow } from '../../main/shell/sign-in/sign-in-gate.ts';
import { publicCloudHosts, signInHosts } from '../../main/shell/sign-in-site.ts';

const hosts = ['login.microsoftonline.com', '*.msauth.net'];

describe('hosts', () => {
  it.each([
    'https://login.microsoftonline.com/',
    'https://LOGIN.MicrosoftOnline.com/x?y#z',
    'https://login.microsoftonline.com:443/',
    'https://aadcdn.msauth.net/x.js',
    'https://a.b.msauth.net/',
  ])('%s is on the list', (url) => expect(isOnHosts(url, hosts)).toBe(true));

  it.each([
    'http://login.microsoftonline.com/',
    'https://login.microsoftonline.com:444/',
    'https://login.microsoftonline.com./',
    'https://login.microsoftonline.com.evil.example/',
    'https://login.microsoftonline.com@evil.example/',
    'https://user@login.microsoftonline.com/',
    'https://user:pass@login.microsoftonline.com/',
    'https://evil.example/?https://login.microsoftonline.com/',
    'https://evil.example\\@login.microsoftonline.com/',
    'https://xlogin.microsoftonline.com/',
    'https://msauth.net/',
    'https://xmsauth.net/',
    'https://lоgin.microsoftonline.com/',
    '//login.microsoftonline.com/',
    'wss://login.microsoftonline.com/',
    'blob:https://login.microsoftonline.com/x',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
    'file:///etc/passwd',
    '',
  ])('%s is not', (url) => expect(isOnHosts(url, hosts)).toBe(false));

  it('agrees with the URL parser on everything, however it is written', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ validSchemes: ['https', 'http', 'wss'], withQueryParameters: true }),
        fc.constantFrom('', 'login.microsoftonline.com', '@login.microsoftonline.com'),
        (url, tail) => {
          const text = `${url}${tail}`;
          if (!isOnHosts(text, hosts)) return;
          const { protocol, hostname, port, username } = new URL(text);
          expect([protocol, port, username]).toEqual(['https:', '', '']);
          expect(hostname === 'login.microsoftonline.com' || hostname.endsWith('.msauth.net')).toBe(true);
        },
      ),
    );
  });

  it('names the host and nothing else of an address', () => {
    expect(hostOf('https://user:pass@evil.example:8443/path?code=SECRET#x')).toBe('evil.example');
    expect(hostOf('mailto:a@b.example')).toBeNull();
    expect(hostOf('no address')).toBeNull();
  });

  it('lets documents come from fewer hosts than what is in them', () => {
    expect(mayRequest(publicCloudHosts, 'https://aadcdn.msftauth.net/x.js', false)).toBe(true);
    expect(mayRequest(publicCloudHosts, 'https://aadcdn.msftauth.net/x.html', true)).toBe(false);
    expect(mayRequest(publicCloudHosts, 'https://login.live.com/Me.htm', true)).toBe(false);
    expect(mayRequest(publicCloudHosts, 'https://passwordreset.microsoftonline.com/', true)).toBe(false);
  });

  it.each(['global', 'usGovL4', 'usGovL5', 'china'] as const)(
    'lets the view of the cloud %s go where its sign-in is',
    (cloud) => {
      const { authorityHost, securityInfoUrl } = clouds[cloud];
      const ofCloud = signInHosts({ cloud, authorityHost, securityInfoUrl, interruptPages: [] });
      expect(mayRequest(ofCloud, `https://${authorityHost}/common/oauth2/nativeclient`, true)).toBe(true);
      expect(mayRequest(ofCloud, securityInfoUrl, true)).toBe(true);
      expect(mayRequest(ofCloud, 'https://login.live.com/', true)).toBe(false);
      expect(ofCloud.documents).toHaveLength(new Set(ofCloud.documents).size);
    },
  );

  it('lets the view go where an administrator said, and nowhere else beside', () => {
    const given = {
      cloud: 'global',
      authorityHost: 'login.sovereign.example',
      securityInfoUrl: 'https://me.sovereign.example/x',
      interruptPages: ['https://more.sovereign.example/register'],
    } as const;
    expect(signInHosts(given).documents).toEqual([
      ...publicCloudHosts.documents,
      'login.sovereign.example',
      'me.sovereign.example',
      'more.sovereign.example',
    ]);
    expect(signInHosts(given).content).toEqual(publicCloudHosts.content);
  });
});

describe('the answer of a sign-in', () => {
  it.each([
    [
      'https://login.microsoftonline.com/common/oauth2/nativeclient?code=x',
      'https://login.microsoftonline.com/common/oauth2/nativeclient',
    ],
    ['http://localhost/?code=x', 'http://localhost'],
    ['http://localhost:4000/?error=x', 'http://localhost:4000/'],
    ['msal00000000-0000-0000-0000-000000000000://auth?code=x', 'msal00000000-0000-0000-0000-000000000000://auth'],
  ])('%s answers to %s', (url, redirect) => expect(answersTo(url, redirect)).toBe(true));

  it.each([
    ['http://localhost.evil.example/?code=x', 'http://localhost'],
    ['http://localhost:4001/?code=x', 'http://localhost:4000'],
    ['https://localhost/?code=x', 'http://localhost'],
    ['http://user@localhost/?code=x', 'http://localhost'],
    [
      'https://login.microsoftonline.com/common/oauth2/nativeclientx?code=x',
      'https://login.microsoftonline.com/common/oauth2/nativeclient',
    ],
    [
      'https://login.microsoftonline.com/?x=https://login.microsoftonline.com/common/oauth2/nativeclient',
      'https://login.microsoftonline.com/common/oauth2/nativeclient',
    ],
    ['nonsense', 'http://localhost'],
  ])('%s does not answer to %s', (url, redirect) => expect(answersTo(url, redirect)).toBe(false));
});

describe('places', () => {
  const standing = { refused: false, interruptPages: publicCloudHosts.interruptPages };
  const login = 'https://login.microsoftonline.com';
  it.each([
    ['GET', `${login}/t/oauth2/v2.0/authorize?x=y`, 'name'],
    ['GET', `${login}/t/login/name?ctx=1`, 'name'],
    ['GET', `${login}/t/login/pass?ctx=1`, 'pass'],
    ['GET', `${login}/t/login/approve?ctx=1`, 'approve'],
    ['POST', `${login}/t/login`, 'stay'],
    ['GET', `${login}/t/login`, null],
    ['GET', `${login}/kmsi?ctx=1`, 'stay'],
    ['POST', `${login}/common/appverify`, 'approve'],
    ['POST', `${login}/common/SAS/ProcessAuth`, 'stay'],
    ['GET', 'https://login.microsoftonline.com/kestrel/login/proofup', 'moreAsked'],
    ['GET', 'https://mysignins.microsoft.com/register', 'moreAsked'],
    ['GET', 'https://mysignins.microsoft.com/register?csrf_token=x&authMethods=y', 'moreAsked'],
    ['GET', 'https://mysignins.microsoft.com/Register/', 'moreAsked'],
    ['GET', 'https://mysignins.microsoft.com/registered', null],
    ['GET', 'https://mysignins.microsoft.com.evil.example/register', null],
    ['GET', `${login}/t/login/key?ctx=1`, 'key'],
    ['POST', 'https://login.microsoft.com/t/fido/get?uiflavor=Web&mkt=en', 'key'],
    ['POST', 'https://login.microsoft.com/t/fido/create?mkt=en', 'addingWay'],
    ['GET', `${login}/t/login/choose?ctx=1`, 'choose'],
    ['GET', `${login}/t/login/password?ctx=1`, 'password'],
    ['GET', `${login}/t/login/elsewhere?ctx=1`, 'elsewhere'],
    ['GET', 'https://mysignins.microsoft.com/security-info', 'securityInfo'],
    ['GET', 'https://mysignins.microsoft.com/security-info/add', 'addingWay'],
    ['GET', 'https://mysignins.microsoft.com/security-information', null],
    ['GET', 'https://evil.example/t/login/pass', null],
    ['GET', `${login}/t/other`, null],
    ['GET', 'nonsense', null],
  ])('%s %s is %s', (method, url, place) => expect(placeOfDocument({ method, url }, standing)).toBe(place));

  it('stays at the pass when the pass was refused', () => {
    const refused = { ...standing, refused: true };
    expect(placeOfDocument({ method: 'POST', url: `${login}/t/login` }, refused)).toBe('pass');
    expect(placeOfDocument({ method: 'GET', url: `${login}/t/login/pass` }, refused)).toBe('pass');
  });

  it('knows the pages that ask for more where the settings say they are', () => {
    const elsewhere = { refused: false, interruptPages: ['https://account.sovereign.example/proofup.aspx'] };
    const url = 'https://account.sovereign.example/Proofup.aspx?proofup=1';
    expect(placeOfDocument({ method: 'GET', url }, elsewhere)).toBe('moreAsked');
    expect(placeOfDocument({ method: 'GET', url }, standing)).toBeNull();
    expect(placeOfDocument({ method: 'GET', url: 'https://mysignins.microsoft.com/register' }, elsewhere)).toBeNull();
  });

  it.each([
    ['POST', `${login}/common/GetCredentialType?mkt=en`, 'pass'],
    ['POST', `${login}/common/SAS/BeginAuth`, 'approve'],
    ['GET', `${login}/common/GetCredentialType`, null],
    ['GET', `${login}/kmsi`, null],
  ])('a request in passing, %s %s, tells %s', (method, url, place) => expect(placeOfRequest({ method, url })).toBe(place));
});

describe('what a page says of itself', () => {
  // The script reads one property of one object; here it is given that object.
  const read = (text: string): unknown =>
    new Function('document', `return ${pageScript}`)({ documentElement: { textContent: text } });

  it.each([
    ['AADSTS130503: Your pass is wrong.', 130503],
    ['$Config={"sErrorCode":"50126","x":1}', 50126],
    ['Error number: AADSTS50034', 50034],
    ['$Config={"sErrorCode":""}', null],
    ['AADSTS1', null],
    ['AADSTS123456789', null],
    ['AADSTS', null],
    ['', null],
  ])('in %s is the number %s', (text, wanted) => expect(wordsIn(read(text)).aadsts).toBe(wanted));

  it.each([
    ['$Config={"sFT":"x","pgid":"ConvergedProofUpRedirect","sCtx":"y"};', true],
    ['$Config={"pgid":"KmsiInterrupt"};', false],
    ['Write ConvergedProofUpRedirect here', false],
  ])('in %s it asks for more: %s', (text, wanted) => expect(wordsIn(read(text)).asksForMore).toBe(wanted));

  it.each([
    [undefined],
    ['130503'],
    [{}],
    [['130503', 'true']],
    [[1.5, 1]],
    [[-1, {}]],
    [[Number.NaN, null]],
    [[1e12]],
    [Symbol('tooLate')],
  ])('is not believed when the page gives %s', (given) => expect(wordsIn(given)).toEqual({ aadsts: null, asksForMore: false }));
});

describe('documents', () => {
  it.each([
    [200, 'text/html', true],
    [200, 'text/html; charset=utf-8', true],
    [400, 'TEXT/HTML;charset=x', true],
    [302, null, true],
    [204, null, true],
    [200, null, false],
    [200, 'application/pdf', false],
    [200, 'application/xhtml+xml', false],
    [200, 'image/svg+xml', false],
    [200, 'text/plain', false],
    [200, 'text/html-not', false],
    [200, 'multipart/related', false],
  ])('%s %s: %s', (status, type, shown) => expect(mayShow(status, type)).toBe(shown));

  it('keep the policies they came with and get the desk’s beside them', () => {
    const headers = documentHeaders(new Headers({ 'content-security-policy': "default-src 'self'", 'x-frame-options': 'DENY' }));
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self', sandbox allow-scripts allow-forms allow-same-origin",
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(documentHeaderLists({ 'content-security-policy': ["default-src 'self'"], Other: ['x'] })).toEqual({
      'content-security-policy': ["default-src 'self'", 'sandbox allow-scripts allow-forms allow-same-origin'],
      Other: ['x'],
      'Permissions-Policy': ['publickey-credentials-create=(), publickey-credentials-get=()'],
    });
  });
});
