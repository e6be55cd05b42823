import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/')({ component: Home });

function Home() {
  return (
    <main>
      <h1>Home</h1>
      <a href="/api/auth/sign-in">Sign in</a> <a href="/account">Account</a>
    </main>
  );
}
