import { EXTENSION_ID } from './ids';
import { pluginOrFailure } from './plugin-failure';

/**
 * What the viewer imports at run time. It imports all plugins at once and shows nothing at all when one import
 * rejects, so this module never rejects: when our code cannot be loaded it exports an extension that does nothing
 * and says on screen why.
 */
export default await pluginOrFailure('extension', async () => (await import('./index')).default, {
  id: EXTENSION_ID,
});
