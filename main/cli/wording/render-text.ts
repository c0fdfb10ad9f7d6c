// What was found and what became of it, in words and columns. Everything that a key or a person named goes through
// printable().
import type { Reason } from '../../../contract/reason.ts';
import type { KeyAccount, KeyFingerprint, KeyInspection, MakerFacts } from '../../ports/key-care.ts';
import type { KeyEvent } from '../actions/watch-keys.ts';
import type { CommandEnd, CommandResult } from '../command-end.ts';
import { keyName, shortId } from '../key-name.ts';
import { printable } from './printable.ts';
import { reasonWords } from './reason-words.ts';
import { endWords, notOfferedWords, triesLeft, usageWords } from './words.ts';

/** A refusal in one line: what is true, then the code and the words for technicians, then what the other side said. */
export function reasonText({ code, detail }: Reason): string {
  const { title, technician } = reasonWords(code);
  const facts = [
    detail?.model,
    detail?.retriesLeft === undefined ? undefined : triesLeft(detail.retriesLeft),
    detail?.minPinLength === undefined ? undefined : `at least ${detail.minPinLength} characters`,
    detail?.statusName ?? (detail?.status === undefined ? undefined : `status ${detail.status}`),
  ].flatMap((fact) => (fact === undefined ? [] : [printable(fact)]));
  return `${title}. (${[`${code}: ${technician}`, ...facts].join('; ')})`;
}

export function endText(end: Exclude<CommandEnd, { end: 'done' }>): string {
  switch (end.end) {
    case 'refused':
      return reasonText(end.reason);
    case 'notOffered':
      return notOfferedWords[end.offer];
    case 'usage':
      return usageWords(end.trouble, end.choices.map(printable));
    case 'noKey':
      return end.reason === null ? endWords.noKey : reasonText(end.reason);
    case 'notConfirmed':
    case 'interrupted':
      return endWords[end.end];
    default:
      return end satisfies never;
  }
}

export function resultText(result: CommandResult): string {
  switch (result.result) {
    case 'keys':
      return [table(keyColumns, result.keys.map(keyRow)), ...result.unreadable.map(reasonText)].join('\n');
    case 'key':
      return keyText(result.key);
    case 'accounts': {
      const { accounts, left } = result.accounts;
      const room = left === null ? [] : [`Room for ${left} more.`];
      if (accounts.length === 0) return ['No accounts.', ...room].join('\n');
      return [table(accountColumns, accounts.map(accountRow)), ...room].join('\n');
    }
    case 'fingerprints':
      if (result.fingerprints.length === 0) return 'No fingerprints.';
      return table(['id', 'name'], result.fingerprints.map(fingerprintRow));
    case 'fingerprintAdded':
      return `${endWords.fingerprintAdded} ${fingerprintLine(result.fingerprint)}`;
    case 'erased':
      return result.report.seenFresh ? endWords.erasedSeenFresh : endWords.erased;
    case 'configured':
    case 'pinSet':
    case 'pinChanged':
    case 'accountDeleted':
    case 'fingerprintRenamed':
    case 'fingerprintRemoved':
      return endWords[result.result];
    default:
      return result satisfies never;
  }
}

export function eventText(event: KeyEvent): string {
  switch (event.event) {
    case 'inserted':
      return `in   ${keyRow(event.key).join('  ')}`;
    case 'removed':
      return event.key === null ? 'out' : `out  ${keyName(event.key)}  ${printable(event.key.description.model)}`;
    case 'unreachable':
      return `!    ${reasonText(event.reason)}`;
    case 'hostDown':
      return '!    The process that holds the keys fell; it is started again.';
    case 'hostUp':
      return '     The process that holds the keys is back.';
    default:
      return event satisfies never;
  }
}

/** An account in one line. */
export const accountLine = (account: KeyAccount): string => accountRow(account).join('  ');
/** A fingerprint in one line. */
export const fingerprintLine = (fingerprint: KeyFingerprint): string => fingerprintRow(fingerprint).join('  ');

const none = '–';
const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');
const list = (values: readonly (string | number)[]): string => (values.length === 0 ? none : printable(values.join(' ')));

const keyColumns = ['key', 'model', 'firmware', 'PIN', 'accounts left', 'note'];

function keyRow(key: KeyInspection): readonly string[] {
  const { model, firmware, unusable } = key.description;
  return [
    printable(keyName(key)),
    printable(model),
    printable(firmware ?? none),
    pinText(key),
    key.accountsLeft === null ? none : String(key.accountsLeft),
    unusable === null ? '' : reasonWords(unusable.code).technician,
  ];
}

function pinText({ description: { pin, tries } }: KeyInspection): string {
  const state = { none: 'none', set: 'set', mustChange: 'must be changed', unsupported: 'not possible' }[pin];
  return tries === null ? state : `${state}, ${triesLeft(tries.left)}`;
}

function keyText(key: KeyInspection): string {
  const { description, options } = key;
  const hex = (id: number | null) => (id === null ? none : id.toString(16).padStart(4, '0'));
  const rows: readonly (readonly [string, string])[] = [
    ['key', keyName(key)],
    ['short id', shortId(key)],
    ['model', description.model],
    ['serial', key.serial ?? none],
    ['AAGUID', description.aaguid ?? none],
    ['firmware', description.firmware ?? none],
    ['USB', `${hex(key.vendorId)}:${hex(key.productId)}`],
    ['versions', list(key.versions)],
    ['extensions', list(key.extensions)],
    ['options', list(Object.entries(options).map(([name, value]) => `${name}=${yesOrNo(value)}`))],
    ...makerRows(key.maker),
    ['algorithms', list(key.algorithms)],
    ['transports', list(key.transports)],
    ['PIN protocols', list(key.pinUvProtocols)],
    ['longest message', `${key.maxMessageBytes} bytes`],
    ['PIN', pinText(key)],
    ['PIN length', `${description.minPinLength} to ${description.maxPinLength}`],
    ['sensor', key.sensorTriesLeft === null ? none : triesLeft(key.sensorTriesLeft)],
    ['accounts left', key.accountsLeft === null ? none : String(key.accountsLeft)],
    ['can be done', list(key.offers)],
    ['long touch to reset', yesOrNo(key.longTouchForReset)],
    ['for Microsoft Entra', description.unusable === null ? 'fits' : reasonText(description.unusable)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join('\n');
}

function makerRows(maker: MakerFacts | null): readonly (readonly [string, string])[] {
  if (maker === null) return [];
  const { form, isFips, partNumber, enabledOverUsb, resetBlocked, refusesEasyPins } = maker;
  return [
    ['form', form ?? none],
    ['part number', partNumber ?? none],
    ['FIPS model', yesOrNo(isFips)],
    ['on over USB', list(enabledOverUsb ?? [])],
    ['not erased alone', list(resetBlocked)],
    ['refuses easy PINs', refusesEasyPins === null ? none : yesOrNo(refusesEasyPins)],
  ];
}

const accountColumns = ['id', 'site', 'user', 'name'];

function accountRow({ credentialIdB64u, rpId, userName, displayName }: KeyAccount): readonly string[] {
  return [credentialIdB64u, rpId ?? none, userName ?? none, displayName ?? none].map(printable);
}

function fingerprintRow({ templateIdB64u, name }: KeyFingerprint): readonly string[] {
  return [templateIdB64u, name ?? none].map(printable);
}

/** Columns as wide as what stands in them; the last is not filled up. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
