import { EXTENSION_ID } from './ids';
import { pluginOrFailure } from './plugin-failure';
import { readOnlyDataSources } from './read-only-data-sources';

/**
 * What the viewer imports at run time. It imports all plugins at once and shows nothing at all when one import
 * rejects, so this module never rejects: when our code cannot be loaded it exports an extension that says so on
 * screen, and that still lets the viewer read from the sources of the site.
 */
export default await pluginOrFailure('extension', async () => (await import('./index')).default, {
  id: EXTENSION_ID,
  getDataSourcesModule: readOnlyDataSources,
});
