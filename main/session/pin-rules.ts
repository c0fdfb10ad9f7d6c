// What makes a PIN too easy to guess. Works on code points in a caller-owned array and keeps nothing.

/** PINs and words that attackers try first; digits and letters, compared without case. */
const tooCommon: readonly string[] = [
  '123123',
  '112233',
  '121212',
  '123321',
  '159753',
  '147258',
  '147852',
  '258456',
  '789456',
  '456789',
  '321654',
  '520520',
  '131313',
  '696969',
  '102030',
  '010203',
  'password',
  'passwort',
  'wachtwoord',
  'welcome',
  'welkom',
  'qwerty',
  'qwertz',
  'azerty',
  'letmein',
  'firstkey',
  'security',
  'yubikey',
  'microsoft',
  'abc123',
  'iloveyou',
];

const keyboardRows: readonly string[] = [
  '1234567890',
  '0987654321',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'poiuytrewq',
  'lkjhgfdsa',
  'mnbvcxz',
  'abcdefghijklmnopqrstuvwxyz',
  'zyxwvutsrqponmlkjihgfedcba',
];

const digitZero = 0x30;
const lower = (point: number): number => (point >= 0x41 && point <= 0x5a ? point + 0x20 : point);

function equalsText(points: readonly number[], text: string): boolean {
  return points.length === text.length && points.every((point, index) => lower(point) === text.charCodeAt(index));
}

function runsAlong(points: readonly number[], row: string): boolean {
  const first = points[0];
  if (first === undefined) return false;
  const start = row.indexOf(String.fromCharCode(lower(first)));
  return (
    start >= 0 &&
    start + points.length <= row.length &&
    points.every((point, index) => lower(point) === row.charCodeAt(start + index))
  );
}

function hasPeriod(points: readonly number[], period: number): boolean {
  return points.length > period && points.every((point, index) => index < period || point === points[index - period]);
}

/** A short beginning over and over, or any beginning at least twice. */
function repeatsItself(points: readonly number[]): boolean {
  const longest = Math.max(3, Math.floor(points.length / 2));
  return Array.from({ length: longest }, (_, index) => index + 1).some((period) => hasPeriod(points, period));
}

function isMirrored(points: readonly number[]): boolean {
  return points.every((point, index) => point === points[points.length - 1 - index]);
}

function inSteps(points: readonly number[]): boolean {
  const [first, second] = points;
  if (first === undefined || second === undefined) return false;
  const step = second - first;
  return Math.abs(step) <= 3 && points.every((point, index) => point === first + step * index);
}

/** Six or eight digits that read as a day of some year: 310199, 01311999, 19990131. */
function isDate(points: readonly number[]): boolean {
  if ((points.length !== 6 && points.length !== 8) || points.some((point) => point < digitZero || point > digitZero + 9))
    return false;
  const at = (from: number, length: number): number =>
    points.slice(from, from + length).reduce((sum, point) => sum * 10 + (point - digitZero), 0);
  const day = (value: number): boolean => value >= 1 && value <= 31;
  const month = (value: number): boolean => value >= 1 && value <= 12;
  const year = (value: number): boolean => value >= 1920 && value <= 2035;
  if (points.length === 6) {
    return (day(at(0, 2)) && month(at(2, 2))) || (month(at(0, 2)) && day(at(2, 2))) || (month(at(2, 2)) && day(at(4, 2)));
  }
  return (
    (year(at(4, 4)) && ((day(at(0, 2)) && month(at(2, 2))) || (month(at(0, 2)) && day(at(2, 2))))) ||
    (year(at(0, 4)) && month(at(4, 2)) && day(at(6, 2)))
  );
}

/** Whether the PIN (Unicode code points) is one of the kinds that are tried first: rows, repeats, dates, common words. */
export function isGuessable(points: readonly number[]): boolean {
  if (points.length === 0) return false;
  const distinct = new Set(points).size;
  return (
    distinct <= 2 ||
    repeatsItself(points) ||
    inSteps(points) ||
    (points.length <= 8 && isMirrored(points)) ||
    keyboardRows.some((row) => runsAlong(points, row)) ||
    tooCommon.some((text) => equalsText(points, text)) ||
    isDate(points)
  );
}
