// Which of the directory bench's figures stand beside which, and what it counted.

import { compare } from '../bench/comparison.mjs';

/** @typedef {import('../../tests/bench/directory.ts').DirectoryBenchResult} DirectoryBenchResult */

/** What a desk asks of a tenant should cost the same however many people are in it, within what a processor's time scatters. */
const growthAim = 1.2;

/** @param {DirectoryBenchResult} result @returns {import('../bench/comparison.mjs').Comparison[]} */
export function directoryComparisons({ costs }) {
  /** @param {string} what @param {string} ours @param {string} peer @param {string} theirs @param {number} [aim] */
  const beside = (what, ours, peer, theirs, aim) =>
    compare({
      what,
      peer,
      unit: 'ms',
      ours: costs[ours] ?? [],
      theirs: costs[theirs] ?? [],
      ...(aim === undefined ? {} : { aim }),
    });
  const raw = 'the same requests, raw';
  const parsed = 'JSON.parse of the same answers';
  /** @type {readonly (readonly [string, string])[]} */
  const kinds = [
    ['rules', 'rules'],
    ['a person', 'person'],
    ['the plan', 'plan'],
    ['the doctor', 'doctor'],
  ];
  return [
    beside('rules', 'large: rules', raw, 'large: rules, raw'),
    beside('a person', 'large: person', raw, 'large: person, raw'),
    beside('the doctor', 'large: doctor', raw, 'large: doctor, raw'),
    beside('rules, our part', 'large: rules, answered as before', parsed, 'large: rules, parsed'),
    beside('a person, our part', 'large: person, answered as before', parsed, 'large: person, parsed'),
    beside('the plan', 'large: plan', 'JSON.stringify of the rules', 'large: rules, written'),
    beside('what the doctor finds', 'large: examine', 'JSON.stringify of the evidence', 'large: evidence, written'),
    ...kinds.map(([what, name]) => beside(what, `large: ${name}`, '10 people, 200 policies', `fewPeople: ${name}`, growthAim)),
    beside(
      'rules, our part',
      'large: rules, answered as before',
      '10 people, 200 policies',
      'fewPeople: rules, answered as before',
      growthAim,
    ),
    beside('rules, raw', 'large: rules, raw', '10 people, 200 policies', 'fewPeople: rules, raw'),
    ...kinds.map(([what, name]) => beside(what, `large: ${name}`, '10 people, 3 policies', `small: ${name}`)),
  ];
}

/** @param {DirectoryBenchResult} result @returns {string[]} lines for a terminal */
export function requestLines({ asked, registration, phone }) {
  return [
    ...Object.entries(asked).map(([tenant, calls]) => {
      const each = Object.entries(calls).map(
        ([name, { requests, bytes, pausedMs }]) =>
          `${name} ${requests} (${Math.round(bytes / 1_000)} kB${pausedMs ? `, ${(pausedMs / 1_000).toFixed(1)} s of pauses` : ''})`,
      );
      return `requests of tenant "${tenant}": ${each.join(', ')}`;
    }),
    `a registration: ${counted(registration.alone)}; on a desk with a sign-in of its own: ${counted(registration.withStation)}`,
    ...phone.map(
      ({ answerMs, requests, leastApartMs, meanApartMs }) =>
        `waiting a minute for a phone, answers after ${answerMs} ms: ${requests} requests, ${leastApartMs} ms apart at least, ` +
        `${(1_000 / meanApartMs).toFixed(3)} a second`,
    ),
  ];
}

/** @param {readonly string[]} requests @returns {string} */
function counted(requests) {
  return `${requests.length} requests, ${requests.length - new Set(requests).size} of them twice`;
}
