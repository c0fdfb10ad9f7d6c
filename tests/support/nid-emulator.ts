// An authenticator written by others, of the npm package nid-webauthn-emulator: CTAP2 at message height, put behind our test
// device's framing. It knows no PIN; its sensor says yes to everybody. Each one has a memory of its own.
import { AuthenticationEmulatorError, AuthenticatorEmulator, PasskeysCredentialsMemoryRepository } from 'nid-webauthn-emulator';
import { hidDevice } from './fido-hid-device.ts';
import type { ScriptedLink } from './fido-scripted-link.ts';

type EmulatorParameters = NonNullable<ConstructorParameters<typeof AuthenticatorEmulator>[0]>;

/** Plugged in: CTAP2 alone, with a keep-alive for the touch it does not wait for. */
export function nidEmulator(parameters: EmulatorParameters = {}): ScriptedLink {
  const emulator = new AuthenticatorEmulator({
    credentialsRepository: new PasskeysCredentialsMemoryRepository(),
    ...parameters,
  });
  const carryOut = async (request: Uint8Array): Promise<Uint8Array> => {
    const [command = 0] = request;
    try {
      const answer = emulator.command({ command, ...(request.length > 1 && { data: request.slice(1) }) });
      return Uint8Array.from([answer.status, ...(answer.data ?? [])]);
    } catch (error) {
      if (error instanceof AuthenticationEmulatorError) return Uint8Array.of(error.status);
      throw error;
    }
  };
  return hidDevice(carryOut, { capabilities: 0x0c, keepalives: [2] });
}
