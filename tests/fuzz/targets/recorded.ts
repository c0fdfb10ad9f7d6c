// Good messages to start from: what our virtual keys say while somebody sets a PIN, registers and proves.
import { CTAP_COMMAND } from '../../../main/fido/ctap/command.ts';
import { encodeAttestationObject } from '../../../main/fido/webauthn/attestation-object.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../../main/simulator/key/training-keys.ts';
import { keyBench } from '../../support/key-bench.ts';
import { assertAll, make, openClient, pinBytes, valueOf } from '../../support/key-client.ts';

export interface Recorded {
  /** Answers, status byte first, by command byte. */
  readonly answers: ReadonlyMap<number, readonly Uint8Array[]>;
  readonly attestationObjects: readonly Uint8Array[];
  readonly authenticatorData: readonly Uint8Array[];
}

let recorded: Promise<Recorded> | undefined;

export function recordedMessages(): Promise<Recorded> {
  recorded ??= record();
  return recorded;
}

/** The recorded answers to one command. */
export async function answersTo(command: keyof typeof CTAP_COMMAND): Promise<readonly Uint8Array[]> {
  return (await recordedMessages()).answers.get(CTAP_COMMAND[command]) ?? [];
}

async function record(): Promise<Recorded> {
  const answers = new Map<number, Uint8Array[]>();
  const attestationObjects: Uint8Array[] = [];
  const authenticatorData: Uint8Array[] = [];
  for (const kind of [TRAINING_KEYS.modern, TRAINING_KEYS.ctap20]) {
    const bench = await keyBench({ ...kind, memory: {} }, { seed: 'recorded' });
    bench.key.autoTouch(10);
    const client = await openClient(bench, bench.link);
    const send = client.channel.cbor.bind(client.channel);
    client.channel.cbor = async (request, call) => {
      const answer = await send(request, call);
      const command = request[0] ?? 0;
      answers.set(command, [...(answers.get(command) ?? []), answer]);
      return answer;
    };
    valueOf(await client.run(client.key.setPin(pinBytes(TRAINING_PIN), client.call)));
    const made = valueOf(await make(client, TRAINING_PIN));
    const proofs = valueOf(await assertAll(client, TRAINING_PIN));
    await client.run(client.channel.close());
    attestationObjects.push(encodeAttestationObject(made));
    authenticatorData.push(made.authenticatorData, ...proofs.map((proof) => proof.authenticatorData));
  }
  return { answers, attestationObjects, authenticatorData };
}
