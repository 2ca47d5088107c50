// The web app with reload on one port, the API and the WebSocket of the sync nodes behind it.
import { createServer } from 'vite';
import { inRoot } from './paths.mjs';

const { API_URL: target = '', BASE_URL: origin = '', PORT } = process.env;
const behind = { target, headers: { origin } };
const server = await createServer({
  configFile: inRoot('apps/web/vite.config.ts'),
  root: inRoot('apps/web'),
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port: Number(PORT),
    strictPort: true,
    proxy: { '/api': behind, '/sync': { ...behind, ws: true } },
  },
});
await server.listen();

process.on('SIGTERM', () => {
  void server.close().finally(() => process.exit(0));
});
