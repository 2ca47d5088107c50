import { afterEach, beforeEach, expect, it } from 'vitest';
import { admitProviderPerson } from '../src/index.ts';
import { createEditSetup, type EditSetup } from './edit-setup.ts';

let setup: EditSetup;
beforeEach(async () => {
  setup = await createEditSetup();
});
afterEach(() => setup[Symbol.asyncDispose]());

it('a workspace that is meant by its id stays meant when whoever administers another calls theirs so', async () => {
  const { workspace } = setup;
  const signIn = () =>
    admitProviderPerson(setup.accounts, {
      person: {
        issuer: 'https://provider.example',
        subject: 'gina',
        email: 'gina@test.example',
        isEmailTrusted: true,
        name: 'Gina Gruppe',
        groups: ['team'],
      },
      policy: {
        linksByEmail: true,
        isJustInTime: true,
        groupRoles: [{ group: 'team', workspace, role: 'editor' }],
        adminGroup: undefined,
      },
      address: null,
    });
  const { userId } = await signIn();
  const memberships = () => setup.sql('select workspace_id, role from members where user_id = $1', [userId]);
  const expected = [{ workspace_id: workspace, role: 'editor' }];
  expect(await memberships()).toEqual(expected);

  await setup.sql('update workspaces set name = $1 where id <> $2', [workspace, workspace]);
  expect(await signIn()).toMatchObject({ unknownWorkspaces: [] });
  expect(await memberships()).toEqual(expected);
});
