import { Browsing, signInAtProvider, startCluster, startTestProvider } from '@meldesync/testkit';
import { afterAll, describe, expect, it } from 'vitest';

const provider = await startTestProvider();
const cluster = await startCluster({ nodes: 1, worker: false, oidc: (baseUrl) => provider.configFor(baseUrl) });
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

describe('single sign-on', () => {
  it('signs in whose verified address has an account, and links it', async () => {
    const anna = await cluster.addPerson('Anna', { workspace: cluster.workspace, role: 'editor' });
    provider.accounts.set('anna', { email: anna.email, email_verified: true, name: 'Anna am Anbieter' });
    const browsing = new Browsing();
    expect(await signInAtProvider(browsing, cluster.url(), 'anna')).toBe('/');
    const me = await browsing.request(`${cluster.url()}/api/v1/me`);
    expect(await me.json()).toMatchObject({ user: { id: anna.id, name: 'Anna' } });
  });
});
