/**
 * Served as /boot.js, a plain script that runs before the viewer: it gives the viewer what its own inline scripts
 * gave it, and says on screen what failed when the viewer or one of our plugins does not start. Without it the
 * viewer, which loads all plugins at once, would leave a blank page.
 */
(() => {
  const viewerRoot = '/';
  const modeName = '@myelon/mode-cervical-myelopathy';

  console.time('scriptToView');
  window.PUBLIC_URL = viewerRoot;

  /** The viewer calls this for every plugin it does not know. */
  window.browserImportFunction = async (name) => {
    try {
      const module = await import(name);
      if (!name.startsWith('@')) return module;
      const found = module.default?.id;
      if (found !== name) throw new Error(`it does not hold a plugin with the id ${name}`);
      return module;
    } catch (error) {
      if (name === modeName) {
        showNotice(`The mode “Cervical myelopathy” did not load and is missing here: ${error.message}`);
        // The viewer passes over a mode that is not there; everything else keeps working.
        return { default: undefined };
      }
      showFailure(`The plugin ${name} did not load: ${error.message}`);
      throw error;
    }
  };

  window.addEventListener(
    'error',
    (event) => {
      if (hasStarted()) return;
      if (event.target instanceof HTMLScriptElement) showFailure(`${event.target.src} did not load.`);
      else if (event.message) showFailure(event.message);
    },
    true,
  );
  window.addEventListener('unhandledrejection', (event) => {
    if (!hasStarted()) showFailure(String(event.reason?.message ?? event.reason));
  });
  window.addEventListener('DOMContentLoaded', () => {
    if (window.config === undefined) showFailure('/app-config.js holds no configuration.');
  });

  function hasStarted() {
    return (document.getElementById('root')?.childElementCount ?? 0) > 0;
  }

  /** The first failure is the cause; later ones follow from it. */
  function showFailure(what) {
    whenBodyIsThere(() => {
      if (document.getElementById('myelon-boot-failure')) return;
      const panel = element('div', '', {
        position: 'fixed',
        inset: '0',
        zIndex: '10000',
        overflow: 'auto',
        padding: '10vh 10vw',
        background: '#090c29',
        color: '#f5f7ff',
        font: '16px/1.6 system-ui, sans-serif',
      });
      panel.id = 'myelon-boot-failure';
      panel.setAttribute('role', 'alert');
      const reload = element('button', 'Reload', {
        padding: '6px 18px',
        font: 'inherit',
        color: '#090c29',
        background: '#a9c7ff',
        border: '0',
        borderRadius: '4px',
        cursor: 'pointer',
      });
      reload.addEventListener('click', () => window.location.reload());
      panel.append(
        element('h1', 'The viewer could not start', { font: '600 24px/1.3 system-ui, sans-serif' }),
        element('p', what, { overflowWrap: 'anywhere' }),
        element(
          'p',
          'Reload the page. If this message stays, tell whoever runs this server: stop it, run “npm run build”, ' +
            'start it again with “npm start”, and look at what both print. Nothing was changed in the archive.',
        ),
        reload,
      );
      document.body.append(panel);
    });
  }

  function showNotice(what) {
    whenBodyIsThere(() => {
      const bar = element('div', `${what} `, {
        position: 'fixed',
        bottom: '0',
        left: '0',
        right: '0',
        zIndex: '9999',
        padding: '10px 16px',
        background: '#5c3c00',
        color: '#fff',
        font: '14px/1.5 system-ui, sans-serif',
        overflowWrap: 'anywhere',
      });
      bar.id = 'myelon-boot-notice';
      bar.setAttribute('role', 'alert');
      const close = element('button', 'Close', {
        marginLeft: '12px',
        font: 'inherit',
        color: '#000',
        background: '#fff',
        border: '0',
        borderRadius: '3px',
        cursor: 'pointer',
      });
      close.addEventListener('click', () => bar.remove());
      bar.append(close);
      document.body.append(bar);
    });
  }

  function element(tag, text, style = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    Object.assign(made.style, style);
    return made;
  }

  function whenBodyIsThere(act) {
    if (document.body) act();
    else window.addEventListener('DOMContentLoaded', act, { once: true });
  }
})();
