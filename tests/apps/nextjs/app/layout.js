import { AuthKitProvider } from '@workos-inc/authkit-nextjs/components';

export const metadata = { title: 'Next.js app', icons: 'data:,' };

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>
        <AuthKitProvider>{children}</AuthKitProvider>
      </body>
    </html>
  );
}
