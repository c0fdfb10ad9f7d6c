// The key bench's figures as ratios of ours to each peer, round by round.

import { compare } from '../bench/comparison.mjs';
import { median } from '../bench/median.mjs';

/** @typedef {import('./measure.mjs').KeyBenchResult} KeyBenchResult */
/** @typedef {import('./measure.mjs').KeyAskingResult} KeyAskingResult */

/** @type {readonly import('../../tests/bench/key-story.ts').Step[]} */
const steps = ['getInfo', 'PIN token', 'makeCredential', 'getAssertion', 'PING of 57 bytes', 'PING of 1,024 bytes'];

/** @param {KeyBenchResult} result @returns {import('../bench/comparison.mjs').Comparison[]} */
export function keyComparisons({ rounds }) {
  const beside = (/** @type {'raw' | 'python'} */ who, /** @type {string} */ peer, /** @type {number} */ aim) =>
    steps.map((step) =>
      compare({
        what: step,
        peer,
        unit: 'ms',
        ours: rounds.map(({ ours }) => ours[step]),
        theirs: rounds.map((round) => round[who][step]),
        aim,
      }),
    );
  const besideTool = (/** @type {'getInfo' | 'makeCredential' | 'getAssertion'} */ step, /** @type {string} */ tool) =>
    compare({
      what: step === 'getInfo' ? step : `getInfo, PIN token, ${step}`,
      peer: `${tool}, from its start to its end`,
      unit: 'ms',
      // What a tool does with a key before and for its one command.
      ours: rounds.map(({ ours }) => (step === 'getInfo' ? ours[step] : ours.getInfo + ours['PIN token'] + ours[step])),
      theirs: rounds.map(({ tools }) => tools[step]),
    });
  return [
    ...beside('raw', 'the same frames, raw', 1.1),
    ...beside('python', 'python3-fido2', 1),
    besideTool('getInfo', 'fido2-token -I'),
    besideTool('makeCredential', 'fido2-cred -M'),
    besideTool('getAssertion', 'fido2-assert -G'),
  ];
}

/** @param {KeyBenchResult} guest @param {KeyAskingResult} asking @returns {string[]} */
export function otherFigures({ many, rounds }, asking) {
  const times = (/** @type {{ one: number, many: number }} */ { one, many: all }) => ((many.keys * one) / all).toFixed(1);
  const held = (/** @type {{ longestMs: number, p99Ms: number }} */ { longestMs, p99Ms }) =>
    `${longestMs.toFixed(1)} ms at most, ${p99Ms.toFixed(1)} ms at the 99th percentile`;
  return [
    `${many.keys} registrations at once, each touched after ${many.touchMs / 1_000} s: ${times(many.registrations)} times the throughput of one`,
    `PING of 1,024 bytes on ${many.keys} keys at once: ${times(many.pings)} times the throughput of one`,
    `event loop of a process that asks the key host, ${asking.ok} ceremonies done, ${asking.refused} refused and ${asking.facts} facts in a storm of keys: held ${held(asking)}`,
    `event loop of the process that holds the handles, in the guest: held ${held({ longestMs: median(rounds.map(({ eventLoop }) => eventLoop.longestMs)), p99Ms: median(rounds.map(({ eventLoop }) => eventLoop.p99Ms)) })}, median of the rounds`,
  ];
}
