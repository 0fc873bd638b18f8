// The pages, built by Vite for production and served with a Content-Security-Policy.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

const NPM = fileURLToPath(new URL('../../../npm', import.meta.url));
const PAGES = fileURLToPath(new URL('../pages', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; " +
  "frame-src 'self'; connect-src 'self' http://127.0.0.1:*";
/** A host without TLS that is not this machine by its name: browsers take it for insecure. The browser is told where it is. */
export const INSECURE_HOST = 'app.example';

export class Site {
  #folder;
  #server;
  #policy = STRICT;

  static async open() {
    const site = new Site();
    site.#folder = await mkdtemp(join(tmpdir(), 'cxauth-browser-'));
    await site.#build(join(NPM, 'examples/page'), 'index.html', 'example');
    await site.#build(join(NPM, 'examples/sign-in'), 'index.html', 'sign-in');
    for (const page of ['client', 'secret']) await site.#build(PAGES, `${page}.html`, page);
    site.#server = createServer((request, response) => site.#answer(request, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => site.#server.once('listening', resolve));
    return site;
  }

  async close() {
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The address of a page, at this host. */
  address(page, host = '127.0.0.1') {
    const file = ['example', 'sign-in'].includes(page) ? 'index' : page;
    return `http://${host}:${this.#server.address().port}/${page}/${file}.html`;
  }

  beStrict() {
    this.#policy = STRICT;
  }

  /** Takes something out of the policy. */
  forbid(source) {
    if (!this.#policy.includes(source)) throw new Error(`the policy does not allow ${source}`);
    this.#policy = this.#policy.replace(source, '');
  }

  async #build(root, html, name) {
    await build({
      root,
      base: './',
      configFile: false,
      logLevel: 'error',
      resolve: { alias: { cxauth: join(NPM, 'dist/browser.js') } },
      build: { outDir: join(this.#folder, name), target: 'es2022', rolldownOptions: { input: join(root, html) } },
    });
  }

  async #answer(request, response) {
    const path = normalize(new URL(request.url, 'http://127.0.0.1').pathname);
    try {
      const body = await readFile(join(this.#folder, path));
      response.writeHead(200, { 'content-type': TYPES[extname(path)], 'content-security-policy': this.#policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}
