// lib.mjs - what the stories share: a demo node on a free port, Chromium, steps that count.
import { spawn, execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, mkdirSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const top = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
// The first argument, as ./check gives it, or what was built last.
const builds = [process.argv[2], process.env.MOTCUA, 'build/release/src/motcua', 'build/dev/src/motcua', 'build/land/src/motcua'];
export const motcua = builds.map((p) => p && join(p.startsWith('/') ? '' : top, p)).find((p) => p && existsSync(p));
export const shots = process.env.SHOTS; // a folder for screenshots, or none
const faketime = ['x86_64', 'aarch64'].map((m) => `/usr/lib/${m}-linux-gnu/faketime/libfaketimeMT.so.1`).find(existsSync);
export const password = 'motcua-demo';

// -- the node --

/** Makes a demo folder, with {month: true} played for a month, serves it on a free port; {url, data, stop()}.
 *  undo: seconds in which officers may take a move back (and applicants do not see it). */
export async function node_start({ month = false, undo = 60 } = {}) {
  if (!motcua) throw new Error('build the program first: ninja -C build/dev');
  const data = mkdtempSync(join(tmpdir(), 'motcua-story-'));
  execFileSync(motcua, ['init', '--demo', '--data', data], { stdio: 'pipe' });
  if (month) execFileSync(motcua, ['demo', '--month', '--data', data], { stdio: 'pipe' });
  appendFileSync(join(data, 'motcua.conf'), `undo_s = ${undo}\n`);
  let child, log = '', ahead = 0;
  /** libfaketime: the program's civil time, and not its monotonic one, runs so many days ahead. */
  const late = () => (ahead ? { LD_PRELOAD: faketime, FAKETIME: `+${ahead}d`, DONT_FAKE_MONOTONIC: '1' } : {});
  const serve = (port) => new Promise((ok, fail) => {
    let out = '';
    child = spawn(motcua, ['serve', '--data', data, '--port', port], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...late() } });
    child.stderr.on('data', (d) => { log += d; });
    child.stdout.on('data', (d) => {
      out += d;
      const m = out.match(/http:\/\/[0-9.:]+/);
      if (m) ok(m[0]);
    });
    child.on('exit', () => fail(new Error('the node ended:\n' + log)));
  });
  const end = async () => {
    const gone = new Promise((ok) => child.once('exit', ok));
    child.kill('SIGTERM');
    await gone;
  };
  const url = await serve('0');
  const stop = async () => {
    await end();
    rmSync(data, { recursive: true, force: true });
  };
  /** Ends the server, runs fn(run), where run(...words) is a command on the data folder, and serves again at the same address. */
  const offline = async (fn) => {
    await end();
    await fn((...words) => execFileSync(motcua, [...words, '--data', data], { stdio: 'pipe', env: { ...process.env, ...late() } }).toString());
    await serve(new URL(url).port);
  };
  /** Serves again as if so many days more had passed. Who signed in must do so again. */
  const days_later = (n) => offline(() => { ahead += n; });
  return { url, data, stop, offline, days_later, log: () => log };
}

// -- the browser --

export async function browser_start() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
}

/** A phone without JavaScript, or with {width, js: true}. */
export async function page_new(browser, url, { width = 375, height = 740, js = false, lang = 'vi-VN' } = {}) {
  const context = await browser.newContext({
    baseURL: url, viewport: { width, height }, javaScriptEnabled: js, locale: lang, deviceScaleFactor: 1,
  });
  context.setDefaultTimeout(8000);
  return context.newPage();
}

let shot_number = 0;
export async function shot(page, name) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  const n = String(++shot_number).padStart(2, '0');
  await page.screenshot({ path: join(shots, `${n}-${name}.png`), fullPage: true });
}

// -- steps --

const result = { tests: 0, failed: 0 };
export function check(ok, what) {
  result.tests++;
  if (!ok) result.failed++;
  console.log(`${ok ? 'ok' : 'FAILED'} ${what}`);
  return ok;
}

/** Runs a step; an exception is a failure of that step and ends the story. */
export async function step(what, fn) {
  try {
    await fn();
    check(true, what);
  } catch (e) {
    check(false, `${what}: ${String(e.message).split('\n').slice(0, 4).join(' | ')}`);
    throw e;
  }
}

export function finish() {
  console.log(`tests ${result.tests} failed ${result.failed}`);
  return result.failed ? 1 : 0;
}

const axe = readFileSync(join(top, 'node_modules/axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Nothing may be wider than the screen; axe finds no breach of WCAG 2.2 AA. The checker needs scripts: it looks at
 * the same HTML in a page that has them. On wide screens it looks only with `check --full`: it takes most of a
 * story's time, and what it finds there it nearly always finds on a phone. */
export async function page_check(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(wide <= 0, `${what}: fits the width`);
  if (page.viewportSize().width > 375 && !process.env.CHECK_FULL) return;
  const twin = await page_new(page.context().browser(), undefined, { ...page.viewportSize(), js: true });
  const body = await page.content();
  await twin.route(page.url(), (r) => r.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await twin.goto(page.url());
  await twin.evaluate(axe);
  const found = await twin.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), rules);
  await twin.context().close();
  const bad = found.violations.map((v) => `${v.id} (${v.nodes[0].target.join(' ')})`);
  check(bad.length === 0, `${what}: WCAG 2.2 AA ${bad.join(', ')}`);
}

export async function size_check(page, path, most = 20 * 1024) {
  const r = await page.request.get(path, { headers: { 'Accept-Encoding': 'gzip' } });
  const html = await r.body(); // decompressed by the client: compress again to count
  const { gzipSync } = await import('node:zlib');
  const n = gzipSync(html, { level: 3 }).length;
  check(r.ok() && n <= most, `${path}: ${n} bytes compressed`);
}

// -- what every story does --

export async function sign_in(page, login) {
  await page.goto('/login');
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('main form button');
}

/** Acts as an officer through the API: {open(code), act(code, act, inputs)}. */
export async function officer(url, login) {
  const post = async (path, body, token) => {
    const r = await fetch(url + path, {
      method: 'POST', body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    });
    const text = await r.text();
    if (!r.ok) throw new Error(`${path} ${r.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  const token = (await post('/api/v1/session', { login, password })).token;
  return {
    open: async (code) => (await fetch(`${url}/api/v1/dossiers/${code}`, { headers: { Authorization: `Bearer ${token}` } })).json(),
    act: (code, act, inputs = {}) => post(`/api/v1/dossiers/${code}/acts`, { act, ...inputs }, token),
  };
}
