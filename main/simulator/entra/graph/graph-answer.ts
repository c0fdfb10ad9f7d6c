// How Microsoft Graph answers: headers, bodies, and the error form of the authentication methods workload.
// Source: Microsoft Graph "Error responses and resource types"; the double message is what that workload sends.

export interface GraphIds {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** `2026-11-23T09:12:41`. */
  readonly date: string;
}

export interface GraphProblem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 429;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const GRAPH_ROOT = 'https://graph.microsoft.com';

/** Where Graph says its answer came from; support asks for it. */
const DIAGNOSTIC = JSON.stringify({
  ServerInfo: { DataCenter: 'Training', Slice: 'E', Ring: '5', ScaleUnit: '000', RoleInstance: 'TWIN00000000' },
});

export function graphHeaders(ids: GraphIds): Record<string, string> {
  return {
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    'x-ms-ags-diagnostic': DIAGNOSTIC,
    'cache-control': 'no-store, no-cache',
  };
}

export function graphJson(ids: GraphIds, body: object, status = 200): Response {
  const headers = {
    ...graphHeaders(ids),
    'content-type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  };
  return new Response(JSON.stringify(body), { status, headers });
}

export function graphEmpty(ids: GraphIds): Response {
  return new Response(null, { status: 204, headers: graphHeaders(ids) });
}

export function graphProblem(ids: GraphIds, problem: GraphProblem): Response {
  const { code, message } = problem;
  const innerError = { message, date: ids.date, 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId };
  const response = graphJson(ids, { error: { code, message, innerError } }, problem.status);
  for (const [name, value] of Object.entries(problem.headers ?? {})) response.headers.set(name, value);
  return response;
}

/** Graph's dates have no fraction and end in Z. */
export function graphDate(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
}

export const problems = {
  noToken: { status: 401, code: 'InvalidAuthenticationToken', message: 'Access token is empty.' },
  badToken: { status: 401, code: 'InvalidAuthenticationToken', message: 'The access token is not valid or has expired.' },
  scopeMissing: {
    status: 403,
    code: 'accessDenied',
    message: 'Request Authorization failed: the token lacks a permission this call needs.',
  },
  notForOthers: {
    status: 403,
    code: 'Authorization_RequestDenied',
    message: 'Insufficient privileges to complete the operation.',
  },
  forbidden: {
    status: 403,
    code: 'Authorization_RequestDenied',
    message: 'Insufficient privileges to complete the operation.',
  },
  meNeedsPerson: {
    status: 400,
    code: 'BadRequest',
    message: '/me request is only valid with delegated authentication flow.',
  },
  userUnknown: {
    status: 404,
    code: 'Request_ResourceNotFound',
    message: 'The resource does not exist or one of its queried reference-property objects are not present.',
  },
  badBody: { status: 400, code: 'badRequest', message: 'The request body is not what this call takes.' },
  passBody: { status: 400, code: 'badRequest', message: 'The request body is not a Temporary Access Pass.' },
  propertyUnknown: {
    status: 400,
    code: 'BadRequest',
    message: 'Parsing OData Select and Expand failed: could not find a property that was asked for.',
  },
  pageSize: { status: 400, code: 'Request_UnsupportedQuery', message: 'The page size asked for is not allowed.' },
  skipToken: { status: 400, code: 'Directory_ExpiredPageToken', message: 'The skip token is not one of this service.' },
  badFilter: { status: 400, code: 'BadRequest', message: 'Invalid filter clause.' },
  unsupportedQuery: {
    status: 400,
    code: 'Request_UnsupportedQuery',
    message: 'The query is not supported without the ConsistencyLevel header and $count, or not at all.',
  },
  notPremium: {
    status: 403,
    code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    message: 'Neither tenant is B2C or tenant does not have premium license.',
  },
  notFoundHere: { status: 404, code: 'ResourceNotFound', message: 'Resource not found.' },
  challengeTime: { status: 400, code: 'badRequest', message: 'challengeTimeoutInMinutes must be between 5 and 43200.' },
  preferenceNotRegistered: {
    status: 400,
    code: 'badRequest',
    message: 'The preferred method is not registered for the user.',
  },
  notFound: { status: 404, code: 'notFound', message: 'No such authentication method.' },
  methodNotAllowed: { status: 405, code: 'methodNotAllowed', message: 'The method is not supported for this URL.' },
  passkeysOff: { status: 400, code: 'badRequest', message: 'Passkeys are not enabled for this user.' },
  selfServiceOff: { status: 400, code: 'badRequest', message: 'The policy does not allow self-service set-up of passkeys.' },
  accessBlocked: {
    status: 403,
    code: 'accessDenied',
    message: 'A Conditional Access policy does not allow registering security information from here with this sign-in.',
  },
  signInTooOld: {
    status: 403,
    code: 'accessDenied',
    message: 'Changing sign-in methods needs a multifactor sign-in that is minutes old.',
  },
  segmentUnknown: (segment: string): GraphProblem => ({
    status: 400,
    code: 'BadRequest',
    message: `Resource not found for the segment '${segment}'.`,
  }),
  throttled: (retryAfterSeconds: number | null): GraphProblem => ({
    status: 429,
    code: 'TooManyRequests',
    message: 'Too many requests; slow down.',
    ...(retryAfterSeconds === null ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  }),
  passDeletionOff: { status: 403, code: 'accessDenied', message: 'Users may not delete their Temporary Access Pass here.' },
} as const satisfies Record<string, GraphProblem | ((...told: never[]) => GraphProblem)>;
