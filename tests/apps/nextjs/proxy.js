import { authkitProxy } from '@workos-inc/authkit-nextjs';

export default authkitProxy({
  middlewareAuth: { enabled: true, unauthenticatedPaths: ['/', '/sign-in'] },
});

export const config = { matcher: ['/', '/account', '/sign-in'] };
