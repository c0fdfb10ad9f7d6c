// The JSON Schema that editors check settings files with, made of the one schema. What it can't say (two settings that exclude
// one another, a path that must be whole) `firstkey settings check` says.
import { z } from 'zod';
import { settingsDocument } from './settings-schema.ts';
import { policyMembersDocument } from './policy/policy-members.ts';

export interface EditorSchema {
  readonly properties: Readonly<Record<string, object>>;
}

/** `policy`: with the members that only managed policy has. */
export function editorSchema({ policy }: { readonly policy: boolean }): EditorSchema & object {
  const document = z.strictObject({
    $schema: z.string().max(500).optional(),
    ...settingsDocument.shape,
    ...(policy ? policyMembersDocument.shape : {}),
  });
  const { properties = {}, ...rest } = z.toJSONSchema(document, { io: 'input', target: 'draft-7' });
  return { ...rest, properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, Object(one)])) };
}
