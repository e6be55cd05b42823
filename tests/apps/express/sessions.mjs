// authkit-session for Express: cookies are read from the request, and written to the response at once.
import { configure, CookieSessionStorage, createAuthService } from '@workos/authkit-session';

class ExpressSessionStorage extends CookieSessionStorage {
  async getCookie(request, name) {
    for (const part of (request.headers.cookie ?? '').split(';')) {
      const [key, ...value] = part.trim().split('=');
      if (key === name) {
        return decodeURIComponent(value.join('='));
      }
    }
    return null;
  }

  async applyHeaders(response, headers) {
    if (!response) {
      return undefined;
    }
    for (const [name, value] of Object.entries(headers)) {
      response.append(name, value);
    }
    return { response };
  }
}

/** Where the API is and who asks it is in the variables WORKOS_…; they win over what is given here. */
export function createSessions({ redirectUri }) {
  configure({ redirectUri });
  return createAuthService({ sessionStorageFactory: (config) => new ExpressSessionStorage(config) });
}
