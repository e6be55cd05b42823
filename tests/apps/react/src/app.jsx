import { getClaims, useAuth } from '@workos-inc/authkit-react';
import { useState } from 'react';

export function App() {
  const { isLoading, user, signIn, signUp } = useAuth();
  if (isLoading) {
    return <p>Loading</p>;
  }
  if (user) {
    return <Account user={user} />;
  }
  return (
    <main>
      <h1>Signed out</h1>
      <button onClick={() => signIn({ state: { returnTo: '/reports' } })}>Sign in</button>
      <button onClick={() => signUp()}>Sign up</button>
    </main>
  );
}

function Account({ user }) {
  const { organizationId, role, permissions, getAccessToken, switchToOrganization, signOut } = useAuth();
  const [claims, setClaims] = useState();
  const [wanted, setWanted] = useState('');

  async function showClaims(options) {
    setClaims(getClaims(await getAccessToken(options)));
  }

  return (
    <main>
      <h1>Signed in as {user.email}</h1>
      <p data-testid="organization">{organizationId ?? 'no organization'}</p>
      <p data-testid="role">{role ?? 'no role'}</p>
      <p data-testid="permissions">{permissions.join(' ')}</p>
      <pre data-testid="claims">{claims && JSON.stringify(claims)}</pre>
      <button onClick={() => showClaims()}>Show token</button>
      <button onClick={() => showClaims({ forceRefresh: true })}>Refresh</button>
      <label>
        Organization <input value={wanted} onChange={(event) => setWanted(event.target.value)} />
      </label>
      <button onClick={() => switchToOrganization({ organizationId: wanted })}>Switch</button>
      <button onClick={() => signOut({ returnTo: window.origin })}>Sign out</button>
    </main>
  );
}
