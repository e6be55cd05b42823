// A page for who is signed in.
import { createFileRoute, redirect, useHydrated } from '@tanstack/react-router';
import { getAuth } from '@workos/authkit-tanstack-react-start';
import { useAuth } from '@workos/authkit-tanstack-react-start/client';

export const Route = createFileRoute('/account')({
  loader: async () => {
    const auth = await getAuth();
    if (!auth.user) {
      throw redirect({ href: '/api/auth/sign-in' });
    }
    return auth;
  },
  component: Account,
});

function Account() {
  const { user, sessionId, organizationId, impersonator } = Route.useLoaderData();
  const { signOut } = useAuth();
  const isHydrated = useHydrated();
  return (
    <main>
      <h1>Signed in as {user.email}</h1>
      <p data-testid="session">{sessionId}</p>
      <p data-testid="organization">{organizationId ?? 'no organization'}</p>
      <p data-testid="impersonator">{impersonator ? `${impersonator.email}: ${impersonator.reason}` : 'nobody'}</p>
      <button disabled={!isHydrated} onClick={() => signOut()}>
        Sign out
      </button>
    </main>
  );
}
