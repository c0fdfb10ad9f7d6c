// Handing a new key to Graph, so that a lost answer neither loses the key nor registers it twice.
// Source: Microsoft Graph v1.0, "Create fido2AuthenticationMethod"; the id of a method is the credential id.
import { because } from '../../../../contract/reason.ts';
import type { RegisteredKey } from '../../../ports/directory.ts';
import type { MadeCredential } from '../../../ports/key.ts';
import type { Outcome } from '../../../ports/outcome.ts';
import { Base64Error, decodeBase64url } from '../../../fido/bytes/base64url.ts';
import { isGraphCredentialId } from '../../../fido/bytes/graph-credential-id.ts';
import type { CallBudget } from '../wire/call-budget.ts';
import type { GraphClient } from '../wire/graph-client.ts';
import type { GraphAnswer, GraphVersion } from '../wire/graph-question.ts';
import { keyListSchema, keySchema } from './method-answers.ts';

/** Graph documents no limit; its public tools keep to 1 to 30 characters. */
const LONGEST_NAME = 30;

export interface KeyRegistration {
  register(made: MadeCredential, displayName: string, budget: CallBudget): Promise<Outcome<RegisteredKey>>;
  waitUntilListed(made: MadeCredential, budget: CallBudget): Promise<Outcome<RegisteredKey>>;
}

/** `keysPath`: of the person's passkeys; `version`: the one that gave the options, for challenges are not mixed. */
export function createKeyRegistration(graph: GraphClient, keysPath: string, version: GraphVersion): KeyRegistration {
  /** The id Graph gave to the key just registered, should it ever not be the credential id. */
  let accepted: { readonly credentialIdB64u: string; readonly methodId: string } | null = null;

  async function register(made: MadeCredential, displayName: string, budget: CallBudget): Promise<Outcome<RegisteredKey>> {
    const body = registrationBody(made, displayName);
    for (let attempt = 0, mayBeDone = false; ; attempt += 1) {
      const answer = await graph.ask(
        { method: 'POST', version, path: keysPath, body, schema: keySchema, onceOnly: true, aboutKey: true },
        budget,
      );
      if (answer.ok) {
        accepted = { credentialIdB64u: made.credentialIdB64u, methodId: answer.value.id };
        return { ok: true, value: registered(answer.value) };
      }
      // A key that is there twice after a lost answer was registered by the first try; the list may show it late.
      const isEcho = mayBeDone && (answer.reason.code === 'key.alreadyRegistered' || answer.reason.code === 'directory.refused');
      if (isEcho) {
        const listed = await waitUntilListed(made, budget);
        return listed.ok ? listed : { ok: false, reason: answer.reason };
      }
      if (!answer.mayBeDone) return { ok: false, reason: answer.reason };
      mayBeDone = true;
      const seen = await find(made, budget);
      if (!seen.ok) return { ok: false, reason: answer.reason };
      if (seen.value !== null) return { ok: true, value: seen.value };
      if (!(await budget.wait(graph.backoffMs(attempt)))) return { ok: false, reason: answer.reason };
    }
  }

  async function waitUntilListed(made: MadeCredential, budget: CallBudget): Promise<Outcome<RegisteredKey>> {
    for (let attempt = 1; ; attempt += 1) {
      const seen = await find(made, budget);
      if (!seen.ok) return { ok: false, reason: seen.reason };
      if (seen.value !== null) return { ok: true, value: seen.value };
      if (!(await budget.wait(graph.backoffMs(attempt)))) return { ok: false, reason: because('directory.notListed') };
    }
  }

  async function find(made: MadeCredential, budget: CallBudget): Promise<GraphAnswer<RegisteredKey | null>> {
    const answer = await graph.ask({ method: 'GET', path: keysPath, schema: keyListSchema }, budget);
    if (!answer.ok) return answer;
    const key = answer.value.value.find(({ id }) => isThis(id, made));
    return { ...answer, value: key === undefined ? null : registered(key) };
  }

  function isThis(methodId: string, made: MadeCredential): boolean {
    if (accepted?.credentialIdB64u === made.credentialIdB64u && accepted.methodId === methodId) return true;
    try {
      return isGraphCredentialId(methodId, decodeBase64url(made.credentialIdB64u));
    } catch (error) {
      if (error instanceof Base64Error) return false; // an id of some other shape is some other key
      throw error;
    }
  }

  return { register, waitUntilListed };
}

/** Exactly the members Graph documents: others (`rawId`, `type`, `transports`, `@odata.type`) make it refuse the request. */
function registrationBody(made: MadeCredential, displayName: string): object {
  return {
    displayName: fittingName(displayName),
    publicKeyCredential: {
      id: made.credentialIdB64u,
      response: { clientDataJSON: made.clientDataJsonB64u, attestationObject: made.attestationObjectB64u },
      clientExtensionResults: made.clientExtensionResults,
    },
  };
}

/** Cut between visible characters. @throws {RangeError} for a name without any. */
function fittingName(displayName: string): string {
  const wanted = displayName.trim();
  if (wanted === '') throw new RangeError('a key needs a name');
  let name = '';
  for (const { segment } of new Intl.Segmenter().segment(wanted)) {
    if (name.length + segment.length > LONGEST_NAME) break;
    name += segment;
  }
  return name.trimEnd();
}

function registered(method: { readonly id: string; readonly displayName: string | null }): RegisteredKey {
  return { methodId: method.id, name: method.displayName };
}
