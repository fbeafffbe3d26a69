/** Served as /silent-refresh.js: hands the answer of the login provider to the viewer around this hidden frame. */
window.parent.postMessage(
  { source: 'oidc-client', url: window.location.href, keepOpen: false },
  window.location.origin,
);
