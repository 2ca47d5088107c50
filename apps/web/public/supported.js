// Says so where the page cannot run, instead of leaving it empty. It stands behind #root and before the app, and must itself
// run in browsers that are far too old. What it looks for came with the versions of supported-versions.json at the latest:
// light-dark() with Chrome and Edge 123, Firefox 120, Safari 17.5; AbortSignal.any with Chrome and Edge 116, Firefox 124,
// Safari 17.4.
(function () {
  var css = window.CSS;
  var hasColors = css && css.supports && css.supports('color', 'light-dark(red, red)');
  if (hasColors && window.AbortSignal && AbortSignal.any) return;
  var root = document.getElementById('root');
  root.parentNode.removeChild(root);
  document.getElementById('unsupported').removeAttribute('hidden');
})();
