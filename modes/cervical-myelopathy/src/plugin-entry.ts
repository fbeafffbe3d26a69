import { pluginOrFailure } from '@myelon/extension-cervical-myelopathy/plugin-failure';
import { MODE_ID } from './ids';

/** As the entry of the extension: never rejects. A mode that cannot be loaded is left out and says so. */
export default await pluginOrFailure('mode', async () => (await import('./index')).default, {
  id: MODE_ID,
  modeFactory: () => null,
});
