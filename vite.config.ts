import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server's address while developing the screens: the API stays where it is, Vite serves the modules.
const api = process.env.DUNWELL_API ?? 'http://127.0.0.1:4400';

export default defineConfig({
  root: 'ui',
  plugins: [react()],
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    target: 'es2023',
    // The Content-Security-Policy allows scripts of our own origin only, so nothing may be inlined as a data: script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: { host: '127.0.0.1', proxy: { '/api': api, '/u': api } },
  preview: { host: '127.0.0.1' },
});
