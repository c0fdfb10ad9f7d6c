// MSAL's network, answered by the twin.
import type { INetworkModule } from '@azure/msal-node';
import type { Twin } from '../../main/simulator/entra/twin.ts';

/** `asked` gets a line for every request. */
export function networkTo(twin: Pick<Twin, 'handle'>, asked: string[]): INetworkModule {
  const send = async (method: string, url: string, options: { headers?: Record<string, string>; body?: string } = {}) => {
    asked.push(`${method} ${new URL(url).pathname}`);
    const { headers = {}, body } = options;
    const response = await twin.handle(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
    return { headers: Object.fromEntries(response.headers), body: await response.json(), status: response.status };
  };
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}
