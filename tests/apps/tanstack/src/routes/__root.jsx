import { HeadContent, Outlet, Scripts, createRootRoute } from '@tanstack/react-router';
import { getAuthAction } from '@workos/authkit-tanstack-react-start';
import { AuthKitProvider } from '@workos/authkit-tanstack-react-start/client';

export const Route = createRootRoute({
  head: () => ({ meta: [{ title: 'TanStack Start app' }], links: [{ rel: 'icon', href: 'data:,' }] }),
  loader: async () => ({ auth: await getAuthAction() }),
  component: Root,
});

function Root() {
  const { auth } = Route.useLoaderData();
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <AuthKitProvider initialAuth={auth}>
          <Outlet />
        </AuthKitProvider>
        <Scripts />
      </body>
    </html>
  );
}
