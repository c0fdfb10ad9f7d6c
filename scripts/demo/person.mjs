// The scripted person: reads the screen, presses what it asks for, types, plugs, touches, scans. Knows no more than
// somebody who stands there with a slip, a key and a phone. Goes through the whole journey, or step by step.

/** @typedef {import('./desk-in-hand.mjs').DeskInHand} DeskInHand */

export class Person {
  #desk;
  #story;
  #language;
  #label;
  #show;
  #note;
  #pin;
  #typePin;

  /**
   * @param {object} parts
   * @param {DeskInHand} parts.desk
   * @param {import('./stories.mjs').Story} parts.story
   * @param {string} parts.language
   * @param {(id: string) => string} parts.label the words on the desk's buttons
   * @param {(name: string, text: string) => Promise<void>} parts.show keeps a picture of what is on the screen
   * @param {(name: string) => void} parts.note says what is being done, in case it fails
   * @param {string} [parts.pin] what they choose
   * @param {(pin: string) => Promise<void>} [parts.typePin] how they type it; on the desk's own pad unless this says otherwise
   */
  constructor({ desk, story, language, label, show, note, pin = '836194', typePin }) {
    this.#desk = desk;
    this.#story = story;
    this.#language = language;
    this.#label = label;
    this.#show = show;
    this.#note = note;
    this.#pin = pin;
    this.#typePin = typePin ?? ((typed) => this.#typeOnPad(typed));
  }

  /** From the attract screen back to it. @returns {Promise<import('../../contract/practice.ts').PracticeLedger>} */
  async goThrough() {
    const desk = this.#desk;
    await this.arrive();
    await this.start();
    await this.plan();
    if (this.#phoneFirst) await this.#phoneFirstStop();
    await this.signIn();
    await this.#setUpKey(this.#story.key, true);
    if (this.#story.spare !== null) {
      await this.press('works.addSecond');
      await desk.hands({ type: 'key.takeOut', keyId: this.#story.key });
      await this.#setUpKey(this.#story.spare, false);
    }
    if (this.#withPhone && !this.#phoneFirst) await this.#setUpPhone();
    else await this.press('works.next');
    return this.leave();
  }

  /** Stands before the waiting desk with a new slip, and chooses a language. */
  async arrive() {
    const desk = this.#desk;
    await desk.until(['attract']);
    await desk.hands({ type: 'person.next', pass: this.#story.pass });
    if (this.#language !== 'en') {
      await (await desk.page('kiosk')).locator(`button[lang="${this.#language}"]`).click();
      await desk.until(['attract'], ({ look }) => look.language === this.#language);
    }
    await this.#show('attract', 'The desk waits.');
  }

  async start() {
    await this.press('attract.start');
    await this.#desk.until(['plan']);
  }

  get #withPhone() {
    return this.#story.devices.some((device) => device === 'iphone' || device === 'android');
  }

  get #phoneFirst() {
    return this.#withPhone && this.#story.pass === 'once';
  }

  /** Presses the button with these words on it. @param {string} words id of the words, as in renderer/words */
  async press(words) {
    this.#note(`pressing “${this.#label(words)}”`);
    const kiosk = await this.#desk.page('kiosk');
    await kiosk
      .getByRole('button', { name: this.#label(words), exact: true })
      .first()
      .click({ timeout: 20_000 });
  }

  /** Chooses a card. @param {string} value */
  async #choose(value) {
    this.#note(`choosing ${value}`);
    const kiosk = await this.#desk.page('kiosk');
    await kiosk.locator(`input[value="${value}"]`).click({ timeout: 20_000 });
  }

  /** Answers both questions and goes on. */
  async plan() {
    for (const device of this.#story.devices) await this.#choose(device);
    await this.#choose(this.#story.pass);
    await this.#desk.until(
      ['plan'],
      ({ screen }) =>
        screen.kind === 'plan' && screen.devices.length === this.#story.devices.length && screen.passUse === this.#story.pass,
    );
    await this.#show('plan', 'Two questions, and the route that follows from the answers.');
    await this.press('plan.next');
  }

  async #phoneFirstStop() {
    const desk = this.#desk;
    await desk.until(['phoneFirst']);
    await this.#show('phone-first', 'A one-time pass can be used once, so it is used where it opens most: on the phone.');
    await desk.hands({ type: 'phone.installApp' });
    await desk.hands({ type: 'phone.addAccount' });
    const { slip } = await desk.practice();
    await desk.hands({ type: 'phone.signIn', userName: slip.userName, pass: slip.pass });
    await desk.untilPractice(
      ({ phone }) => phone.app && phone.accounts.some((account) => account.phoneSignIn),
      'phone sign-in on the phone',
    );
    await this.#show('phone-first-on', 'The phone has taken the pass and turned phone sign-in on.');
    await this.press('phoneFirst.ready');
  }

  /** On Microsoft's page, with the pass or the phone. */
  async signIn() {
    const desk = this.#desk;
    await desk.until(['signIn'], ({ host }) => host?.state === 'verified');
    const page = await desk.page('login.microsoftonline.com');
    const { slip } = await desk.practice();
    await page.locator('input[name="loginfmt"]').waitFor();
    await this.#show('sign-in', 'Microsoft’s own page, under the address the desk verified.');
    await page.locator('input[name="loginfmt"]').fill(slip.userName);
    await page.locator('button[type="submit"], input[type="submit"]').first().click();
    if (this.#phoneFirst) {
      await this.#approveOnPhone(page);
    } else {
      const field = page.locator('input[name="accesspass"]');
      await field.waitFor();
      if (this.#story.wrongPassFirst) {
        await field.fill('WRONG-PASS');
        await page.locator('button[type="submit"], input[type="submit"]').first().click();
        await desk.until(['signIn'], ({ screen }) => screen.kind === 'signIn' && screen.notice !== null);
        await this.#show('sign-in-wrong', 'A mistyped pass: the page says so, and the desk says what to do.');
      }
      await field.fill(slip.pass);
      await this.#show('sign-in-pass', 'The pass from the slip.');
      await page.locator('button[type="submit"], input[type="submit"]').first().click();
    }
    await page.locator('[name="LoginOptions"]').first().waitFor({ state: 'attached' });
    await this.#show('sign-in-stay', '“Stay signed in?” Both answers are fine.');
    await page.locator('button[name="LoginOptions"], button[type="submit"]').first().click();
    await desk.until(['insertKey', 'checkingKey', 'keyReady']);
  }

  /** @param {import('@playwright/test').Page} page */
  async #approveOnPhone(page) {
    const desk = this.#desk;
    const shown = page.locator('.number');
    await shown.waitFor();
    const number = ((await shown.textContent()) ?? '').trim();
    await desk.untilPractice(({ phone }) => phone.app && phone.screen === 'approve', 'the request on the phone');
    await this.#show('sign-in-approve', 'The number on the page is typed on the phone.');
    await desk.hands({ type: 'phone.answerNumber', number });
  }

  /** @param {string} keyId @param {boolean} first */
  async #setUpKey(keyId, first) {
    await this.plugIn(keyId, first);
    if (first) {
      await this.#typeOnPad('123456');
      await this.#desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.notice !== null);
      await this.#show('pin-refused', 'A PIN that is tried first is refused before it reaches the key.');
      for (let count = 0; count < 6; count += 1) await this.press('keyboard.delete');
    }
    await this.choosePin(first);
    await this.touchTwice(keyId, first);
  }

  /** From the desk's asking for a key to its asking for a PIN. @param {string} keyId @param {boolean} [first] */
  async plugIn(keyId, first = true) {
    const desk = this.#desk;
    await desk.until(['insertKey']);
    await this.#show(`insert${suffixOf(first)}`, 'The desk asks for the key.');
    await desk.untilPractice(({ keys }) => keys.length > 0, 'the tray of keys');
    await desk.hands({ type: 'key.plugIn', keyId });
    await desk.until(['keyReady']);
    await this.#show(`key-checked${suffixOf(first)}`, 'The desk has looked at the key: Entra can use it, and it has no PIN yet.');
    await this.press('keyReady.next.none');
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ask === 'choose');
  }

  /** Types the PIN, and once more. @param {boolean} [first] */
  async choosePin(first = true) {
    const desk = this.#desk;
    await this.#typePin(this.#pin);
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ready);
    await this.#show(`pin${suffixOf(first)}`, 'The PIN stands in the key; the page knows only how many digits there are.');
    await this.press('pin.next');
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ask === 'again');
    await this.#typePin(this.#pin);
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ready);
    await this.press('pin.next');
  }

  /** Types the PIN of a key that has one. */
  async enterPin() {
    const desk = this.#desk;
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ask === 'enter');
    await this.#typePin(this.#pin);
    await desk.until(['pin'], ({ screen }) => screen.kind === 'pin' && screen.ready);
    await this.press('pin.next');
  }

  /** Makes the passkey with one touch and proves it with another. @param {string} keyId @param {boolean} [first] */
  async touchTwice(keyId, first = true) {
    const suffix = suffixOf(first);
    await this.#touch(keyId, 'make', `touch${suffix}`, 'The key blinks, the room goes dark: touch now.');
    await this.#touch(keyId, 'prove', `prove${suffix}`, 'Saved. The desk wants to see it work once.');
    await this.#desk.until(['works']);
    await this.#show(`works${suffix}`, 'The new key has passed its test.');
  }

  /** @param {string} digits */
  async #typeOnPad(digits) {
    const kiosk = await this.#desk.page('kiosk');
    for (const digit of digits) await kiosk.getByRole('button', { name: digit, exact: true }).click({ timeout: 20_000 });
  }

  /** @param {string} keyId @param {'make' | 'prove'} purpose @param {string} name @param {string} text */
  async #touch(keyId, purpose, name, text) {
    const desk = this.#desk;
    await desk.until(
      ['touch'],
      ({ screen }) => screen.kind === 'touch' && screen.purpose === purpose && screen.state === 'waiting',
    );
    await this.#show(name, text);
    await desk.untilPractice(({ keys }) => keys.some((key) => key.id === keyId && key.state === 'blinking'), 'the key to blink');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });
    await desk.until(
      ['touch', 'saving', 'works'],
      ({ screen }) => screen.kind !== 'touch' || screen.purpose !== purpose || screen.state !== 'waiting',
    );
  }

  async #setUpPhone() {
    const desk = this.#desk;
    await this.press('works.nextPhone');
    await desk.until(['phone'], ({ host }) => host?.state === 'verified');
    const page = await desk.page('mysignins.microsoft.com');
    await page.locator('h1').first().waitFor();
    await this.#show('phone', 'My Security Info, in the same sign-in.');
    await desk.hands({ type: 'phone.installApp' });
    await this.#toQrCode(page);
    await this.#show('phone-code', 'The code that the phone’s camera looks at.');
    await desk.hands({ type: 'phone.scan' });
    await desk.untilPractice(({ phone }) => phone.app && phone.accounts.length > 0, 'the account on the phone');
    await page.locator('button[type="submit"]:not(.second)').click();
    await this.#tryOut(page);
    await desk.until(['phone', 'done'], ({ screen }) => screen.kind !== 'phone' || screen.registered === 'done');
    await this.#show('phone-registered', 'The desk saw by itself that the phone is registered.');
    const { slip } = await desk.practice();
    await desk.hands({ type: 'phone.home' });
    await desk.hands({ type: 'phone.turnOnSignIn', userName: slip.userName });
    const asked = await desk.practice();
    if (asked.phone.app && asked.phone.form !== null)
      await desk.hands({ type: 'phone.signIn', userName: slip.userName, pass: slip.pass });
    await desk.untilPractice(
      ({ phone }) => phone.app && phone.accounts.some((account) => account.phoneSignIn),
      'phone sign-in on the phone',
    );
  }

  /** Presses on until the page shows its QR code. @param {import('@playwright/test').Page} page */
  async #toQrCode(page) {
    for (let step = 0; step < 6; step += 1) {
      if ((await page.locator('svg.qr').count()) > 0) return;
      const address = page.url();
      await page
        .locator('a.button:not(.second), button[value="authenticator"], button[type="submit"]:not(.second)')
        .first()
        .click();
      await page.waitForURL((url) => url.href !== address, { timeout: 20_000 });
    }
    throw new Error('the page did not come to its QR code');
  }

  /** The page tries the phone out with a number, as the real one does. @param {import('@playwright/test').Page} page */
  async #tryOut(page) {
    const desk = this.#desk;
    const shown = page.locator('.number');
    await shown.waitFor({ timeout: 30_000 });
    const number = ((await shown.textContent()) ?? '').trim();
    await desk.untilPractice(({ phone }) => phone.app && phone.screen === 'approve', 'the request on the phone');
    await this.#show('phone-number', 'My Security Info tries the phone out with a number.');
    await desk.hands({ type: 'phone.answerNumber', number });
  }

  /** @returns {Promise<import('../../contract/practice.ts').PracticeLedger>} what the account holds at the end */
  async leave() {
    const desk = this.#desk;
    const { screen } = await desk.until(['done']);
    await this.#show('done', 'What was set up, and what to do next on each device.');
    const { ledger } = await desk.practice();
    await this.press(screen.kind === 'done' && screen.ways.length < 2 ? 'done.finishAnyway' : 'done.finish');
    await desk.until(['attract']);
    await this.#show('forgotten', 'The desk has forgotten them.');
    return ledger;
  }
}

/** @param {boolean} first */
function suffixOf(first) {
  return first ? '' : '-second';
}
