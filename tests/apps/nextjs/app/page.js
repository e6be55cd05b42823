import { withAuth } from '@workos-inc/authkit-nextjs';

export default async function Home() {
  const { user } = await withAuth();
  return (
    <main>
      <h1>{user ? `Welcome back, ${user.email}` : 'Signed out'}</h1>
      <a href="/sign-in">Sign in</a> <a href="/account">Account</a>
    </main>
  );
}
