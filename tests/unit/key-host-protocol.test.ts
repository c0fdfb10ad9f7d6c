// The key host's protocol and its version: desk and host refuse each other where the versions differ, so whatever crosses between
// them may change only together with the number.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { careAnswerSchemas, careMessageSchema, careRequestSchema } from '../../main/keyhost/care/protocol.ts';
import { keyHostProtocolVersion, lifeMessageSchema, lifeRequestSchema } from '../../main/keyhost/life-protocol.ts';
import { answerSchemas, keyHostMessageSchema, keyRequestSchema } from '../../main/keyhost/protocol.ts';
import { trayMessageSchema, trayRequestSchema } from '../../main/keyhost/tray/tray-protocol.ts';

/** Shape by shape. What JSON has no word for (bytes) counts as anything, and which reasons there are is not counted. */
const shapes = [
  lifeRequestSchema,
  lifeMessageSchema,
  keyRequestSchema,
  ...Object.values(answerSchemas),
  keyHostMessageSchema,
  careRequestSchema,
  ...Object.values(careAnswerSchemas),
  careMessageSchema,
  trayRequestSchema,
  trayMessageSchema,
].map((schema) => JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })));

test('the version grows with every change of what desk and host say to each other', () => {
  const sha256 = createHash('sha256').update(shapes.join('\n')).digest('hex');
  // When this fails, raise keyHostProtocolVersion by one and write both down here.
  expect({ version: keyHostProtocolVersion, sha256 }).toEqual({
    version: 7,
    sha256: 'c3295758edffdd05fbf1b94363f3f542f678a0489626a6a1eec9de81ce65993e',
  });
});

test('and every part of it counts', () => {
  for (const word of [
    '"longTouchForReset"',
    '"makeCredential"',
    '"prove"',
    '"except"',
    '"pong"',
    '"plugIn"',
    '"touches"',
    '"sample"',
  ]) {
    expect(
      shapes.some((shape) => shape.includes(word)),
      word,
    ).toBe(true);
  }
});
