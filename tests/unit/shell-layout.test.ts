import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageZoom } from '../../main/shell/sign-in/page-zoom.ts';
import { keyCommands } from '../../main/shell/sign-in/typed-keys.ts';
import { signInBounds, trainingWindow, windowLayout } from '../../main/shell/window/window-layout.ts';

const edge = fc.integer({ min: 0, max: 16_384 });

describe('the window', () => {
  it.each([
    [1920, 'out', 480],
    [1800, 'out', 480],
    [1799, 'out', 380],
    [1366, 'folded', 56],
    [300, 'out', 300],
  ] as const)('%s wide, practice desk %s: %s', (width, place, practiceWidth) => {
    const { kiosk, practice } = windowLayout({ width, height: 768 }, place);
    expect(practice).toEqual({ x: width - practiceWidth, y: 0, width: practiceWidth, height: 768 });
    expect(kiosk).toEqual({ x: 0, y: 0, width: width - practiceWidth, height: 768 });
  });

  it('belongs to the kiosk page alone where there is no practice desk', () => {
    expect(windowLayout({ width: 1920, height: 1080 }, 'none')).toEqual({
      kiosk: { x: 0, y: 0, width: 1920, height: 1080 },
      practice: null,
    });
  });

  it('in training is as large as a desk’s screen, or as large as there is room', () => {
    expect(trainingWindow({ x: 0, y: 25, width: 1440, height: 875 })).toEqual({ x: 0, y: 25, width: 1440, height: 875 });
    expect(trainingWindow({ x: 100, y: 0, width: 3840, height: 2160 })).toEqual({ x: 1060, y: 540, width: 1920, height: 1080 });
  });
});

describe('Microsoft’s page', () => {
  const kiosk = { x: 0, y: 0, width: 1440, height: 1080 };

  it('stands where the kiosk page left room', () => {
    expect(signInBounds({ x: 100, y: 300, width: 600, height: 500 }, kiosk, 'field')).toEqual({
      x: 100,
      y: 300,
      width: 600,
      height: 500,
    });
  });

  it('never covers the desk’s own bars or leaves the kiosk page, whatever frame is asked for', () => {
    fc.assert(
      fc.property(edge, edge, edge, edge, fc.constantFrom('training', 'rehearsal', 'field'), (x, y, width, height, world) => {
        const bounds = signInBounds({ x, y, width, height }, kiosk, world);
        if (!bounds) return;
        expect(bounds.y).toBeGreaterThanOrEqual(world === 'field' ? 76 : 128);
        expect(bounds.width).toBeGreaterThan(0);
        expect(bounds.height).toBeGreaterThan(0);
        expect(bounds.x + bounds.width).toBeLessThanOrEqual(kiosk.width);
        expect(bounds.y + bounds.height).toBeLessThanOrEqual(kiosk.height);
      }),
    );
  });

  it('has no place when none of the frame is left', () => {
    expect(signInBounds({ x: 0, y: 0, width: 600, height: 100 }, kiosk, 'training')).toBeNull();
    expect(signInBounds({ x: 2000, y: 300, width: 600, height: 500 }, kiosk, 'training')).toBeNull();
    expect(signInBounds({ x: 0, y: 300, width: 0, height: 500 }, kiosk, 'training')).toBeNull();
  });

  it('is drawn as large as its frame allows, within reason', () => {
    const url = 'https://login.microsoftonline.com/t/login/pass';
    expect(pageZoom({ width: 1124, height: 736 }, url)).toBe(1.31);
    expect(pageZoom({ width: 640, height: 900 }, url)).toBe(1);
    expect(pageZoom({ width: 100, height: 100 }, url)).toBe(0.75);
    expect(pageZoom({ width: 4000, height: 4000 }, url)).toBe(1.75);
    expect(pageZoom({ width: 620, height: 736 }, 'https://mysignins.microsoft.com/security-info')).toBe(1.31);
  });
});

describe('a press on the on-screen keyboard', () => {
  it('is text, whatever it is', () => {
    for (const symbol of ['a', '@', 'é', 'ش', '👩‍👩‍👧‍👦', 'Escape'])
      expect(keyCommands(symbol)).toEqual([{ method: 'Input.insertText', params: { text: symbol } }]);
  });

  it('is a key for the three that are keys', () => {
    for (const name of ['Backspace', 'Tab', 'Enter']) {
      const [down, up] = keyCommands(name);
      expect(down).toMatchObject({ method: 'Input.dispatchKeyEvent', params: { key: name } });
      expect(up).toMatchObject({ method: 'Input.dispatchKeyEvent', params: { key: name, type: 'keyUp' } });
    }
  });
});
