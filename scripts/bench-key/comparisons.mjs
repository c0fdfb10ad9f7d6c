// The key bench's figures as ratios of ours to each peer, round by round.

import { compare } from '../bench/comparison.mjs';
import { median } from '../bench/median.mjs';

/** @typedef {import('./measure.mjs').KeyBenchResult} KeyBenchResult */
/** @typedef {import('./measure.mjs').KeyAskingResult} KeyAskingResult */

/** @type {readonly import('../../tests/bench/key-story.ts').Step[]} */
const steps = ['getInfo', 'PIN token', 'makeCredential', 'getAssertion', 'PING of 57 bytes', 'PING of 1,024 bytes'];

/** @param {KeyBenchResult} result @returns {import('../bench/comparison.mjs').Comparison[]} */
export function keyComparisons({ figures, tools }) {
  const beside = (/** @type {'raw' | 'python'} */ who, /** @type {string} */ peer, /** @type {number} */ aim) =>
    steps.map((step) => compare({ what: step, peer, unit: 'ms', ours: figures[step].ours, theirs: figures[step][who], aim }));
  const besideTool = (/** @type {'getInfo' | 'makeCredential' | 'getAssertion'} */ step, /** @type {string} */ tool) => {
    // What a tool does with a key before and for its one command. Tools are slow, so there are fewer rounds of them.
    const before = step === 'getInfo' ? [] : /** @type {const} */ (['getInfo', 'PIN token']);
    const ours = [...before, step].map((each) => median(figures[each].ours)).reduce((sum, each) => sum + each);
    return compare({
      what: [...before, step].join(', '),
      peer: `${tool}, from its start to its end`,
      unit: 'ms',
      ours: tools.map(() => ours),
      theirs: tools.map((round) => round[step]),
    });
  };
  const token = figures['PIN token'];
  const framesAndCryptography = compare({
    what: 'PIN token',
    peer: 'raw, and the bare cryptography',
    unit: 'ms',
    ours: token.ours,
    theirs: token.raw.map((value, round) => value + (token.cryptography[round] ?? Number.NaN)),
    aim: 1.1,
  });
  return [
    ...beside('raw', 'the same frames, raw', 1.1),
    framesAndCryptography,
    ...beside('python', 'python3-fido2', 1),
    besideTool('getInfo', 'fido2-token -I'),
    besideTool('makeCredential', 'fido2-cred -M'),
    besideTool('getAssertion', 'fido2-assert -G'),
  ];
}

/** @param {KeyBenchResult} guest @param {KeyAskingResult} asking @returns {string[]} */
export function otherFigures({ many, eventLoop }, asking) {
  const times = ((many.keys * many.oneMs) / many.manyMs).toFixed(1);
  const held = (/** @type {import('../../tests/bench/turn-times.ts').TurnTimes} */ { heldMs, heldP99Ms, ownMs, ownP99Ms }) =>
    `held ${heldMs.toFixed(1)} ms at most (99 % within ${heldP99Ms.toFixed(1)}), by itself ${ownMs.toFixed(1)} ms at most (99 % within ${ownP99Ms.toFixed(1)})`;
  return [
    `${many.keys} keys at once, ${many.registrations} registrations and proofs each: ${times} times the throughput of one`,
    `event loop of a process that asks the key host, ${asking.ok} ceremonies done, ${asking.refused} refused and ${asking.facts} facts in a storm of keys: ${held(asking)}`,
    `event loop of the process that holds the handles of ${many.keys} keys, in the guest: ${held(eventLoop)}`,
  ];
}
