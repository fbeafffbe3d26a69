/**
 * Loads a plugin, or reports on screen that it cannot be loaded.
 * @param what which plugin, for the report
 * @param fallback a valid plugin that does nothing, so that the viewer starts without us
 */
export async function pluginOrFailure<Plugin, Fallback>(
  what: string,
  load: () => Promise<Plugin>,
  fallback: Fallback,
): Promise<Plugin | Fallback> {
  try {
    return await load();
  } catch (error) {
    showPluginFailure(what, error);
    return fallback;
  }
}

/** A notice of our own: when this runs, nothing of the viewer's interface may exist. */
export function showPluginFailure(what: string, error: unknown): void {
  console.error(`Myelon: the ${what} could not be loaded`, error);
  const notice = document.createElement('div');
  notice.setAttribute('role', 'alert');
  notice.dataset['cy'] = 'myelon-plugin-failure';
  Object.assign(notice.style, {
    position: 'fixed',
    insetInline: '0',
    bottom: '0',
    zIndex: '2147483647',
    padding: '12px 16px',
    background: '#3b1d00',
    color: '#ffe2b8',
    font: '14px/1.4 sans-serif',
  });
  const reason = error instanceof Error ? error.message : String(error);
  notice.textContent =
    `The Myelon ${what} could not be loaded: ${reason}. The viewer works without it. ` +
    'Reload the page; if this stays, ask whoever runs this viewer to look at the plugin files.';
  const show = () => document.body.append(notice);
  if (document.body) show();
  else document.addEventListener('DOMContentLoaded', show, { once: true });
}
