// The tenant's rules in the way of a person with a good pass: what the desk foretells from them, naming the policy, and that
// the twin then really does what was foretold. Nothing here costs anybody a pass that the desk could have saved.
import { describe, expect, test } from 'vitest';
import type { ForetoldCode } from '../../contract/foretold.ts';
import type { AccessPolicyDraft } from '../../main/simulator/entra/policies/access-policy.ts';
import type { PolicyChange } from '../../main/simulator/entra/tenant-policy.ts';
import type { Twin } from '../../main/simulator/entra/twin.ts';
import { codesOf, evidenceOf, leave, stopsOf, stoppedBeforehand, tellStory, usabilityOf, waysOf } from '../support/told-story.ts';
import type { WholeDesk } from '../support/whole-desk.ts';

const PASSWORDLESS = '00000000-0000-0000-0000-000000000003';
const REGISTERING = { includeUserActions: ['urn:user:registersecurityinfo'] } as const;
const OFFICE = { kind: 'ip', displayName: 'Head office', isTrusted: true, ranges: ['203.0.113.0/26'] } as const;
const CAFE = { address: '198.51.100.7', country: 'NL' } as const;

const blockOutside = (id: string) => ({
  grantControls: { builtInControls: ['block'] as const },
  locations: { includeLocations: ['All'], excludeLocations: [id] },
});

/** A policy for everybody but a group that nobody is in: before the sign-in nobody can tell who is an exception. */
function addPolicy(twin: Twin, draft: AccessPolicyDraft): string {
  const spared = twin.stage.addGroup({ displayName: 'Break glass' });
  return twin.stage.addAccessPolicy({ users: { includeUsers: ['All'], excludeGroups: [spared] }, ...draft });
}

async function finishWithKey(desk: WholeDesk): Promise<void> {
  await desk.freshKeyWorks();
  desk.press({ type: 'continue' });
  await desk.until('done');
  await leave(desk);
}

describe('6: the built-in passwordless strength on registering security information', () => {
  const strengthOnAll = (twin: Twin) =>
    twin.stage.addAccessPolicy({
      displayName: 'Security info: strong',
      users: { includeUsers: ['All'] },
      applications: REGISTERING,
      grantControls: { strengthId: PASSWORDLESS },
    });

  test('is recognised before the pass is typed, with policy and strength named, and the desk goes on once it is cured', async () => {
    let id = '';
    await tellStory({ isUsableOnce: true, scene: (twin) => (id = strengthOnAll(twin)) }, async (desk) => {
      await desk.toPlan(['windows'], 'once');
      const told = await stoppedBeforehand(desk);
      expect(told.foretold).toEqual([
        {
          code: 'access.strengthForgetsPass',
          weight: 'blocks',
          certainty: 'sure',
          evidence: { policyName: 'Security info: strong', strengthName: 'Passwordless MFA' },
        },
      ]);
      expect(desk.picture.allowed).not.toContain('continue');
      expect(desk.entries.at(-1)?.body).toEqual({ event: 'plan.foretold', codes: ['access.strengthForgetsPass'] });
      // Asked again while nothing was changed: the same.
      desk.press({ type: 'tryAgain' });
      await desk.untilIs(({ screen }) => screen.kind === 'foretold' && screen.state === 'told');
      desk.twin.stage.removeAccessPolicy(id);
      desk.press({ type: 'tryAgain' });
      await desk.until('signIn');
      await desk.signIn();
      await desk.until('insertKey');
      await finishWithKey(desk);
    });
  });

  test('really stops who goes on anyway: at the phone’s own sign-in and at My Security Info', async () => {
    await tellStory(
      {
        scene: (twin) => {
          addPolicy(twin, {
            displayName: 'Security info: strong',
            applications: REGISTERING,
            grantControls: { strengthId: PASSWORDLESS },
          });
          twin.stage.setPolicy({ graph: { accessAskedAtRegistration: true } });
        },
      },
      async (desk) => {
        await desk.toPlan();
        const told = await stoppedBeforehand(desk);
        expect(told).toMatchObject({ mayTryAnyway: true, foretold: [{ certainty: 'likely' }] });
        expect(await desk.addOnPhone()).toMatchObject({ ok: false, because: 'signInRefused' });
        desk.press({ type: 'continue' });
        await desk.signIn();
        // Now it is known who it is, and that they are no exception: no key gets a PIN for nothing.
        await desk.until('foretold');
        expect(desk.screen('foretold')).toMatchObject({ passKept: false, mayTryAnyway: false });
        expect(codesOf(desk.screen('foretold').foretold)).toEqual(['access.strengthForgetsPass']);
        const page = await desk.run(openSecurityInfo(desk));
        expect(page).toContain('can’t be used for this');
      },
    );
  });

  test('warns only where Graph is not taken to be covered, and a twin that does not ask lets the key through', async () => {
    await tellStory({ scene: strengthOnAll, settings: { registrationRulesCoverGraph: false } }, async (desk) => {
      const plan = await desk.toPlan();
      expect(codesOf(plan.notes)).toContain('access.strengthForgetsPass');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await finishWithKey(desk);
    });
  });

  test('warned and gone on with, a Graph that does ask refuses, and the desk says so with Graph’s answer', async () => {
    await tellStory(
      {
        scene: (twin) => {
          strengthOnAll(twin);
          twin.stage.setPolicy({ graph: { accessAskedAtRegistration: true } });
        },
        settings: { registrationRulesCoverGraph: false, registrationRoutes: ['self'] },
      },
      async (desk) => {
        const plan = await desk.toPlan();
        expect(codesOf(plan.notes)).toContain('access.strengthForgetsPass');
        desk.press({ type: 'continue' });
        await desk.signIn();
        await desk.until('insertKey');
        const key = await desk.key();
        key.autoTouch(200);
        await desk.plug(key);
        await desk.choosePin();
        await desk.until('noRoute', 'trouble');
        expect(desk.screen('noRoute').refusals).toEqual([
          { route: 'self', reason: { code: 'directory.forbidden', detail: expect.objectContaining({ status: 403 }) } },
        ]);
        expect(desk.twin.stage.methods(desk.upn).passkeys).toEqual([]);
      },
    );
  });
});

async function openSecurityInfo(desk: WholeDesk): Promise<string> {
  const { browser } = desk.page;
  await browser.open('https://mysignins.microsoft.com/security-info');
  return browser.heading;
}

describe('7: a wrong place', () => {
  test('an address outside the office is found before the pass is typed, with place and address named', async () => {
    await tellStory(
      {
        isUsableOnce: true,
        scene: (twin) => {
          const office = twin.stage.addNamedLocation(OFFICE);
          twin.stage.addAccessPolicy({
            displayName: 'Security info: office only',
            users: { includeUsers: ['All'] },
            applications: REGISTERING,
            ...blockOutside(office),
          });
          twin.stage.setPlace('desk', CAFE);
        },
      },
      async (desk) => {
        await desk.toPlan(['windows'], 'once');
        const told = await stoppedBeforehand(desk);
        expect(codesOf(told.foretold)).toEqual(['access.wrongPlace']);
        expect(evidenceOf(told.foretold, 'access.wrongPlace')).toEqual({
          policyName: 'Security info: office only',
          placeName: 'Head office',
          address: CAFE.address,
          country: CAFE.country,
        });
        // The cable of the office network, plugged in: looked at again, and it goes.
        desk.twin.stage.setPlace('desk', { address: '203.0.113.20', country: 'SE' });
        desk.press({ type: 'tryAgain' });
        await desk.until('signIn');
        await desk.signIn();
        await desk.until('insertKey');
        await finishWithKey(desk);
      },
    );
  });

  test('a country on everything is met at the sign-in, where the twin answers with 53003', async () => {
    await tellStory(
      {
        scene: (twin) => {
          const home = twin.stage.addNamedLocation({ kind: 'country', displayName: 'Home countries', countries: ['SE'] });
          addPolicy(twin, { displayName: 'Home countries only', ...blockOutside(home) });
          twin.stage.setPlace('desk', CAFE);
        },
      },
      async (desk) => {
        await desk.toPlan();
        const told = await stoppedBeforehand(desk);
        expect(evidenceOf(told.foretold, 'access.wrongPlace')).toMatchObject({ placeName: 'Home countries', country: 'NL' });
        desk.press({ type: 'continue' });
        expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts: 53003 });
        expect(desk.screen('signIn').notice).toEqual({ code: 'signIn.policy', detail: { status: 53003 } });
      },
    );
  });

  test('the phone is somewhere else than the desk: told to join the office network, and refused from outside it', async () => {
    await tellStory(
      {
        isUsableOnce: true,
        scene: (twin) => {
          twin.stage.addNamedLocation(OFFICE);
          twin.stage.addAccessPolicy({
            displayName: 'Security info: office only',
            users: { includeUsers: ['All'] },
            applications: REGISTERING,
            ...blockOutside('AllTrusted'),
          });
          twin.stage.setPlace('phone', CAFE);
        },
      },
      async (desk) => {
        const plan = await desk.toPlan(['windows', 'android'], 'once');
        expect(stopsOf(plan)[0]).toBe('phone');
        expect(codesOf(plan.notes)).toContain('access.phoneNeedsOffice');
        expect(await desk.addOnPhone()).toEqual({ ok: false, because: 'signInRefused', aadsts: 53010 });
      },
    );
  });
});

describe('9: a method that is', () => {
  const off = { state: 'disabled' } as const;
  const onlyManagers = (twin: Twin) => ({
    includeTargets: [{ targetType: 'group' as const, id: twin.stage.addGroup({ displayName: 'Managers' }) }],
  });
  const policyOf =
    (change: (twin: Twin) => PolicyChange) =>
    (twin: Twin): void =>
      twin.stage.setPolicy(change(twin));

  test('switched off, security keys: found before the pass is typed, and Graph refuses', async () => {
    await tellStory({ scene: policyOf(() => ({ fido2: off })) }, async (desk) => {
      await desk.toPlan();
      const told = await stoppedBeforehand(desk);
      expect(codesOf(told.foretold)).toEqual(['key.off']);
      desk.twin.stage.setPolicy({ fido2: { state: 'enabled' } });
      desk.press({ type: 'tryAgain' });
      await desk.signIn();
      await desk.until('insertKey');
      // Switched off again behind the desk's back: what was foretold is what happens.
      desk.twin.stage.setPolicy({ fido2: off });
      const key = await desk.key();
      key.autoTouch(200);
      await desk.plug(key);
      await desk.toWorks();
      expect(desk.screen('trouble').reason.code).toBe('directory.refused');
      expect(desk.twin.stage.refusals()).toEqual([]);
    });
  });

  test('switched off, the pass: found before it is typed, and refused with 130502 where it is typed all the same', async () => {
    await tellStory({ scene: policyOf(() => ({ temporaryAccessPass: off })) }, async (desk) => {
      await desk.toPlan();
      desk.press({ type: 'continue' });
      await desk.until('foretold');
      expect(desk.screen('foretold')).toMatchObject({ passKept: true, mayTryAnyway: false });
      expect(codesOf(desk.screen('foretold').foretold)).toEqual(['pass.off']);
      expect(await desk.addOnPhone()).toEqual({ ok: false, because: 'signInRefused', aadsts: 130502 });
    });
  });

  test.each([['the pass', (twin: Twin) => ({ temporaryAccessPass: onlyManagers(twin) }), 130502, 'pass.notAllowed']] as const)(
    'out of the person’s scope, %s: the page says so',
    async (_what, change, aadsts, code) => {
      await tellStory({ scene: policyOf(change) }, async (desk) => {
        await desk.toPlan();
        desk.press({ type: 'continue' });
        expect(await desk.signIn()).toMatchObject({ ended: 'refused', aadsts });
        expect(desk.screen('signIn').notice).toEqual({ code, detail: { status: aadsts } });
      });
    },
  );

  test('out of the person’s scope, security keys: said as soon as it is known who it is, before a key gets a PIN', async () => {
    await tellStory({ scene: policyOf((twin) => ({ fido2: onlyManagers(twin) })) }, async (desk) => {
      await desk.toPlan();
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('foretold');
      expect(codesOf(desk.screen('foretold').foretold)).toEqual(['key.outOfScope']);
      expect(usabilityOf(desk)).toBe('EnabledByPolicy');
    });
  });

  test.each([
    ['switched off', () => off, 'phone.off'],
    ['for approvals only', () => ({ authenticationMode: 'push' as const }), 'phone.approvalsOnly'],
  ] as const)('%s, Authenticator: the key alone, and it is enough', async (_what, change, code: ForetoldCode) => {
    await tellStory({ isUsableOnce: true, scene: policyOf(() => ({ microsoftAuthenticator: change() })) }, async (desk) => {
      const plan = await desk.toPlan(['windows', 'iphone'], 'once');
      expect(stopsOf(plan)).toEqual(['signIn', 'key', 'prove']);
      expect(codesOf(plan.notes)).toContain(code);
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      await desk.freshKeyWorks();
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      await leave(desk);
    });
  });

  test('out of the person’s scope, Authenticator: known once they sign in; the phone is left out, and they are told why', async () => {
    const scene = policyOf((twin) => ({ microsoftAuthenticator: onlyManagers(twin) }));
    await tellStory({ scene }, async (desk) => {
      // A manager may be standing there: nobody is told that they are not one.
      expect(stopsOf(await desk.toPlan(['windows', 'iphone'], 'several'))).toEqual(['signIn', 'key', 'prove', 'phone']);
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      expect(desk.picture.stops.map(({ id }) => id)).toEqual(['plan', 'signIn', 'key', 'prove', 'done']);
      const works = await desk.freshKeyWorks();
      expect(works.phoneNext).toBe(false);
      expect(desk.picture.allowed).not.toContain('phone.next');
      desk.press({ type: 'continue' });
      await desk.until('done');
      expect(desk.screen('done').phoneNote).toBe('notOpen');
      expect(waysOf(desk.screen('done'))).toEqual(['securityKey']);
      // What they were spared.
      expect(await desk.addOnPhone()).toMatchObject({ ok: false });
      expect(desk.twin.stage.methods(desk.upn).authenticators).toEqual([]);
      await leave(desk);
    });
  });

  test('out of the person’s scope, Authenticator, by an exclusion: a manager beside them gets their phone', async () => {
    const scene = (twin: Twin): void => {
      const spared = twin.stage.addGroup({ displayName: 'Shared phones', members: [] });
      twin.stage.setPolicy({ microsoftAuthenticator: { excludeTargets: [{ targetType: 'group', id: spared }] } });
      twin.stage.addUser({ upn: 'shared@kestrelharbour.example', displayName: 'Shared', groups: [spared] });
    };
    await tellStory({ scene }, async (desk) => {
      await desk.toPlan(['windows', 'iphone'], 'several');
      desk.press({ type: 'continue' });
      await desk.signIn();
      await desk.until('insertKey');
      expect(desk.picture.stops.map(({ id }) => id)).toContain('phone');
      desk.press({ type: 'startAgain.ask' });
      desk.press({ type: 'startAgain.confirm' });
      await desk.until('attract');
      const other = 'shared@kestrelharbour.example';
      const pass = desk.twin.stage.issuePass({ user: other });
      await desk.toPlan(['windows', 'iphone'], 'several');
      desk.press({ type: 'continue' });
      await desk.signIn(other, pass);
      await desk.until('insertKey');
      expect(desk.picture.stops.map(({ id }) => id)).not.toContain('phone');
    });
  });
});
