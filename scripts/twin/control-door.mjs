// The stage doors of a served twin: JSON over HTTP on a loopback port of their own, for scripts that set the scene, order
// faults and look behind it. Microsoft has no such doors, so they are on none of its host names; a token keeps web pages and
// other people of the machine out.
//   GET  /                  the names of the doors
//   POST /<door>            {"arguments": [ ... ]}  →  {"result": ...} or {"error": "..."}
// Bytes are {"bytes": "<base64url>"}, patterns (a fault's path) are {"pattern": "..."}.

import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { listening } from './listening.mjs';

const mostBodyBytes = 1024 * 1024;

/**
 * @param {object} stage the twin's; every function of it is a door
 * @param {{ port: number, token: string }} options port 0: any free one
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 * @throws when the port is taken
 */
export async function openControlDoor(stage, { port, token }) {
  const doors = new Map(Object.entries(stage).filter(([, door]) => typeof door === 'function'));
  const server = createServer((incoming, outgoing) => {
    void answer(doors, token, incoming).then(({ status, body }) => {
      outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      outgoing.end(`${JSON.stringify(body, asJson)}\n`);
    });
  });
  server.requestTimeout = 10_000;
  return listening(server, port, '127.0.0.1');
}

/**
 * @param {ReadonlyMap<string, (...values: unknown[]) => unknown>} doors
 * @param {string} token
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {Promise<{ status: number, body: object }>}
 */
async function answer(doors, token, incoming) {
  if (!tokenFits(token, incoming.headers.authorization ?? ''))
    return { status: 401, body: { error: 'the token is missing or wrong' } };
  const name = (incoming.url ?? '').replace(/^\/|\?.*$/g, '');
  if (incoming.method === 'GET' && name === '') return { status: 200, body: { result: [...doors.keys()] } };
  const door = doors.get(name);
  if (!door) return { status: 404, body: { error: `there is no door ${name}` } };
  if (incoming.method !== 'POST') return { status: 405, body: { error: 'doors are opened with POST' } };
  try {
    const { arguments: values = [] } = JSON.parse((await textOf(incoming)) || '{}', fromJson);
    if (!Array.isArray(values)) return { status: 400, body: { error: 'arguments is a list' } };
    return { status: 200, body: { result: door(...values) ?? null } };
  } catch (error) {
    // What the stage does not accept it says in its error; nothing else can be wrong with a call.
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

/** @param {string} token @param {string} authorization @returns {boolean} */
function tokenFits(token, authorization) {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** @param {import('node:http').IncomingMessage} incoming @returns {Promise<string>} @throws {RangeError} when it is too long */
async function textOf(incoming) {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const part of incoming) {
    text += part;
    if (text.length > mostBodyBytes) throw new RangeError('the call is too long');
  }
  return text;
}

/** @param {string} _key @param {unknown} value @returns {unknown} */
function asJson(_key, value) {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64url') } : value;
}

/** @param {string} _key @param {unknown} value @returns {unknown} */
function fromJson(_key, value) {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
  if ('bytes' in value && typeof value.bytes === 'string') return new Uint8Array(Buffer.from(value.bytes, 'base64url'));
  if ('pattern' in value && typeof value.pattern === 'string') return new RegExp(value.pattern);
  return value;
}
