// The doctor's page behind its door: looks at once, shows, looks again, and is deaf to what is not offered.
import { describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../contract/doctor.ts';
import type { DoctorIntent } from '../../contract/doctor-page.ts';
import { startDoctorConductor } from '../../main/conductor/doctor/doctor-conductor.ts';

const report: DoctorReport = {
  world: 'field',
  cloud: 'global',
  tenant: { id: 'contoso.example', name: null },
  desk: { machine: 'DESK-07', contact: 'desk' },
  atMs: 0,
  findings: [],
};

type Print = Parameters<typeof startDoctorConductor>[0]['print'];

function open(
  look: (signal: AbortSignal) => Promise<DoctorReport> = () => Promise.resolve(report),
  print: Print = () => Promise.reject(new Error('nobody asked for paper')),
) {
  const bugs: unknown[] = [];
  const conductor = startDoctorConductor({ world: 'field', contact: 'desk', look, print, onBug: (bug) => bugs.push(bug) });
  const say = (intent: DoctorIntent) => conductor.say({ visit: conductor.hello().visit, intent });
  return { conductor, say, bugs };
}
const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('the doctor’s page', () => {
  test('looks at once, and again when asked', async () => {
    let looks = 0;
    const { conductor, say } = open(() => {
      looks += 1;
      return Promise.resolve(report);
    });
    expect(conductor.hello()).toMatchObject({ screen: { kind: 'looking' } });
    expect(conductor.hello().allowed).not.toContain('lookAgain');
    await soon();
    expect(conductor.hello()).toMatchObject({ screen: { kind: 'findings', report } });
    const { visit } = conductor.hello();
    expect(say({ type: 'lookAgain' })).toEqual({ taken: true });
    expect(conductor.hello().screen.kind).toBe('looking');
    expect(conductor.say({ visit, intent: { type: 'lookAgain' } })).toEqual({ taken: false, because: 'olderVisit' });
    expect(say({ type: 'lookAgain' })).toEqual({ taken: false, because: 'notAllowedNow' });
    await soon();
    expect(looks).toBe(2);
  });

  test('opens panels, changes its look, and keeps both from what lies under', async () => {
    const { conductor, say } = open();
    await soon();
    expect(say({ type: 'look.language', language: 'nl' })).toEqual({ taken: false, because: 'notAllowedNow' });
    say({ type: 'language.open' });
    expect(conductor.hello().panel).toBe('language');
    expect(say({ type: 'lookAgain' })).toEqual({ taken: false, because: 'notAllowedNow' });
    say({ type: 'look.language', language: 'nl' });
    say({ type: 'look.textSize', textSize: 2 });
    say({ type: 'panel.close' });
    expect(conductor.hello()).toMatchObject({ panel: null, look: { language: 'nl', textSize: 2 } });
    say({ type: 'help.open' });
    expect(conductor.hello().allowed).toEqual(['panel.close']);
  });

  test('what is found while a panel is open lies under it', async () => {
    const { conductor, say } = open();
    say({ type: 'help.open' });
    await soon();
    expect(conductor.hello()).toMatchObject({ panel: 'help', screen: { kind: 'findings' } });
  });

  test('prints what is shown, in the language that is shown, once at a time', async () => {
    const asked: unknown[] = [];
    let end: (printing: 'printed' | 'cancelled') => void = () => undefined;
    const { conductor, say } = open(undefined, (...given) => {
      asked.push(given);
      return new Promise((resolve) => (end = resolve));
    });
    expect(say({ type: 'print' })).toEqual({ taken: false, because: 'notAllowedNow' });
    await soon();
    say({ type: 'language.open' });
    say({ type: 'look.language', language: 'nl' });
    say({ type: 'panel.close' });
    expect(conductor.hello().printing).toBe('offered');
    expect(say({ type: 'print' })).toEqual({ taken: true });
    expect(conductor.hello().printing).toBe('busy');
    for (const type of ['print', 'lookAgain'] as const) {
      expect(say({ type })).toEqual({ taken: false, because: 'notAllowedNow' });
    }
    end('cancelled');
    await soon();
    expect(conductor.hello()).toMatchObject({ printing: 'cancelled', screen: { kind: 'findings' } });
    say({ type: 'print' });
    end('printed');
    await soon();
    expect(conductor.hello().printing).toBe('printed');
    expect(asked).toEqual([
      [report, 'nl'],
      [report, 'nl'],
    ]);
    say({ type: 'lookAgain' });
    expect(conductor.hello().printing).toBe('offered');
  });

  test('paper that is a bug is told, and can be tried again', async () => {
    const { conductor, say, bugs } = open();
    await soon();
    say({ type: 'print' });
    await soon();
    expect(conductor.hello()).toMatchObject({ printing: 'refused' });
    expect(conductor.hello().allowed).toContain('print');
    expect(bugs).toHaveLength(1);
  });

  test('gives a look up at its end, and tells a bug that is one', async () => {
    let given: AbortSignal | undefined;
    const waiting = open((signal) => {
      given = signal;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    waiting.conductor.stop();
    await soon();
    expect(given?.aborted).toBe(true);
    expect(waiting.bugs).toEqual([]);
    const broken = open(() => Promise.reject(new TypeError('a bug')));
    await soon();
    expect(broken.bugs).toHaveLength(1);
  });
});
