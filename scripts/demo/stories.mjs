// What the scripted person came with, and so what they will meet.

/**
 * @typedef {object} Story
 * @property {string} name
 * @property {string} title
 * @property {'several' | 'once'} pass as printed on the slip
 * @property {readonly ('windows' | 'mac' | 'iphone' | 'android')[]} devices
 * @property {string} key which key they take from the tray first
 * @property {string | null} spare the second key, if they want one
 * @property {boolean} wrongPassFirst whether they mistype the pass once
 */

/** @type {ReadonlyMap<string, Story>} */
export const stories = new Map(
  /** @type {readonly Story[]} */ ([
    {
      name: 'whole',
      title: 'A pass for several uses, a Windows laptop and an Android phone',
      pass: 'several',
      devices: ['windows', 'android'],
      key: 'modern-a',
      spare: null,
      wrongPassFirst: true,
    },
    {
      name: 'one-time',
      title: 'A one-time pass and no phone: the key, and a spare',
      pass: 'once',
      devices: ['windows', 'mac'],
      key: 'modern-c',
      spare: 'ctap20',
      wrongPassFirst: false,
    },
    {
      name: 'phone-first',
      title: 'A one-time pass and an iPhone: the phone comes first and then approves the sign-in',
      pass: 'once',
      devices: ['windows', 'iphone'],
      key: 'modern-a',
      spare: null,
      wrongPassFirst: false,
    },
  ]).map((story) => [story.name, story]),
);
