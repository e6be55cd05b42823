// The guide's complete Express application. POST /logout is the guide's, which revokes the session without its id, as
// getSessionFromCookie returns none; POST /logout-loaded is the README's, which loads the session and so knows the id.
import cookieParser from 'cookie-parser';
import express from 'express';

import { clientId, cookiePassword, workos } from './workos.mjs';

const COOKIE = 'wos-session';

export const app = express();
app.use(express.json());
app.use(cookieParser());

app.post('/login', async (req, res) => {
  const { email, password } = req.body;
  try {
    const { user, sealedSession } = await workos.userManagement.authenticateWithPassword({
      clientId,
      email,
      password,
      session: { sealSession: true, cookiePassword },
    });
    res.cookie(COOKIE, sealedSession, { httpOnly: true, secure: true, sameSite: 'lax' });
    res.json({ user });
  } catch {
    res.status(401).json({ error: 'Invalid credentials' });
  }
});

app.get('/profile', async (req, res) => {
  const session = await workos.userManagement.authenticateWithSessionCookie({
    sessionData: req.cookies[COOKIE],
    cookiePassword,
  });
  if (!session.authenticated) {
    return res.status(401).json({ error: 'Not authenticated' });
  }
  res.json({ user: session.user });
});

app.post('/logout', async (req, res) => {
  const session = await workos.userManagement.getSessionFromCookie({
    sessionData: req.cookies[COOKIE],
    cookiePassword,
  });
  if (session) {
    await workos.userManagement.revokeSession({ sessionId: session.sessionId });
  }
  res.clearCookie(COOKIE);
  res.json({ success: true });
});

app.post('/logout-loaded', async (req, res) => {
  const session = await workos.userManagement
    .loadSealedSession({ sessionData: req.cookies[COOKIE], cookiePassword })
    .authenticate();
  if (session.authenticated) {
    await workos.userManagement.revokeSession({ sessionId: session.sessionId });
  }
  res.clearCookie(COOKIE);
  res.json({ success: true });
});

// Shows the SDK's exceptions to the test that drives the application.
app.use((error, req, res, next) => {
  res.status(500).json({ exception: error.name, status: error.status, message: error.message });
});
