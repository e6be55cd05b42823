'use client';

import { useAuth, useTokenClaims } from '@workos-inc/authkit-nextjs/components';

/** What the client components know. */
export function Token() {
  const { user } = useAuth();
  const { sid } = useTokenClaims();
  return (
    <p data-testid="client">
      {user?.email} {sid}
    </p>
  );
}
