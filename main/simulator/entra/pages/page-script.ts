// The one script of the twin's pages, as text for the content host: browsers run it, the twin does not. The pages work
// without it; with it, a pass can be shown, phones are waited for, and a form is sent once however often it is pressed.

export const pageScript = `'use strict';
(() => {
  const POLL_MS = 1000;

  for (const toggle of document.querySelectorAll('[data-reveals]')) {
    const field = document.getElementById(toggle.dataset.reveals);
    toggle.checked = false;
    toggle.addEventListener('change', () => {
      field.type = toggle.checked ? 'text' : 'password';
      field.focus();
    });
  }

  for (const form of document.forms) {
    let sent = false;
    form.addEventListener('submit', (event) => {
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
    });
  }
  // A page that comes back out of the history must be usable again.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  const itself = document.querySelector('form[data-send-itself]');
  if (itself) itself.requestSubmit();

  // Asks how the phone is doing; the server answers "pending" until something happened.
  const poll = async (element, onChange) => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      try {
        const response = await fetch(element.dataset.poll, { cache: 'no-store' });
        if (!response.ok) continue;
        const { state } = await response.json();
        if (state !== 'pending') return onChange(state);
      } catch {
        // The network hiccuped; the next round asks again.
      }
    }
  };

  const waitingForm = document.querySelector('form[data-poll]');
  if (waitingForm) void poll(waitingForm, () => waitingForm.requestSubmit());

  // A page where the person goes on by hand: say that the phone did its part, and put the finger on the button.
  const status = document.querySelector('[data-poll-status]');
  if (status) {
    void poll({ dataset: { poll: status.dataset.pollStatus } }, (state) => {
      const form = status.closest('form');
      if (state !== status.dataset.good) return form.requestSubmit();
      status.textContent = status.dataset.goodText;
      form.querySelector('button:not(.second)').focus();
    });
  }
})();
`;
