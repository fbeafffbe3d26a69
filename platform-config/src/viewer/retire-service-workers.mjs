/** Served as /init-service-worker.js: workers that an older viewer left on this origin would serve old files. */
navigator.serviceWorker?.getRegistrations().then((registrations) => {
  for (const registration of registrations) registration.unregister();
});
