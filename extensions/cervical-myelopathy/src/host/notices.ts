import type { HostContext } from './context';
import type { HostNotices } from './viewer-host';

export function hostNotices(context: HostContext): HostNotices {
  return {
    show({ title, message, kind }) {
      context.services.uiNotificationService.show({ title, message, type: kind });
    },
  };
}
