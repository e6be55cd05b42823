// A page with authkit-react. What it is pointed at it reads when it starts: /config.json holds the provider's properties.
import { AuthKitProvider } from '@workos-inc/authkit-react';
import { createRoot } from 'react-dom/client';

import { App } from './app.jsx';

const config = await (await fetch('/config.json')).json();

createRoot(document.getElementById('root')).render(
  <AuthKitProvider {...config}>
    <App />
  </AuthKitProvider>,
);
