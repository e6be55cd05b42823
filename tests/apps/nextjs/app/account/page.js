// A page for who is signed in; proxy.js leads anybody else to AuthKit and back.
import { getTokenClaims, refreshSession, signOut, switchToOrganization, withAuth } from '@workos-inc/authkit-nextjs';
import { redirect } from 'next/navigation';

import { Token } from './token.js';

async function refresh() {
  'use server';
  await refreshSession({ ensureSignedIn: true });
  redirect('/account');
}

async function change(form) {
  'use server';
  await switchToOrganization(form.get('organization'), { returnTo: '/account' });
}

async function leave() {
  'use server';
  await signOut();
}

export default async function Account() {
  const { user, sessionId, organizationId, role, impersonator } = await withAuth();
  const { jti } = await getTokenClaims();
  return (
    <main>
      <h1>Signed in as {user.email}</h1>
      <p data-testid="session">{sessionId}</p>
      <p data-testid="token">{jti}</p>
      <p data-testid="organization">{organizationId ?? 'no organization'}</p>
      <p data-testid="role">{role ?? 'no role'}</p>
      <p data-testid="impersonator">{impersonator ? `${impersonator.email}: ${impersonator.reason}` : 'nobody'}</p>
      <Token />
      <form action={refresh}>
        <button>Refresh</button>
      </form>
      <form action={change}>
        <label>
          Organization <input name="organization" />
        </label>
        <button>Switch</button>
      </form>
      <form action={leave}>
        <button>Sign out</button>
      </form>
    </main>
  );
}
