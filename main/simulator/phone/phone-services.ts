// The phone's calls to Microsoft's services for phones: activation, notifications, device registration. Expected refusals
// are values; a service that is down or unreachable is an `Unreachable`.
import { z } from 'zod';

/** No answer, or one that makes no sense. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const registrationSchema = z.object({ methodId: z.string(), secret: z.string(), upn: z.string(), tenantName: z.string() });
const notificationsSchema = z.object({
  notifications: z.array(z.object({ id: z.string(), kind: z.enum(['test', 'signIn']), expiresAtMs: z.number() })),
});
const stateSchema = z.object({
  state: z.enum(['pending', 'approved', 'denied', 'wrongNumber', 'expired']),
  /** The answer turned phone sign-in on as well. */
  phoneSignIn: z.boolean(),
});
const deviceSchema = z.object({ deviceId: z.string() });
const keySchema = z.object({ methodId: z.string() });

export type PhoneRegistration = z.infer<typeof registrationSchema>;
export type PhoneNotification = z.infer<typeof notificationsSchema>['notifications'][number];
export type Answered = z.infer<typeof stateSchema>;
export type AnsweredState = Answered['state'];

export interface PhoneFacts {
  readonly deviceName: string;
  readonly appVersion: string;
}

/** What Authenticator reads out of a QR code; null for any other text. */
export function readActivationCode(text: string): { readonly code: string; readonly url: string } | null {
  if (!URL.canParse(text)) return null;
  const { protocol, host, searchParams } = new URL(text);
  const code = searchParams.get('code') ?? '';
  const url = searchParams.get('url') ?? '';
  if (protocol !== 'phonefactor:' || host !== 'activate_account' || !/^\d{9}$/.test(code) || !URL.canParse(url)) return null;
  const target = new URL(url);
  return target.protocol === 'https:' && target.host === 'mobileappcommunicator.auth.microsoft.com' ? { code, url } : null;
}

export class PhoneServices {
  readonly #http: (request: Request) => Promise<Response>;

  constructor(http: (request: Request) => Promise<Response>) {
    this.#http = http;
  }

  activate(url: string, code: string, phone: PhoneFacts): Promise<PhoneRegistration | 'refused'> {
    return this.#call('POST', url, null, { code, ...phone }, registrationSchema);
  }

  register(accessToken: string, phone: PhoneFacts): Promise<PhoneRegistration | 'refused'> {
    return this.#call(
      'POST',
      'https://mobileappcommunicator.auth.microsoft.com/registrations',
      accessToken,
      phone,
      registrationSchema,
    );
  }

  async notifications(secret: string): Promise<readonly PhoneNotification[]> {
    const url = 'https://mobileappcommunicator.auth.microsoft.com/notifications';
    const answer = await this.#call('GET', url, secret, null, notificationsSchema);
    return answer === 'refused' ? [] : answer.notifications;
  }

  /** `number` null: deny. */
  async answer(secret: string, notificationId: string, number: string | null): Promise<Answered | 'refused'> {
    const url = `https://mobileappcommunicator.auth.microsoft.com/notifications/${encodeURIComponent(notificationId)}`;
    const body = number === null ? { answer: 'deny' } : { answer: 'approve', number };
    return this.#call('POST', url, secret, body, stateSchema);
  }

  registerDevice(accessToken: string, displayName: string): Promise<{ readonly deviceId: string } | 'refused'> {
    const url = 'https://enterpriseregistration.windows.net/EnrollmentServer/device?api-version=2.0';
    return this.#call('POST', url, accessToken, { displayName }, deviceSchema);
  }

  async registerKey(accessToken: string, deviceId: string, methodId: string): Promise<'done' | 'refused'> {
    const url = 'https://enterpriseregistration.windows.net/EnrollmentServer/key?api-version=1.0';
    const answer = await this.#call('POST', url, accessToken, { deviceId, methodId }, keySchema);
    return answer === 'refused' ? answer : 'done';
  }

  /** @throws {Unreachable} when there is no answer, a 5xx, or a good status with a body of another shape. */
  async #call<T>(
    method: 'GET' | 'POST',
    url: string,
    bearer: string | null,
    body: object | null,
    schema: z.ZodType<T>,
  ): Promise<T | 'refused'> {
    const headers = new Headers(bearer === null ? {} : { authorization: `Bearer ${bearer}` });
    if (body !== null) headers.set('content-type', 'application/json');
    let response: Response;
    let answer: unknown;
    try {
      response = await this.#http(
        new Request(url, { method, headers, ...(body === null ? {} : { body: JSON.stringify(body) }) }),
      );
      answer = await response.json();
    } catch (error) {
      throw new Unreachable('no readable answer', { cause: error });
    }
    if (response.status >= 500 || response.status === 429) throw new Unreachable(`status ${response.status}`);
    if (!response.ok) return 'refused';
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new Unreachable('an answer of another shape', { cause: parsed.error });
    return parsed.data;
  }
}
