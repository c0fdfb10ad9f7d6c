// The script of the pages that talk to a security key, as text for the content host: browsers run it, the twin does not.
// It asks as soon as the page is there, as the service's own page does, and again when the button is pressed.

export const keyScript = `'use strict';
(() => {
  const form = document.querySelector('form[data-key]');
  if (!form) return;
  const { key: kind, options, waiting, stopped, impossible } = form.dataset;
  const state = document.getElementById('key-state');
  const again = document.getElementById('key-again');

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  const text = (buffer) => {
    let binary = '';
    for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  };
  const descriptors = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const fill = (name, value) => {
    form.elements.namedItem(name).value = value;
  };

  const ways = {
    get: {
      async ask(publicKey) {
        const { id, response } = await navigator.credentials.get({
          publicKey: {
            ...publicKey,
            challenge: bytes(publicKey.challenge),
            allowCredentials: descriptors(publicKey.allowCredentials),
          },
        });
        const assertion = {
          id,
          clientDataJSON: text(response.clientDataJSON),
          authenticatorData: text(response.authenticatorData),
          signature: text(response.signature),
          userHandle: response.userHandle ? text(response.userHandle) : null,
        };
        fill('assertion', JSON.stringify(assertion));
      },
      // Nothing to send: the person tries again or takes another way.
      failed: () => false,
    },
    create: {
      async ask(publicKey) {
        const credential = await navigator.credentials.create({
          publicKey: {
            ...publicKey,
            challenge: bytes(publicKey.challenge),
            user: { ...publicKey.user, id: bytes(publicKey.user.id) },
            excludeCredentials: descriptors(publicKey.excludeCredentials),
          },
        });
        const { response } = credential;
        fill('credentialId', text(credential.rawId));
        fill('clientDataJson', text(response.clientDataJSON));
        fill('attestationObject', text(response.attestationObject));
        fill('clientExtensionResults', text(new TextEncoder().encode(JSON.stringify(credential.getClientExtensionResults()))));
        fill('authenticator', credential.authenticatorAttachment ?? '');
        fill('transports', (response.getTransports?.() ?? []).join(','));
      },
      failed(error) {
        fill('error_code', error instanceof DOMException ? error.name : 'UnknownError');
        return true;
      },
    },
  };

  let busy = false;
  const run = async () => {
    if (busy) return;
    busy = true;
    again.setAttribute('aria-disabled', 'true');
    state.textContent = waiting;
    try {
      await ways[kind].ask(JSON.parse(options));
      form.requestSubmit();
      return;
    } catch (error) {
      if (ways[kind].failed(error)) {
        form.requestSubmit();
        return;
      }
    }
    busy = false;
    again.removeAttribute('aria-disabled');
    state.textContent = stopped;
    again.focus();
  };

  if (!window.PublicKeyCredential || !navigator.credentials) {
    state.textContent = impossible;
    again.remove();
    return;
  }
  again.addEventListener('click', () => void run());
  void run();
})();
`;
