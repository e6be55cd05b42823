// The pages are complete without this script: it copies, and keeps the list of mails as the server has it.
'use strict';

const root = document.documentElement;
root.classList.add('scripted');
// Browsers let pages of this machine, or by https, write to the clipboard, and no others.
if (navigator.clipboard) root.classList.add('copies');

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});

const inbox = document.getElementById('inbox');
if (inbox) {
  const state = document.getElementById('state');
  const list = inbox.querySelector('ol');
  let newest = list.firstElementChild?.dataset.id ?? '';
  let looking = null;
  let again = false;
  let source = null;

  const say = (text, isLost = false) => {
    state.textContent = text;
    state.classList.toggle('lost', isLost);
  };

  // Rows that stay are left where they are: moving one would take the focus from it.
  const show = (rows) => {
    const ids = new Set(rows.map((row) => row.dataset.id));
    for (const row of Array.from(list.children)) if (!ids.has(row.dataset.id)) row.remove();
    let place = list.firstElementChild;
    for (const row of rows) {
      if (place?.dataset.id === row.dataset.id) {
        place = place.nextElementSibling;
      } else {
        list.insertBefore(row, place);
      }
    }
  };

  const refresh = async () => {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!response.ok) throw new Error(response.statusText);
    const next = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('inbox');
    const rows = Array.from(next.querySelector('ol').children);
    const arrived = rows.filter((row) => row.dataset.id > newest); // ids grow
    for (const row of arrived) row.classList.add('new');
    show(rows);
    const [around, nextAround] = [inbox, next].map((part) => part.querySelector('.around'));
    if (!around.isEqualNode(nextAround)) around.replaceWith(nextAround);
    if (arrived.length) {
      newest = arrived[0].dataset.id;
      say(`New mail ${arrived[0].querySelector('.to').textContent}`);
    }
  };

  // One look at a time; what happens meanwhile is seen by another one.
  const look = () => {
    again = true;
    looking ??= (async () => {
      try {
        while (again) {
          again = false;
          await refresh();
        }
      } catch {
        say('Not connected', true);
      } finally {
        looking = null;
      }
    })();
    return looking;
  };

  const follow = () => {
    source?.close();
    source = new EventSource(inbox.dataset.stream);
    source.addEventListener('open', () => {
      say('Live');
      look(); // at what came since the page was made, or while the server was away
    });
    source.addEventListener('message', async ({ data }) => {
      await look();
      const { id, to } = JSON.parse(data);
      if (id > newest) { // on a page of older mails, where it has no row
        newest = id;
        say(`New mail to ${to}`);
      }
    });
    source.addEventListener('changed', look);
    source.addEventListener('error', ({ target }) => {
      say('Not connected', true);
      if (target === source && target.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
    });
  };

  // Browsers keep six connections to a server: pages that nobody sees leave them to others.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) source?.close();
    else follow();
  });
  if (!document.hidden) follow();
}
