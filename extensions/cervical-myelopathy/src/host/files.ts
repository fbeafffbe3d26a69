import type { HostFiles } from './viewer-host';

export function hostFiles(): HostFiles {
  return {
    save(name, bytes) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: 'application/dicom' }));
      link.download = name;
      link.click();
      // The browser reads the blob after this turn; an address given back at once would download nothing.
      setTimeout(() => {
        URL.revokeObjectURL(link.href);
      }, 60_000);
    },
  };
}
